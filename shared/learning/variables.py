"""Variables of prompt templates, as learning.chat_templates.variables_json declares them.

Each name has its default, a text, number or boolean (null: a call must give it); or, where only certain values are
allowed, an object: `{"default": "beginner", "values": ["beginner", "advanced"]}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_VALUES = 50
MAX_VALUE = 80  # characters of an allowed value: it is a word or two, in one line
MAX_SYSTEM_PROMPT = 200_000  # characters: all templates of a call with their variables filled in
MAX_DEFAULT = 2000  # characters of another default, as of a value in `context`


@dataclass(frozen=True)
class Variable:
    """`default` None: a call must give it. `values` are all that it may be; without any it is free."""

    default: str | None = None
    values: tuple[str, ...] = ()


def read(declared: Any) -> Variable:
    """The declaration of one variable, as it is stored."""
    if not isinstance(declared, Mapping):
        return Variable(_optional(declared))
    values = declared.get("values")
    return Variable(
        _optional(declared.get("default")),
        tuple(as_text(value) for value in values) if isinstance(values, list) else (),
    )


def declare(default: Any, values: list[Any] | None) -> Any:
    """A declaration as it is stored. `values` None: the variable is free."""
    if values is None:
        return default
    return {"values": values} | ({} if default is None else {"default": default})


def as_text(value: Any) -> str:
    """A value as people write it."""
    return {True: "да", False: "нет"}[value] if isinstance(value, bool) else str(value)


def _optional(value: Any) -> str | None:
    return None if value is None else as_text(value)
