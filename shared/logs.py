"""Structured logs: one JSON object a line, with the correlation id that leads from a webhook to its message.

Fields are named and chosen by the caller: ids, counts, classes. Tokens, secrets, phones, e-mails and texts
have no place in them; the filter below is the second lock, not the first.
"""

import json
import logging
import re
import sys
import time
import traceback
import uuid
from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")

_BOT_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
_SECRET_VALUE = re.compile(r"(?i)\b(secret|token|k|key|password)=[^&\s\"]+")

_logger = logging.getLogger("carillon")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, function: str) -> None:
        """`function` is the deployed name; it stands in every line."""
        super().__init__()
        self._function = function

    def format(self, record: logging.LogRecord) -> str:
        """The line. Exceptions give their class and place, never their text."""
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "function": self._function,
            "correlation_id": correlation_id.get(),
            "event": redact(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = place(record.exc_info[1])
        return json.dumps({key: value for key, value in line.items() if value not in ("", None)}, ensure_ascii=False)


def setup(function: str, level: str) -> None:
    """Send this process's logs to stdout as JSON lines. httpx would log URLs, and those hold bot tokens."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(function))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(level)
    for chatty in ("httpx", "httpcore", "aiohttp"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for server in ("uvicorn", "uvicorn.error"):
        logging.getLogger(server).handlers[:] = []
        logging.getLogger(server).propagate = True


def info(event: str, **fields: object) -> None:
    """Log that `event` happened."""
    if _logger.isEnabledFor(logging.INFO):
        _logger.info(event, extra={"fields": fields})


def warning(event: str, **fields: object) -> None:
    """Log something a person should look at some day."""
    _logger.warning(event, extra={"fields": fields})


def error(event: str, cause: BaseException | None = None, **fields: object) -> None:
    """Log something a person should look at now; of `cause` only class and place."""
    if cause is not None:
        fields["error"] = place(cause)
    _logger.error(event, extra={"fields": fields})


def place(cause: BaseException) -> str:
    """An exception's class and the last lines of code it came through, without its text."""
    frames = traceback.extract_tb(cause.__traceback__)[-3:]
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(cause).__name__} at {where}" if where else type(cause).__name__


def redact(text: str) -> str:
    """`text` without anything that looks like a bot token or a secret in a query string."""
    return _SECRET_VALUE.sub(r"\1=…", _BOT_TOKEN.sub("<token>", text))


def begin_correlation() -> None:
    """Start a new correlation id. Ours, never the caller's: two requests must not share one."""
    correlation_id.set(uuid.uuid4().hex)
