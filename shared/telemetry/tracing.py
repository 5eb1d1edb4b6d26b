"""OpenTelemetry's spans. A correlation id is a trace's id, so that one trace leads from a webhook to its messages.

Its last half is the id of the span of the request that it was made for: whoever sends a message minutes later, in
another process, knows by the message's correlation id whose child its span is. Nothing of a trace has to be stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING

from shared import logs
from shared.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Note = Callable[..., None]  # adds attributes to a span; those that are None or empty are left out

_CORRELATION_ID = re.compile(r"[0-9a-f]{32}")
_provider: TracerProvider | None = None
_tracer: Tracer | None = None
_ids: ContextVar[tuple[int, int] | None] = ContextVar("ids", default=None)  # of the trace and span that begin now


def start(endpoint: str) -> None:
    """Send spans to the collector at `endpoint`, by OTLP over HTTP, in the background.

    The library reads its other variables itself: OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER and the like.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - not when off
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class Ids(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            ids = _ids.get()
            return ids[0] if ids else super().generate_trace_id()

        def generate_span_id(self) -> int:
            ids = _ids.get()
            return ids[1] if ids else super().generate_span_id()

    global _provider, _tracer  # noqa: PLW0603 - as with logs, there is one destination in a process
    resource = Resource.create({"service.name": "carillon", "service.version": VERSION})
    _provider = TracerProvider(resource=resource, id_generator=Ids())
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces")))
    _tracer = _provider.get_tracer("carillon", VERSION)


def stop() -> None:
    """Send what is left, and nothing from now on."""
    global _provider, _tracer  # noqa: PLW0603 - the same
    if _provider is not None:
        _provider.shutdown()
    _provider = _tracer = None


def flush(seconds: float) -> None:
    """Wait until all spans that have ended are sent, for `seconds` at most."""
    if _provider is not None:
        _provider.force_flush(int(seconds * 1000))


def request_span(function: str) -> AbstractContextManager[Note]:
    """The span of a request of `function` that has just got its correlation id."""
    return nullcontext(_ignore) if _tracer is None else _request_span(_tracer, function)


def span(name: str, correlation_id: str) -> AbstractContextManager[Note]:
    """The span of something that is done because of the request that had this correlation id."""
    return nullcontext(_ignore) if _tracer is None else _later_span(_tracer, name, correlation_id)


def _ignore(**_attributes: object) -> None:
    pass


@contextmanager
def _request_span(tracer: Tracer, function: str) -> Iterator[Note]:
    from opentelemetry.context import Context  # noqa: PLC0415
    from opentelemetry.trace import SpanKind  # noqa: PLC0415

    begins = _ids.set(_ids_of(logs.correlation_id.get()))
    opened = tracer.start_span(function, Context(), SpanKind.SERVER)
    _ids.reset(begins)
    with _recorded(opened) as note:
        note(function=function)
        yield note


@contextmanager
def _later_span(tracer: Tracer, name: str, correlation_id: str) -> Iterator[Note]:
    from opentelemetry.context import Context  # noqa: PLC0415
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context  # noqa: PLC0415

    ids = _ids_of(correlation_id)
    context = Context()
    if ids:
        request = SpanContext(*ids, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
        context = set_span_in_context(NonRecordingSpan(request), context)
    with _recorded(tracer.start_span(name, context)) as note:
        note(function=logs.function.get(), correlation_id=correlation_id)
        yield note


def _ids_of(correlation_id: str) -> tuple[int, int] | None:
    if not _CORRELATION_ID.fullmatch(correlation_id):
        return None  # of a row that was made by hand
    return int(correlation_id, 16), int(correlation_id[16:], 16)


@contextmanager
def _recorded(opened: Span) -> Iterator[Note]:
    """Of an exception the span gets the class and place: the library would record its text."""
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415

    def note(**attributes: object) -> None:
        for name, value in attributes.items():
            if value not in (None, ""):
                opened.set_attribute(name, value if isinstance(value, bool | int | float) else logs.redact(str(value)))

    try:
        yield note
    except Exception as error:
        opened.set_status(Status(StatusCode.ERROR, logs.location(error)))
        raise
    finally:
        opened.end()
