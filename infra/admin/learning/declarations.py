"""What the variables of a template are declared to be: checked before it is stored."""

import math
from collections.abc import Mapping
from typing import Any

from shared.learning import variables
from shared.learning.placeholders import BUILT_IN
from shared.learning.variables import MAX_DEFAULT, MAX_VALUE, MAX_VALUES
from shared.payload.postgres_text import without_nul

NOT_STORABLE = "has a character that no text can hold: NUL, or half of one"


def checked(declared: Any) -> Any:
    """One declaration as it is stored: a default, or an object with `values`.

    Raises ValueError, in words that go on behind the variable's name.
    """
    if not isinstance(declared, Mapping):
        _check_default(declared)
        return declared
    if unknown := declared.keys() - {"default", "values"}:
        raise ValueError(f"knows no {', '.join(sorted(map(str, unknown)))}: give default, values or both")
    default, values = declared.get("default"), declared.get("values")
    _check_default(default)
    if values is not None:
        _check_values(default, values)
    return variables.declare(default, values)


def check_names(declared: Mapping[str, Any]) -> None:
    """Raises ValueError where a call could choose a value for a name that is the track's own."""
    if taken := [name for name in declared if name in BUILT_IN and variables.read(declared[name]).values]:
        raise ValueError(f"gives values to {', '.join(taken)}, which is built in: take another name")


def _check_default(default: Any) -> None:
    if default is None:
        return
    _check_scalar(default)
    if len(variables.as_text(default)) > MAX_DEFAULT:
        raise ValueError(f"has a default of more than {MAX_DEFAULT} characters: put it into the text itself")


def _check_values(default: Any, values: Any) -> None:
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_VALUES:
        raise ValueError(f"has no list of values: give 1 to {MAX_VALUES} of them, as in [beginner, advanced]")
    for value in values:
        _check_scalar(value)
    texts = [variables.as_text(value) for value in values]
    for text in texts:
        if not 1 <= len(text) <= MAX_VALUE or text.splitlines() != [text] or text != text.strip():
            raise ValueError(f"has the value {text[:MAX_VALUE]!r}: one has 1 to {MAX_VALUE} characters in one line")
        if texts.count(text) > 1:
            raise ValueError(f"has the value {text!r} twice: leave one out")
    if default is not None and variables.as_text(default) not in texts:
        raise ValueError(f"has a default that is none of its values: take one of {', '.join(texts)}")


def _check_scalar(value: Any) -> None:
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("is no text, number, yes or no: put it into quotes")
    if isinstance(value, str) and without_nul(value) != value:
        raise ValueError(NOT_STORABLE)
