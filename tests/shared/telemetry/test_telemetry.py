"""What leaves for a collector and for Sentry: names, ids and counts; and nothing unless a setting asks for it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared import config, logs
from shared.telemetry import errors, setup, tracing
from tests.helpers import canaries
from tests.helpers.collector import Collector, attributes, collecting
from tests.helpers.serving import ROOT

REQUEST = "0198c5f0a1b27c3d8e4f5a6b7c8d9e0f"


@pytest.fixture
def collector() -> Iterator[Collector]:
    """This process sends to a collector, until the test ends."""
    with collecting() as collector:
        asked = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "SENTRY_DSN": collector.sentry_dsn}
        setup.setup(config.load(asked, setup.SETTINGS))
        logs.correlation_id.set(REQUEST)
        logs.function.set("some_function")
        try:
            yield collector
        finally:
            tracing.stop()
            errors.stop()


def wait() -> None:
    """Until everything has arrived, however busy the machine is."""
    tracing.flush(60)
    errors.flush(60)


def test_a_request_is_the_root_of_the_trace_that_its_correlation_id_names(collector: Collector) -> None:
    with tracing.request_span("some_function") as note:
        note(status=200, nothing=None, empty="")
    with tracing.span("deliver", REQUEST) as note:
        note(outbox_id=7, flagged=True)
    wait()

    root, later = collector.spans()
    assert (root.trace_id.hex(), root.span_id.hex(), root.parent_span_id) == (REQUEST, REQUEST[16:], b"")
    assert (later.trace_id.hex(), later.parent_span_id.hex()) == (REQUEST, REQUEST[16:])
    assert later.span_id != root.span_id
    assert attributes(root) == {"function": "some_function", "status": 200}
    assert attributes(later) == {
        "function": "some_function", "correlation_id": REQUEST, "outbox_id": 7, "flagged": True,
    }  # fmt: skip


@pytest.mark.parametrize("correlation_id", ["", "made-by-hand", REQUEST.upper(), "0" * 31])
def test_what_no_request_caused_has_a_trace_of_its_own(collector: Collector, correlation_id: str) -> None:
    with tracing.span("deliver", correlation_id):
        pass
    wait()

    [span] = collector.spans()
    assert span.parent_span_id == b""
    assert span.trace_id.hex() not in (REQUEST, "0" * 32)


def fail() -> None:
    raise ValueError(f"{canaries.ANSWER} {canaries.BOT_TOKEN}") from KeyError(canaries.EMAIL)


def test_of_an_exception_leaves_its_class_and_places_never_its_text(collector: Collector) -> None:
    with pytest.raises(ValueError, match="Слова"), tracing.span("deliver", REQUEST) as note:
        note(outcome=f"refused for {canaries.BOT_TOKEN}")
        try:
            fail()
        except ValueError as cause:
            logs.error("crashed", cause=cause, door="x", outbox_id=7, odd=canaries.BOT_TOKEN)
            raise
    wait()

    [span], [event] = collector.spans(), collector.events()
    assert span.status.message.startswith("ValueError at test_telemetry.py:")
    assert (event["message"], event["level"]) == ("crashed", "error")
    assert event["tags"] == {"function": "some_function", "correlation_id": REQUEST}
    assert event["extra"] == {"door": "x", "outbox_id": 7, "odd": "<token>"}
    [exception] = event["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert exception["stacktrace"]["frames"][-1]["function"] == "fail"
    assert [canary for canary in canaries.ALL if canary.encode() in collector.all_bytes] == []


def test_whatever_else_is_put_into_an_event_is_cut_off(collector: Collector) -> None:
    import sentry_sdk  # noqa: PLC0415 - as a library that knows it might

    with sentry_sdk.new_scope() as scope:
        scope.set_user({"email": canaries.EMAIL})
        scope.set_extra("answer", f"написал {canaries.EMAIL} +7701999 123 45")
        scope.add_breadcrumb({"message": canaries.ANSWER})
        try:
            fail()
        except ValueError:
            sentry_sdk.capture_exception()
    wait()

    [event] = collector.events()
    assert "user" not in event
    assert "breadcrumbs" not in event
    assert [canary for canary in (*canaries.ALL, "123 45") if canary.encode() in collector.all_bytes] == []
    assert all("vars" not in frame for value in event["exception"]["values"] for frame in value["stacktrace"]["frames"])


def test_a_collector_that_is_away_costs_nobody_an_answer(collector: Collector) -> None:
    errors.stop()
    tracing.stop()
    setup.setup(config.load({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, setup.SETTINGS))
    with tracing.request_span("some_function"):
        logs.error("crashed")
    tracing.flush(0.01)
    assert collector.posted == []


@pytest.mark.parametrize(
    ("setting", "library"), [("OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry"), ("SENTRY_DSN", "sentry_sdk")]
)
def test_a_setting_whose_library_is_not_installed_is_named(setting: str, library: str) -> None:
    program = f"""
import sys
sys.modules["{library}"] = None  # as where it is not
from shared import config
from shared.errors import ConfigError
from shared.telemetry import setup
try:
    setup.load(config.load({{"{setting}": "http://key@127.0.0.1:1/1"}}, setup.SETTINGS))
except ConfigError as error:
    print(error)
"""
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, timeout=300
    ).stdout
    assert said.startswith(f"{setting} is set, and its library is not installed here".encode())
    assert b"carillon[telemetry]" in said


def test_where_no_setting_asks_nothing_is_imported() -> None:
    program = """
import sys
from shared import config, logs
from shared.telemetry import setup, tracing
setup.setup(config.load({}, setup.SETTINGS))
logs.setup("INFO")
with tracing.request_span("f") as note:
    note(status=200)
with tracing.span("deliver", "x"):
    logs.error("crashed", cause=ValueError())
setup.flush()
assert not {"opentelemetry", "sentry_sdk", "requests"} & {name.partition(".")[0] for name in sys.modules}
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, timeout=300)
