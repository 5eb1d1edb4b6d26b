"""Texts that Postgres can hold: neither NUL nor half a character."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def without_nul(text: str, instead: str = "") -> str:
    """`text` with `instead` for each NUL and lone surrogate."""
    return _UNSTORABLE.sub(instead, text)
