"""JSON of the caller's own making, as Postgres can keep it."""

import json
import math
from typing import Any

from shared.storable import storable


def kept(value: Any, most_bytes: int) -> Any:
    """`value` without NULs. Raises ValueError when it has more than `most_bytes` bytes or numbers that are no JSON."""
    plain = _plain(value)
    if len(json.dumps(plain, ensure_ascii=False).encode()) > most_bytes:
        raise ValueError(f"has more than {most_bytes} bytes")
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("has a number in it that is none in JSON, or too large")
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): _plain(one) for name, one in value.items()}
    return value
