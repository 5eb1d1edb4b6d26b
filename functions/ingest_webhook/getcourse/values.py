"""Values as GetCourse sends them."""

from typing import Any


def text(value: Any) -> str | None:
    """A value as a form would carry it; None for nothing and for a placeholder that nobody filled in."""
    if not isinstance(value, str):  # nearly always it is one
        if value is None or isinstance(value, dict | list):
            return None
        if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()):
            value = int(value)
    found = str(value).strip()
    return None if not found or is_placeholder(found) else found


def is_placeholder(text: str) -> bool:
    """Whether it is a placeholder that GetCourse did not know."""
    return text.startswith("{object.") and text.endswith("}")
