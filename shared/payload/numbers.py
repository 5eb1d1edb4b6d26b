"""Numbers out of JSON that others wrote, as a bigint column takes them."""

from typing import Any


def bigint(value: Any) -> int | None:
    """`value` if it is a whole number that fits, else None: a text, true, and a number of 400 digits are none."""
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if fits else None
