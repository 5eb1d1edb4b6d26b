"""Addresses that Telegram hides behind words. WhatsApp shows no hidden links, so they stand beside the words."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from shared.payload.postgres_text import replace_nul
from shared.payload.values import integer, string

_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
_OF_TELEGRAM = "tg:"  # leads nowhere outside of Telegram


def with_address(words: str, url: Any) -> str:
    """The words, and the address behind them unless they say it themselves."""
    address = replace_nul(string(url)).strip()
    if not address or address.lower().startswith(_OF_TELEGRAM) or _bare(words) == _bare(address):
        return words
    shown = words.rstrip()
    return f"{shown} ({address}){words[len(shown) :]}" if shown else address


def with_links(text: Any, entities: Any) -> str:
    """A text in which each `text_link` is followed by its address. Offsets count units of UTF-16."""
    units = string(text).encode("utf-16-le", "surrogatepass")
    end, pieces = 0, []
    for start, stop, url in _links(entities, len(units)):
        if start >= end:
            pieces += [_decode(units[end:start]), with_address(_decode(units[start:stop]), url)]
            end = stop
    return "".join([*pieces, _decode(units[end:])])


def _links(entities: Any, size: int) -> list[tuple[int, int, str]]:
    """Where links begin and end, in bytes; neighbours with the same address are one."""
    found: list[tuple[int, int, str]] = []
    for entity in entities if isinstance(entities, list) else []:
        if isinstance(entity, Mapping) and entity.get("type") == "text_link":
            offset, length = integer(entity.get("offset")), integer(entity.get("length"))
            if offset is not None and length is not None and 0 <= offset < offset + length <= size // 2:
                found.append((2 * offset, 2 * (offset + length), string(entity.get("url"))))
    found.sort()
    merged = found[:1]
    for (_, end, url), (start, stop, next_url) in pairwise(found):
        if start == end and url == next_url:
            merged[-1] = (merged[-1][0], stop, url)
        else:
            merged.append((start, stop, next_url))
    return merged


def _bare(text: str) -> str:
    return _SCHEME.sub("", text.strip()).rstrip("/").lower()


def _decode(units: bytes) -> str:
    return replace_nul(units.decode("utf-16-le", "surrogatepass"))
