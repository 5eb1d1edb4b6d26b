"""Entities that nobody marked up: addresses, mentions, hashtags, commands, e-mails and phones found in a text."""

from __future__ import annotations

import re
from typing import Any

from infra.sandbox.telegram.formatting.html import utf16

_TLDS = r"com|org|net|ru|io|dev|app|me|info|biz|edu|gov|uk|de|fr|kz|by|ua|рф|school|online|site|shop|ai|co|tv|xyz"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "url",
        re.compile(rf"(?:https?://|tg://|ton://)[^\s<>\"]+|(?<![@\w.])(?:[\w-]+\.)+(?:{_TLDS})\b(?:[/?#:][^\s<>\"]*)?"),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b", re.IGNORECASE)),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})\b(?!\w)")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d[\d ()-]{7,17}\d\b")),
)
# Without its sign a text has none of a kind, and most texts have none at all.
_SIGNS = {
    "url": re.compile(rf"://|\.(?:{_TLDS})\b"), "email": re.compile("@"), "bot_command": re.compile("/"),
    "mention": re.compile("@"), "hashtag": re.compile("#"), "cashtag": re.compile(r"\$"),
    "phone_number": re.compile(r"\+"),
}  # fmt: skip
_TRAILING = ".,:;!?)'\""
_OWN_TEXT = frozenset({"code", "pre", "text_link", "text_mention"})  # nothing is found inside of these


def found(text: str, marked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`marked` with the entities that are found beside it, in the server's order."""
    likely = [(kind, pattern) for kind, pattern in _PATTERNS if _SIGNS[kind].search(text)]
    if not likely:
        return marked
    taken = [_span(entity) for entity in marked if entity["type"] in _OWN_TEXT]
    entities = list(marked)
    for kind, pattern in likely:
        for match in pattern.finditer(text):
            matched = match.group().rstrip(_TRAILING) if kind == "url" else match.group()
            start = utf16(text[: match.start()])
            end = start + utf16(matched)
            if any(start < to and begin < end for begin, to in taken):
                continue
            taken.append((start, end))
            entities.append({"offset": start, "length": end - start, "type": kind})
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _span(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
