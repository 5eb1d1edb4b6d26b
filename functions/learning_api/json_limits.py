"""JSON of the caller's own making, as Postgres can keep it."""

import json
from decimal import Decimal
from typing import Any

from shared.payload.postgres_text import replace_nul
from shared.payload.values import map_scalars

MAX_NUMBER = 10**15  # Postgres writes numbers with all their digits: a short 1e308 would come back as 309


def checked(value: Any, most_bytes: int) -> Any:
    """`value` with a mark for each NUL.

    Raises ValueError when Postgres would write it with more than `most_bytes` bytes, when a number in it is beyond
    MAX_NUMBER, and for NaN.
    """
    plain = map_scalars(value, _storable)
    if len(json.dumps(map_scalars(plain, _size), ensure_ascii=False).encode()) > most_bytes:
        raise ValueError(f"has more than {most_bytes} bytes")
    return plain


def _storable(scalar: Any) -> Any:
    if isinstance(scalar, str):
        return replace_nul(scalar)
    if isinstance(scalar, int | float) and not abs(scalar) <= MAX_NUMBER:  # NaN is not, either
        raise ValueError("has a number in it that is none in JSON, or beyond 1e15")
    return scalar


def _size(scalar: Any) -> Any:
    """As long as Postgres will write it: Python writes 1e-300, which has 300 zeros."""
    return format(Decimal(repr(scalar)), "f") if isinstance(scalar, float) and "e" in repr(scalar) else scalar
