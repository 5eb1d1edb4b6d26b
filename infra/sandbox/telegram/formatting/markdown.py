"""Markdown and MarkdownV2 to plain text and entities, with the server's own errors.

Offsets and lengths count UTF-16 units, errors count UTF-8 bytes, as the real server does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from infra.sandbox.telegram.errors import unparsable
from infra.sandbox.telegram.formatting.html import link_fields, trimmed, utf16

_RESERVED = "_*[]()~`>#+-=|{}.!"
_ENDS = {
    "bold": "*", "italic": "_", "underline": "__", "strikethrough": "~", "spoiler": "||", "code": "`", "pre": "```",
    "text_link": "]", "custom_emoji": "]",
}  # fmt: skip
_NAMES = {
    "bold": "Bold", "italic": "Italic", "underline": "Underline", "strikethrough": "Strikethrough",
    "spoiler": "Spoiler", "code": "Code", "pre": "Pre", "text_link": "TextUrl", "custom_emoji": "CustomEmoji",
}  # fmt: skip
_BEGINNINGS = (
    ("```", "pre"), ("`", "code"), ("__", "underline"), ("_", "italic"), ("*", "bold"), ("~", "strikethrough"),
    ("||", "spoiler"), ("![", "custom_emoji"), ("[", "text_link"),
)  # fmt: skip
_EMOJI = "tg://emoji?id="


def parse_markdown(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities of the old Markdown. Raises ApiError for an entity without its end."""
    written, at = _Written(), 0
    while at < len(source):
        sign = source[at]
        if sign == "\\" and source[at + 1 : at + 2] and source[at + 1] in "_*`[":
            written.add(source[at + 1])
            at += 2
        elif sign in "_*`[":
            at = _old_entity(source, at, written)
        else:
            written.add(sign)
            at += 1
    return written.whole()


