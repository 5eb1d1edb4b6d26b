"""Logs: one JSON object a line, an id that leads through them, and nothing of what people said."""

import asyncio
import gc
import io
import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import logs
from tests.helpers import canaries
from tests.helpers.serving import ROOT


def printed_by(code: str) -> list[dict[str, Any]]:
    """The lines that a process prints which is set up as a function is."""
    setup = "from shared import logs; import logging; logs.setup('INFO'); logs.start_request('some_function')\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_an_event_is_one_line_of_json_with_its_fields() -> None:
    [line] = printed_by(
        "logs.correlation_id.set('abc'); logs.info('stored', source='школа', stored=2, nothing=None, empty='', zero=0)"
    )
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "INFO",
        "function": "some_function",
        "correlation_id": "abc",
        "event": "stored",
        "source": "школа",
        "stored": 2,
        "zero": 0,
    }


def test_a_line_break_in_a_field_does_not_make_a_line_of_its_own() -> None:
    [line] = printed_by("logs.warning('a\\nb', field='c\\n{}')")
    assert (line["event"], line["field"]) == ("a\nb", "c\n{}")


def test_an_exception_gives_its_class_and_place_never_its_text() -> None:
    [line] = printed_by(f"""
def inner():
    raise ValueError({canaries.ANSWER!r})
try:
    inner()
except ValueError as error:
    logs.error('crashed', cause=error, door='x')
""")
    assert line["level"] == "ERROR"
    assert line["error"].startswith("ValueError at <string>:")
    assert "inner" in line["error"]
    assert canaries.ANSWER not in json.dumps(line, ensure_ascii=False)


def test_the_place_of_an_exception_has_no_text_of_its_own_nor_of_its_cause() -> None:
    def fail() -> None:
        raise RuntimeError(canaries.ANSWER) from KeyError(canaries.EMAIL)

    with pytest.raises(RuntimeError) as failed:
        fail()
    failed.value.add_note(canaries.STUDENT)
    place = logs.location(failed.value)
    assert place.startswith("RuntimeError at test_logs.py:")
    assert not [canary for canary in canaries.ALL if canary in place]


def test_an_exception_that_was_never_raised_has_only_a_class() -> None:
    assert logs.location(ValueError(canaries.ANSWER)) == "ValueError"


def test_what_libraries_log_is_json_too_without_tokens_secrets_and_exception_texts() -> None:
    lines = printed_by(f"""
logging.getLogger('httpx').info('HTTP Request: POST https://api.telegram.org/bot{canaries.BOT_TOKEN}/sendMessage')
logging.getLogger('chatty.client').warning('GET /getcourse/school?secret=%s&x=1', {canaries.SOURCE_SECRET!r})
logging.getLogger('other').error('bot{canaries.BOT_TOKEN}/x and password={canaries.SOURCE_SECRET} end')
try:
    raise ValueError({canaries.ANSWER!r})
except ValueError:
    logging.getLogger('third').exception('failed')
""")
    assert [line["logger"] for line in lines] == ["chatty.client", "other", "third"]
    assert lines[0]["event"] == "GET /getcourse/school?secret=…&x=1"
    assert lines[1]["event"] == "bot<token>/x and password=… end"
    assert lines[2]["error"].startswith("ValueError at ")
    assert not [canary for canary in canaries.ALL if canary in json.dumps(lines, ensure_ascii=False)]


def record(name: str, message: str, *args: object, cause: BaseException | None = None) -> dict[str, Any]:
    """The line that a library's record becomes."""
    exc_info = (type(cause), cause, None) if cause else None
    of = logging.LogRecord(name, logging.ERROR, "/lib/some.py", 7, message, args, exc_info, "run")
    line: dict[str, Any] = json.loads(logs.JsonFormatter().format(of))
    return line


@pytest.mark.parametrize("name", ["asyncio", "psycopg.pool", "some.library"])
def test_a_record_about_an_exception_says_where_and_which_and_quotes_nothing(name: str) -> None:
    cause = ValueError(f"Key (phone)=({canaries.EMAIL}) already exists")
    quoting = f"Task exception was never retrieved\nfuture: <Task exception={cause!r}>"

    assert (line := record(name, quoting, cause=cause)).pop("time")
    assert line == {
        "level": "ERROR", "function": logs.function.get(), "correlation_id": logs.correlation_id.get(),
        "event": "library_error", "logger": name, "logged_at": "some.py:7 run", "error": "ValueError",
    }  # fmt: skip


