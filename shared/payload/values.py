"""Values out of JSON that others wrote: each may be missing or of another type, and then there is a neutral one."""

import re
from collections.abc import Callable
from typing import Any

from shared.payload.postgres_text import without_nul

MAX_TEXT = 65_536  # characters, as many as WhatsApp lets a person type
MAX_SHORT_TEXT = 255
MAX_URL = 4096
ELLIPSIS = "…"
_BIGINT_END = 2**63
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def string(value: Any) -> str:
    """A string as it is; "" for anything else."""
    return value if isinstance(value, str) else ""


def text(value: Any) -> str:
    """What a person reads, fit for Postgres: a string or a number as text; "" for anything else.

    What is longer than MAX_TEXT ends in an ellipsis.
    """
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < _BIGINT_END):
        value = str(value)
    return _cut(without_nul(string(value)), MAX_TEXT)


def is_cut(whole: str) -> bool:
    """Whether it is a text of which `text` cut the end."""
    return len(whole) == MAX_TEXT and whole.endswith(ELLIPSIS)


def short_text(value: Any) -> str | None:
    """A name: one line of at most MAX_SHORT_TEXT characters, with an ellipsis where it was longer."""
    return _cut(" ".join(text(value).split()), MAX_SHORT_TEXT) or None


def identifier(value: Any) -> str | None:
    """An id as it is; None when it is missing or too long to be one."""
    found = text(value).strip()
    return found if 0 < len(found) <= MAX_SHORT_TEXT else None


def link(value: Any) -> str | None:
    """A URL that can be fetched."""
    found = text(value).strip()
    return found if found.startswith(("https://", "http://")) and len(found) <= MAX_URL else None


def integer(value: Any) -> int | None:
    """A JSON integer that a bigint column holds; None for anything else, `true` and "1" too."""
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIGINT_END
    return value if fits else None


def coerced_integer(value: Any) -> int | None:
    """The integer that `value` stands for: a number, its digits in a string, or a boolean as 1 or 0."""
    if isinstance(value, bool):
        return int(value)
    word = string(value).strip()
    if _WHOLE_NUMBER.fullmatch(word):
        return int(word)
    return {"true": 1, "false": 0}.get(word.lower(), integer(value))


def flag(value: Any) -> bool:
    """Whether `value` says yes: true, 1, or either as a string."""
    return value is True or value == 1 or string(value).strip().lower() in {"true", "1"}


def part(value: Any, *names: str) -> dict[str, Any]:
    """The object at the path `names`; {} when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A list as it is; a lone value is a list of one, null an empty one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def joined(*values: Any, by: str = ", ") -> str:
    """The texts among `values` in one, with `by` between them."""
    return text(by.join(found for value in values if (found := text(value).strip())))


def map_scalars(value: Any, change: Callable[[Any], Any]) -> Any:
    """A copy of a JSON value with `change` applied to everything in it that is no list and no object, names too."""
    if isinstance(value, list):
        return [map_scalars(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): map_scalars(item, change) for name, item in value.items()}
    return change(value)


def _cut(whole: str, length: int) -> str:
    return whole if len(whole) <= length else whole[: length - 1] + ELLIPSIS
