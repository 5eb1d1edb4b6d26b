"""JSON of the caller's own making, as Postgres can keep it."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from shared.payload import stored_text

MAX_BYTES = 10**15  # Postgres writes numbers with all their digits: a short 1e308 would come back as 309


def checked(value: Any, most_bytes: int) -> Any:
    """`value` with a mark for each NUL. Raises ValueError.

    It is when Postgres would write it with more than `most_bytes` bytes, or a number is none in JSON or above MOST.
    """
    plain = _each(value, _storable)
    if len(json.dumps(_each(plain, _size), ensure_ascii=False).encode()) > most_bytes:
        raise ValueError(f"has more than {most_bytes} bytes")
    return plain


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` with everything in it changed that holds nothing itself; names are texts as well."""
    if isinstance(value, list):
        return [_each(one, change) for one in value]
    if isinstance(value, dict):
        return {change(name): _each(one, change) for name, one in value.items()}
    return change(value)


def _storable(one: Any) -> Any:
    if isinstance(one, str):
        return stored_text.replace_nul(one)
    if isinstance(one, int | float) and not abs(one) <= MAX_BYTES:  # NaN is not, either
        raise ValueError("has a number in it that is none in JSON, or beyond 1e15")
    return one


def _size(one: Any) -> Any:
    """As long as Postgres will write it: Python writes 1e-300, which has 300 zeros."""
    return format(Decimal(repr(one)), "f") if isinstance(one, float) and "e" in repr(one) else one