def parse_markdown_v2(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities of MarkdownV2. Raises ApiError for what is not escaped, or does not end."""
    parser = _V2(source)
    while parser.at < len(source):
        parser.step()
    parser.end_quote()
    if parser.opened:
        kind, _, begin = parser.opened[-1]
        reason = f"Can't find end of {_NAMES[kind]} entity at byte offset {begin}"
        raise unparsable(reason)
    return parser.written.whole()


@dataclass(slots=True)
class _Written:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[dict[str, Any]] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += utf16(piece)

    def mark(self, kind: str, offset: int, **more: Any) -> None:
        if self.length > offset:
            self.entities.append({"offset": offset, "length": self.length - offset, "type": kind} | more)

    def link(self, offset: int, address: str) -> None:
        for fields in link_fields(address):
            more = {key: value for key, value in fields.items() if key != "type"}
            self.mark(fields["type"], offset, **more)

    def parted(self, offset: int) -> tuple[str, str]:
        """What was written before an offset, and since."""
        units = "".join(self.pieces).encode("utf-16-le")
        return units[: offset * 2].decode("utf-16-le"), units[offset * 2 :].decode("utf-16-le")

    def whole(self) -> tuple[str, list[dict[str, Any]]]:
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return trimmed("".join(self.pieces), self.entities)


def _bytes(source: str, at: int) -> int:
    return len(source[:at].encode())


def _old_entity(source: str, at: int, written: _Written) -> int:
    """The entity that begins at `at`; where the text goes on."""
    end = "```" if source.startswith("```", at) else "]" if source[at] == "[" else source[at]
    begin, offset = at + (3 if end == "```" else 1), written.length
    stop = source.find(end, begin)
    if stop < 0:
        reason = f"Can't find end of the entity starting at byte offset {_bytes(source, at)}"
        raise unparsable(reason)
    inside, following = source[begin:stop], stop + len(end)
    if end == "```":
        language, inside = _language(inside)
        written.add(inside)
        written.mark("pre", offset, **({"language": language} if language else {}))
        return following
    written.add(inside)
    if end == "]":
        address = inside
        if source.startswith("(", following):
            close = source.find(")", following)
            close = len(source) if close < 0 else close
            address, following = source[following + 1 : close], close + 1
        written.link(offset, address)
        return following
    written.mark({"_": "italic", "*": "bold", "`": "code"}[end], offset)
    return following


def _language(block: str) -> tuple[str, str]:
    first, newline, rest = block.partition("\n")
    if newline and first and not any(sign.isspace() for sign in first):
        return first, rest
    return "", block.removeprefix("\n")


@dataclass(slots=True)
class _V2:
    source: str
    at: int = 0
    written: _Written = field(default_factory=_Written)
    opened: list[tuple[str, int, int]] = field(default_factory=list)  # kind, offset, byte where it begins
    quote: int | None = None

    def step(self) -> None:
        sign = self.source[self.at]
        inside = self.opened[-1][0] if self.opened else ""
        is_code = inside in ("code", "pre")
        if sign == "\\" and self.at + 1 < len(self.source) and ord(self.source[self.at + 1]) <= 126:
            self.written.add(self.source[self.at + 1])
            self.at += 2
        elif inside and self._ends(inside):
            self._close()
        elif (is_code and sign != "`") or (sign != "\n" and sign not in _RESERVED):
            self._copy()
        elif sign == "\n":
            if self.quote is not None and not self.source.startswith("\n>", self.at):
                self.end_quote()
            self._copy()
        elif sign == ">" and self._is_line_start():
            self.quote = self.written.length if self.quote is None else self.quote
            self.at += 1
        else:
            self._open(sign)

    def end_quote(self) -> None:
        if self.quote is not None:
            self.written.mark("blockquote", self.quote)
            self.quote = None

    def _copy(self) -> None:
        self.written.add(self.source[self.at])
        self.at += 1

    def _is_line_start(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _ends(self, kind: str) -> bool:
        if kind == "italic" and self.source.startswith("__", self.at):
            return False
        return self.source.startswith(_ENDS[kind], self.at)

    def _open(self, sign: str) -> None:
        for beginning, kind in _BEGINNINGS:
            if self.source.startswith(beginning, self.at):
                self.opened.append((kind, self.written.length, _bytes(self.source, self.at)))
                self.at += len(beginning)
                return
        reason = f"Character '{sign}' is reserved and must be escaped with the preceding '\\'"
        raise unparsable(reason)

    def _close(self) -> None:
        kind, offset, _ = self.opened.pop()
        self.at += len(_ENDS[kind])
        if kind == "text_link":
            self.written.link(offset, self._address() or self.written.parted(offset)[1])
        elif kind == "custom_emoji":
            address = self._address()
            if not address.startswith(_EMOJI) or not address.removeprefix(_EMOJI).isdecimal():
                reason = "Custom emoji entity must contain a tg://emoji URL"
                raise unparsable(reason)
            self.written.mark(kind, offset, custom_emoji_id=address.removeprefix(_EMOJI))
        elif kind == "pre":
            self._end_pre(offset)
        else:
            self.written.mark(kind, offset)

    def _end_pre(self, offset: int) -> None:
        before, text = self.written.parted(offset)
        language, inside = _language(text)
        self.written.pieces, self.written.length = [before, inside], offset + utf16(inside)
        self.written.mark("pre", offset, **({"language": language} if language else {}))

    def _address(self) -> str:
        """The address in brackets after a text, empty when there is none."""
        if not self.source.startswith("(", self.at):
            return ""
        begin, address = self.at + 1, ""
        at = begin
        while at < len(self.source) and self.source[at] != ")":
            at += self.source[at] == "\\" and at + 1 < len(self.source)
            address += self.source[at]
            at += 1
        if at >= len(self.source):
            reason = f"Can't find end of a URL at byte offset {_bytes(self.source, begin)}"
            raise unparsable(reason)
        self.at = at + 1
        return address
