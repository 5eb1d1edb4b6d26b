"""Reading requests: bounded bodies, methods, the scheduler's secret, numbers in the query."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Sequence

from starlette.requests import Request

from shared.errors import HttpProblem, Unauthenticated

LARGE_BYTES = 65_536
READ_SECONDS = 10.0  # for a body: who sends it drop by drop would keep it in memory for ever


async def read_body(request: Request, limit: int, seconds: float = READ_SECONDS) -> bytes:
    """The body, at most `limit` bytes, which are counted before they are parsed.

    Raises HttpProblem: 408 when it does not arrive within `seconds`, 413 when it is larger, 415 when it is compressed.
    """
    _check_headers(request, limit)
    body = bytearray()
    with _Deadline(seconds):
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise too_large(limit)
    return bytes(body)


async def stream_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body in pieces as they arrive, at most `limit` bytes. How long that may take is the reader's to say.

    Raises HttpProblem: 413 when it is larger, 415 when it is compressed.
    """
    _check_headers(request, limit)
    arrived = 0
    async for chunk in request.stream():
        arrived += len(chunk)
        if arrived > limit:
            raise too_large(limit)
        yield chunk


def announces_large_body(request: Request) -> bool:
    """Whether the request says that its body has more than LARGE_BYTES, or does not say how long it is."""
    declared = request.headers.get("content-length", "0")
    return not declared.isdecimal() or int(declared) > LARGE_BYTES or "transfer-encoding" in request.headers


class _Deadline:
    """What is inside raises HttpProblem 408 after `seconds`. As asyncio.timeout, at two thirds of its cost."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_over = False

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._end)

    def _end(self) -> None:
        assert self._task is not None
        self._is_over = True
        self._task.cancel()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._timer.cancel()
        if self._is_over and self._task is not None and not self._task.uncancel() and kind is asyncio.CancelledError:
            raise too_slow(self._seconds) from None


def _check_headers(request: Request, limit: int) -> None:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpProblem(415, "Unsupported Encoding", "Send the body without Content-Encoding.")
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit)


def too_large(limit: int) -> HttpProblem:
    """The problem of a body of more than `limit` bytes."""
    return HttpProblem(413, "Too Large", f"The body may have at most {limit} bytes.")


def too_slow(seconds: float) -> HttpProblem:
    """The problem of a body that takes longer than `seconds`. What is left of it is not waited for."""
    detail = f"The body must arrive within {seconds:g} seconds."
    return HttpProblem(408, "Too Slow", detail, headers={"connection": "close"})


def require_method(request: Request, *allowed: str) -> None:
    """Raises HttpProblem 405 unless the request's method is one of `allowed`."""
    if request.method not in allowed:
        detail = f"Use {' or '.join(allowed)}."
        raise HttpProblem(405, "Method Not Allowed", detail, headers={"allow": ", ".join(allowed)})


def require_scheduler(request: Request, cron_secrets: Sequence[str] | None) -> None:
    """Raises Unauthenticated unless the caller sends a CRON_SECRET, as `Authorization: Bearer` or `X-Cron-Secret`.

    (Yandex removes Authorization before a function sees it.) None: the platform keeps the function private, and every
    caller is the scheduler.
    """
    if cron_secrets is None:
        return
    offered = request.headers.get("x-cron-secret") or request.headers.get("authorization", "").removeprefix("Bearer ")
    if not any(hmac.compare_digest(offered.encode(), secret.encode()) for secret in cron_secrets):
        raise Unauthenticated


def time_budget(request: Request, default: float, maximum: float) -> float:
    """Seconds that this run may take: `?seconds=`, above 0 and at most `maximum`. Raises HttpProblem 400."""
    value = request.query_params.get("seconds")
    if value is None:
        return default
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= maximum:
        raise HttpProblem(400, "Bad Budget", f"seconds is a number above 0, {maximum:g} at most.")
    return seconds


def whole_number(request: Request, name: str) -> int | None:
    """The whole number `?name=`, or None. Raises HttpProblem 400."""
    value = request.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 18):
        raise HttpProblem(400, "Bad Number", f"{name} is a whole number.")
    return int(value)


def path(request: Request, function: str) -> str:
    """The path as `function` sees it: wherever it is mounted, and with or without its name in front.

    Addresses are registered with the name; a function that is served alone gets it as part of the path.
    """
    full: str = request.scope["path"]
    below = full.removeprefix(request.scope.get("root_path", ""))
    return below.removeprefix(f"/{function}") if below.startswith(f"/{function}/") else below


def query(request: Request) -> str:
    """The query string as it came; bytes that are not UTF-8 survive as surrogates."""
    raw: bytes = request.scope["query_string"]
    return raw.decode("utf-8", "surrogateescape")