def test_an_exception_among_the_arguments_is_one_that_the_record_is_about() -> None:
    line = record("some.library", "failed: %s", KeyError(canaries.STUDENT))

    assert (line["event"], line["error"]) == ("library_error", "KeyError")


@pytest.mark.parametrize("name", ["asyncio", "psycopg"])
def test_who_quotes_exceptions_is_not_quoted_without_one_either(name: str) -> None:
    line = record(name, f"Exception in callback f({canaries.ANSWER!r})")

    assert line["event"] == "library_error"
    assert "error" not in line
    assert canaries.ANSWER not in json.dumps(line, ensure_ascii=False)


async def test_a_task_whose_exception_nobody_retrieves_prints_no_text_of_it() -> None:
    async def fail() -> None:
        raise ValueError(canaries.ANSWER + canaries.CLIENT_PHONES)

    printed = io.StringIO()
    handler = logging.StreamHandler(printed)
    handler.setFormatter(logs.JsonFormatter())
    logging.getLogger("asyncio").addHandler(handler)
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()
    logging.getLogger("asyncio").removeHandler(handler)

    [line] = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert (line["logger"], line["event"]) == ("asyncio", "library_error")
    assert line["error"].startswith("ValueError at test_logs.py:")
    assert not [canary for canary in canaries.ALL if canary in printed.getvalue()]


@pytest.mark.parametrize("level", ["WARNING", "ERROR"])
def test_below_its_level_nothing_is_printed(level: str) -> None:
    assert printed_by(f"logs.setup({level!r}); logs.info('x')") == []
    assert len(printed_by(f"logs.setup({level!r}); logs.error('x')")) == 1


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"/bot{canaries.BOT_TOKEN}/getMe", "/bot<token>/getMe"),
        ("?k=abc&a=1", "?k=…&a=1"),
        ("?a=1&SECRET=abc", "?a=1&SECRET=…"),
        ("token=abc key=def", "token=… key=…"),
        ("monkey=1 desk=2 tokens", "monkey=1 desk=2 tokens"),
        ("nothing to hide", "nothing to hide"),
        ("duplicate key\nDETAIL:  Key (email)=(a@b.c)\nalready exists.", "duplicate key\nDETAIL: …"),
        ("bad value\nCONTEXT: unnamed portal parameter $1 = 'Вера'", "bad value\nCONTEXT: …"),
    ],
)
def test_what_looks_like_a_token_or_a_secret_is_taken_out(text: str, redacted: str) -> None:
    assert logs.redact(text) == redacted


@given(st.text(max_size=30), st.from_regex(r"[0-9]{8,10}:[A-Za-z0-9_-]{35}", fullmatch=True), st.text(max_size=30))
def test_a_token_is_taken_out_whatever_stands_around_it(before: str, token: str, after: str) -> None:
    assert token not in logs.redact(f"{before}/bot{token}/{after}")


async def test_each_request_has_a_function_and_a_correlation_id_of_its_own() -> None:
    async def request(name: str) -> tuple[str, str]:
        logs.start_request(name)
        first = logs.correlation_id.get()
        await asyncio.sleep(0)
        assert logs.function.get() == name
        return first, logs.correlation_id.get()

    pairs = await asyncio.gather(*(asyncio.create_task(request(f"f{n}")) for n in range(20)))
    assert all(first == second for first, second in pairs)
    assert len({first for first, _ in pairs}) == 20


class _Denied(Exception):
    sqlstate = "42501"


def test_a_right_that_a_functions_role_lacks_is_logged_with_its_object_and_nothing_else() -> None:
    denied = logs.location(_Denied(f"permission denied for table bots\nCONTEXT: {canaries.STUDENT}"))
    other = logs.location(_Denied(f"new row violates a policy: {canaries.STUDENT}"))

    assert (denied, other) == ("_Denied (permission denied for table bots)", "_Denied")
