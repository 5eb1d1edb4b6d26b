"""The attributes of a start tag in HTML markup, read as the real server does, with its errors."""

from __future__ import annotations

import re

from infra.sandbox.telegram.errors import unparsable

_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"""[^\s=>/"']*""")
_WORD = re.compile(r"[A-Za-z0-9.-]*")


def attributes(source: str, at: int, tag: str, tag_byte: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag from `at` on, and where the text goes on after it. Raises ApiError.

    `tag_byte` is where the tag begins, for the errors.
    """
    given: dict[str, str] = {}
    while True:
        at = _skip_space(source, at)
        if at < len(source) and source[at] == ">":
            return given, at + 1
        name, at = _name(source, at, tag, tag_byte)
        if at < len(source) and source[at] == "=":
            given[name], at = _value(source, _skip_space(source, at + 1), tag_byte)
        else:
            given[name] = ""
        if at >= len(source):
            reason = f"Unclosed start tag at byte offset {tag_byte}"
            raise unparsable(reason)


def _skip_space(source: str, at: int) -> int:
    found = _SPACE.match(source, at)
    return found.end() if found else at


def _name(source: str, at: int, tag: str, tag_byte: int) -> tuple[str, int]:
    found = _NAME.match(source, at)
    if at >= len(source):
        reason = f'Unclosed start tag "{tag}" at byte offset {tag_byte}'
        raise unparsable(reason)
    if found is None or not found.group():
        reason = f'Empty attribute name in the tag "{tag}" at byte offset {tag_byte}'
        raise unparsable(reason)
    return found.group().lower(), _skip_space(source, found.end())


def _value(source: str, at: int, tag_byte: int) -> tuple[str, int]:
    quote = source[at : at + 1]
    if quote in ("'", '"') and quote:
        end = source.find(quote, at + 1)
        if end < 0:
            reason = f"Unclosed start tag at byte offset {tag_byte}"
            raise unparsable(reason)
        return source[at + 1 : end], end + 1
    found = _WORD.match(source, at)
    end = found.end() if found else at
    if end < len(source) and not source[end].isspace() and source[end] != ">":
        reason = f"Unexpected end of name token at byte offset {len(source[:at].encode())}"
        raise unparsable(reason)
    return source[at:end].lower(), end
