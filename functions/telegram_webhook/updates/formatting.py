"""A text with its entities as Telegram's HTML, so that what people format can be sent on as it was."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from shared.payload.postgres_text import replace_nul
from shared.payload.values import integer, part, string

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


class _Span(NamedTuple):
    """What is formatted: from where to where, in units of UTF-16, and by which tags."""

    start: int
    stop: int
    opening: str
    closing: str


def to_html(text: Any, entities: Any) -> str:
    """The text in HTML. What has no HTML (mentions, custom emoji, which bots may not send) stays as words.

    Entities nest; of one that overlaps the end of another the part inside counts.
    """
    units = string(text).encode("utf-16-le", "surrogatepass")
    pieces: list[str] = []
    opened: list[_Span] = []
    at = 0

    def write_until(end: int) -> None:
        nonlocal at
        pieces.append(escape(_decode(units[2 * at : 2 * end]), quote=False))
        at = end

    def close_until(end: int) -> None:
        while opened and opened[-1].stop <= end:
            write_until(opened[-1].stop)
            pieces.append(opened.pop().closing)

    for span in sorted(_spans(entities, len(units) // 2), key=lambda span: (span.start, -span.stop)):
        close_until(span.start)
        write_until(span.start)
        stop = min([span.stop, *(outer.stop for outer in opened)])
        pieces.append(span.opening)
        opened.append(span._replace(stop=stop))
    close_until(len(units) // 2)
    write_until(len(units) // 2)
    return "".join(pieces)


def _spans(entities: Any, size: int) -> Iterator[_Span]:
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, Mapping):
            continue
        offset, length = integer(entity.get("offset")), integer(entity.get("length"))
        tags = _tags(entity)
        if tags and offset is not None and length is not None and 0 <= offset < offset + length <= size:
            yield _Span(offset, offset + length, *tags)


def _tags(entity: Mapping[str, Any]) -> tuple[str, str] | None:
    kind = string(entity.get("type"))
    if tag := _TAGS.get(kind):
        opening = "blockquote expandable" if kind == "expandable_blockquote" else tag
        return f"<{opening}>", f"</{tag}>"
    if kind == "text_link" and (url := replace_nul(string(entity.get("url"))).strip()):
        return f'<a href="{escape(url)}">', "</a>"
    if kind == "text_mention" and (user := integer(part(entity, "user").get("id"))):
        return f'<a href="tg://user?id={user}">', "</a>"
    return None


def _decode(units: bytes) -> str:
    """An emoji that an entity parts is not whole on either side: a mark stands there."""
    return replace_nul(units.decode("utf-16-le", "replace"))
