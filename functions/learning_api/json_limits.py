"""JSON of the caller's own making, as Postgres can keep it."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shared.payload import postgres_text

MAX_NUMBER = 10**15  # Postgres writes numbers with all their digits: a short 1e308 would come back as 309


def checked(value: Any, max_bytes: int) -> Any:
    """`value` with a mark for each NUL.

    Raises ValueError when Postgres would write it with more than `max_bytes` bytes, or when a number in it is none in
    JSON or above MAX_NUMBER. What is far too large is not walked to its end.
    """
    if _surely_longer(value, max_bytes):
        raise _too_long(max_bytes)
    storable = _map(value, _storable)
    if len(json.dumps(_map(storable, _as_written), ensure_ascii=False).encode()) > max_bytes:
        raise _too_long(max_bytes)
    return storable


def _too_long(max_bytes: int) -> ValueError:
    return ValueError(f"has more than {max_bytes} bytes")


def _surely_longer(value: Any, size: int) -> bool:
    """Whether brackets, separators, letters and one byte of each other value are more than `size` already."""
    pending = [value]
    while pending and size >= 0:
        part = pending.pop()
        parts = [*part, *part.values()] if isinstance(part, dict) else part if isinstance(part, list) else None
        if parts is None:
            size -= len(part) + 2 if isinstance(part, str) else 1
            continue
        size -= 2 * max(len(parts), 1)
        if size >= 0:
            pending += parts
    return size < 0


def _map(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` with every scalar and every name in it changed."""
    if isinstance(value, list):
        return [_map(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): _map(item, change) for name, item in value.items()}
    return change(value)


def _storable(scalar: Any) -> Any:
    if isinstance(scalar, str):
        return postgres_text.replace_nul(scalar)
    if isinstance(scalar, int | float) and not abs(scalar) <= MAX_NUMBER:  # NaN is not, either
        raise ValueError("has a number in it that is none in JSON, or beyond 1e15")
    return scalar


def _as_written(scalar: Any) -> Any:
    """As long as Postgres will write it: Python writes 1e-300, which has 300 zeros."""
    return format(Decimal(repr(scalar)), "f") if isinstance(scalar, float) and "e" in repr(scalar) else scalar
