"""HTML markup to plain text and entities, with the server's own errors.

Offsets and lengths count UTF-16 units, errors count UTF-8 bytes, as the real server does.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.errors import unparsable
from infra.sandbox.telegram.formatting.tag_attributes import attributes

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
    "tg-time": "date_time",
}
_ATTRIBUTES = {"a": "href", "span": "class", "tg-emoji": "emoji-id", "tg-time": "unix"}
_CHARACTER = re.compile(r"&(?:#x[0-9a-fA-F]{1,8}|#[0-9]{1,10}|lt|gt|amp|quot);?")
_NAME = re.compile(r"[^\s>]*")
_LINK = re.compile(r"(?:https?|tg|ton)://.+|(?:mailto|tel):.+", re.IGNORECASE | re.DOTALL)
_BARE_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:]\S*)?")
_PERSON = re.compile(r"tg://user\?id=(\d+)")


def utf16(text: str) -> int:
    """Length of the text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities of a message in HTML mode. Raises ApiError for broken markup."""
    if "<" not in source and "&" not in source:
        return trimmed(source, [])
    parser = _Parser(source)
    parser.parse()
    return trimmed("".join(parser.text), parser.entities)


@dataclass(slots=True)
class _OpenTag:
    tag: str
    argument: str
    offset: int
    piece: int


@dataclass(slots=True)
class _Parser:
    source: str
    text: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_OpenTag] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def parse(self) -> None:
        at = 0
        while (start := self.source.find("<", at)) >= 0:
            self._write(self.source[at:start])
            closing = self.source.startswith("</", start)
            at = self._close(start) if closing else self._open(start)
        self._write(self.source[at:])
        if self.opened:
            tag = self.opened[-1].tag
            reason = f'Can\'t find end tag corresponding to start tag "{tag}"'
            raise unparsable(reason)
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))

    def _write(self, raw: str) -> None:
        piece = _decoded(raw)
        self.text.append(piece)
        self.length += utf16(piece)

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _open(self, start: int) -> int:
        name = _NAME.match(self.source, start + 1)
        if name is None or name.end() == len(self.source):
            reason = f"Unclosed start tag at byte offset {self._byte(start)}"
            raise unparsable(reason)
        tag = name.group().lower()
        if tag not in _KINDS:
            reason = f'Unsupported start tag "{tag}" at byte offset {self._byte(start)}'
            raise unparsable(reason)
        given, end = attributes(self.source, name.end(), tag, self._byte(start))
        argument = _argument(tag, given)
        if tag == "span" and argument != "spoiler":
            offset = self._byte(start)
            reason = f'Tag "span" must have class "tg-spoiler" at byte offset {offset}'
            raise unparsable(reason)
        if tag == "tg-emoji" and not argument.isdecimal():
            reason = "Invalid custom emoji identifier specified"
            raise unparsable(reason)
        self.opened.append(_OpenTag(tag, argument, self.length, len(self.text)))
        return end

    def _close(self, start: int) -> int:
        if not self.opened:
            reason = f"Unexpected end tag at byte offset {self._byte(start)}"
            raise unparsable(reason)
        found = re.compile(r"([^\s>]*)\s*>").match(self.source, start + 2)
        if found is None:
            reason = f"Unclosed end tag at byte offset {self._byte(start)}"
            raise unparsable(reason)
        opened, name = self.opened.pop(), found.group(1).lower()
        if name not in ("", opened.tag):
            reason = (
                f'Unmatched end tag at byte offset {self._byte(start)}, expected "</{opened.tag}>", found "</{name}>"'
            )
            raise unparsable(reason)
        if self.length > opened.offset:
            self._add(opened)
        return found.end()

    def _add(self, opened: _OpenTag) -> None:
        kind = _KINDS[opened.tag]
        span = {"offset": opened.offset, "length": self.length - opened.offset}
        if kind == "text_link":
            inside = "".join(self.text[opened.piece :])
            self.entities.extend(span | link for link in link_fields(opened.argument or inside))
        elif kind == "pre":
            # <pre><code class="language-…"> is one block, not a block with code inside.
            inner = self.entities[-1] if self.entities else {}
            same = inner.get("type") == "code" and span.items() <= inner.items()
            block = self.entities.pop() if same else {}
            language = {k: v for k, v in block.items() if k == "language"}
            self.entities.append(span | {"type": "pre"} | language)
        elif kind == "code" and opened.argument:
            self.entities.append(span | {"type": "code", "language": opened.argument})
        elif kind == "custom_emoji":
            self.entities.append(span | {"type": kind, "custom_emoji_id": opened.argument})
        elif kind == "date_time":
            self.entities.append(span | {"type": kind, "unix_time": int(opened.argument or 0)})
        else:
            expandable = "expandable_" if opened.argument == "expandable" else ""
            self.entities.append(span | {"type": expandable + kind})


def _decoded(raw: str) -> str:
    return _CHARACTER.sub(lambda found: html.unescape(found.group()), raw) if "&" in raw else raw


def _argument(tag: str, given: Mapping[str, str]) -> str:
    """The value of the attribute that this tag may have."""
    if tag == "code":
        name = given.get("class", "")
        return name.removeprefix("language-") if name.startswith("language-") else ""
    if tag == "blockquote":
        return "expandable" if "expandable" in given else ""
    return _decoded(given.get(_ATTRIBUTES.get(tag, ""), "")).removeprefix("tg-")


def link_fields(address: str) -> list[dict[str, Any]]:
    """The entity's fields in a list; empty when the server would make no link of `address`."""
    address = address.strip()
    if person := _PERSON.fullmatch(address):
        number = person.group(1)
        user = {"id": int(number), "is_bot": False, "first_name": number}
        return [{"type": "text_mention", "user": user}]
    if _LINK.fullmatch(address):
        return [{"type": "text_link", "url": address}]
    if _BARE_DOMAIN.fullmatch(address):
        return [{"type": "text_link", "url": f"http://{address}/"}]
    return []


def trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """`text` without white space around it, and the entities cut and moved accordingly."""
    kept = text.strip()
    if len(kept) == len(text):
        return text, entities
    shift = utf16(text[: len(text) - len(text.lstrip())])
    end = utf16(kept)
    clipped = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        stop = min(entity["offset"] + entity["length"] - shift, end)
        if stop > start:
            clipped.append(entity | {"offset": start, "length": stop - start})
    return kept, clipped
