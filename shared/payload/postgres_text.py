"""Texts that Postgres can hold: neither NUL nor half a character."""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def without_nul(text: str, replacement: str = "") -> str:
    """`text` with `replacement` for each NUL and lone surrogate; two surrogates that make a character become it."""
    if not _UNSTORABLE.search(text):
        return text
    return _UNSTORABLE.sub(replacement, _SURROGATE_PAIR.sub(_character, text))


def replace_nul(text: str) -> str:
    """`text` with a mark for each NUL and lone surrogate, so that it never becomes empty and the loss is seen."""
    return without_nul(text, REPLACEMENT)


def _character(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
