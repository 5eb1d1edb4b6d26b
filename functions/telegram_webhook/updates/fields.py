"""Values out of an update: every one may be missing or of another type."""

from collections.abc import Mapping
from typing import Any

from shared.payload.postgres_text import replace_nul


def part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object called `name`; empty when there is none."""
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def text_of(message: Mapping[str, Any], name: str) -> str:
    """The field as text that can be stored; empty when there is none."""
    value = message.get(name)
    return replace_nul(value).strip() if isinstance(value, str) else ""
