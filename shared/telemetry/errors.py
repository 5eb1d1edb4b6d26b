"""Sentry's events: what is logged as an error. Each has the event's name, the exception's class and places, and ids."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared import logs
from shared.version import VERSION

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# Whatever else an event has may hold what people wrote: request, user, breadcrumbs, modules, the server's name.
KEPT = frozenset({
    "contexts", "environment", "event_id", "exception", "extra", "fingerprint", "level", "message", "platform",
    "release", "sdk", "tags", "timestamp",
})  # fmt: skip
FRAME = frozenset({"filename", "function", "lineno", "module"})


def start(dsn: str) -> None:
    """Send what is logged as an error to Sentry, in the background. SENTRY_ENVIRONMENT is read by its library."""
    import sentry_sdk  # noqa: PLC0415 - not when off

    sentry_sdk.init(
        dsn,
        release=f"carillon@{VERSION}",
        default_integrations=False,  # they would add requests, arguments and lines of logs
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        include_local_variables=False,
        include_source_context=False,
        max_breadcrumbs=0,
        before_send=scrub,
    )
    logs.on_error = _report


def stop() -> None:
    """Send what is left, and nothing from now on."""
    if logs.on_error is None:
        return
    import sentry_sdk  # noqa: PLC0415

    logs.on_error = None
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def flush(seconds: float) -> None:
    """Wait until all events are sent, for `seconds` at most."""
    if logs.on_error is not None:
        import sentry_sdk  # noqa: PLC0415

        sentry_sdk.flush(seconds)


def scrub(event: Event, _hint: Hint) -> Event | None:
    """The event without what it need not have, and what it keeps redacted as logs are: the second safeguard."""
    kept: Any = {name: value for name, value in event.items() if name in KEPT}
    for exception in (kept.get("exception") or {}).get("values", ()):
        exception.pop("value", None)
        frames = (exception.get("stacktrace") or {}).get("frames", ())
        exception["stacktrace"] = {"frames": [{name: frame[name] for name in FRAME & frame.keys()} for frame in frames]}
    redacted: Event = _redacted(kept)
    return redacted


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return logs.redact(value)
    if isinstance(value, Mapping):
        return {name: _redacted(item) for name, item in value.items()}
    return [_redacted(item) for item in value] if isinstance(value, list | tuple) else value


def _report(event: str, cause: BaseException | None, fields: Mapping[str, object]) -> None:
    import sentry_sdk  # noqa: PLC0415

    function, correlation_id = logs.function.get(), logs.correlation_id.get()
    reported: Event = {
        "level": "error",
        "message": event,
        "fingerprint": [function, event, type(cause).__name__ if cause else str(fields.get("error", ""))],
        "tags": {"function": function, "correlation_id": correlation_id},
        "extra": {name: value for name, value in fields.items() if isinstance(value, str | int | float)},
    }
    if cause is not None:
        reported["exception"] = {"values": [_exception(cause)]}
    sentry_sdk.capture_event(reported)


def _exception(cause: BaseException) -> dict[str, Any]:
    frames = [
        {"filename": frame.filename, "function": frame.name, "lineno": frame.lineno}
        for frame in traceback.extract_tb(cause.__traceback__)
    ]
    return {"type": type(cause).__name__, "stacktrace": {"frames": frames}}
