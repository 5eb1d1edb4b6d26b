"""Structured logs: one JSON object a line, with the correlation id that leads from a webhook to its message.

Callers choose the fields: ids, counts, classes; never tokens, secrets, phones, e-mails or texts of messages. Redacting
what libraries log is the second safeguard, not the first.
"""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Protocol

from shared import masking
from shared.uuid7 import uuid7

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
function: ContextVar[str] = ContextVar("function", default="")

_BOT_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
_INSUFFICIENT_PRIVILEGE = "42501"
_DENIED = re.compile(r"permission denied for [a-z ]+ \w+")
# Where Postgres begins to name the values of a row.
_POSTGRES_DETAIL = re.compile(r"\b(DETAIL|CONTEXT): .*", re.DOTALL)
_SECRET_VALUE = re.compile(r"(?i)\b(secret|token|k|key|password)=[^&\s\"]+")

# What these write holds texts of exceptions, and Postgres names the row in them: asyncio quotes the whole exception.
_QUOTING = ("asyncio", "psycopg")

_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each line
_ours = logging.getLogger("carillon")  # holds our level; lines are written past it


class Stream(Protocol):
    """Where lines are written to."""

    def write(self, text: str, /) -> object:
        """Write `text`."""

    def flush(self) -> object:
        """Let others read what was written."""


_stream: Stream | None = None  # stdout, which may be redirected at any time

# Who else hears of what is logged as an error: its event, cause and fields. shared.telemetry sets it.
on_error: Callable[[str, BaseException | None, Mapping[str, object]], None] | None = None


class JsonFormatter(logging.Formatter):
    """Formats what libraries log as one line of JSON.

    Of a record about an exception it takes the logger's name, the exception's class and locations, never a text: the
    message may quote what the exception says.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON, without its line break."""
        cause = _cause(record)
        if cause is None and record.name.partition(".")[0] not in _QUOTING:
            return _line(record.levelname, redact(record.getMessage()), {"logger": record.name})
        logged_at = f"{record.filename}:{record.lineno} {record.funcName}"
        fields = {"logger": record.name, "logged_at": logged_at, "error": location(cause) if cause else None}
        return _line(record.levelname, "library_error", fields)


def _cause(record: logging.LogRecord) -> BaseException | None:
    """The exception that a record is about: logged with it, or one of its arguments."""
    if record.exc_info and record.exc_info[1]:
        return record.exc_info[1]
    arguments = record.args.values() if isinstance(record.args, Mapping) else record.args or ()
    return next((argument for argument in arguments if isinstance(argument, BaseException)), None)


def setup(level: str, stream: Stream | None = None) -> None:
    """Send this process's logs to `stream`, by default stdout, as JSON lines.

    Libraries log from WARNING on: below, httpx would log URLs, which hold bot tokens.
    """
    global _stream  # noqa: PLW0603 - as of all logging, there is one destination in a process
    _stream = stream
    _ours.setLevel(level)
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for chatty in ("httpx", "httpcore", "aiohttp", "psycopg.pool"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def info(event: str, **fields: object) -> None:
    """Log `event` as INFO; fields that are None or empty are left out."""
    _emit(logging.INFO, event, fields)


def warning(event: str, **fields: object) -> None:
    """Log what somebody should look into some day."""
    _emit(logging.WARNING, event, fields)


def error(event: str, cause: BaseException | None = None, **fields: object) -> None:
    """Log what somebody should look into now; of `cause` only its class and location."""
    _emit(logging.ERROR, event, {**fields, "error": location(cause) if cause else fields.get("error")})
    if on_error is not None:
        on_error(event, cause, fields)


def _emit(level: int, event: str, fields: Mapping[str, object]) -> None:
    """One write per line: the logging module would cost more than the rest of a small request."""
    if _ours.isEnabledFor(level):
        stream = _stream or sys.stdout
        stream.write(_line(logging.getLevelName(level), event, fields) + "\n")
        stream.flush()


def _line(level: str, event: str, fields: Mapping[str, object]) -> str:
    now = time.time()
    line: dict[str, object] = {
        "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now * 1000) % 1000:03d}Z",
        "level": level,
        "function": function.get(),
        "correlation_id": correlation_id.get(),
        "event": event,
    }
    line.update((name, value) for name, value in fields.items() if value not in (None, ""))
    return _encode(line)


def location(cause: BaseException) -> str:
    """An exception's class and the last three lines of code that it came through, never its text.

    Where Postgres denies a right, also the object: these messages name nothing else.
    """
    frames = traceback.extract_tb(cause.__traceback__)[-3:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    denied = _DENIED.match(str(cause)) if getattr(cause, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE else None
    name = f"{type(cause).__name__} ({denied[0]})" if denied else type(cause).__name__
    return f"{name} at {where}" if where else name


def redact(text: str) -> str:
    """`text` with every bot token, secret of a query string and phone number replaced, as far as Postgres's details."""
    without_values = _POSTGRES_DETAIL.sub(r"\1: …", text)
    return masking.mask_text(_SECRET_VALUE.sub(r"\1=…", _BOT_TOKEN.sub("<token>", without_values)))


def start_request(function_name: str) -> None:
    """Set the function's name and a new correlation id for all log lines of this request.

    The id is never the caller's: two requests must not share one.
    """
    function.set(function_name)
    correlation_id.set(uuid7().hex)
