"""The words of a rich message: blocks of runs (docs/protocols/telegram.md, Rich messages).

A run is a string, a list of runs, or an object with a type and a text. What words cannot carry is named. A type that is
not known gives the words that it has, so that no message disappears with it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from functions.telegram_webhook.updates import places
from functions.telegram_webhook.updates.entities import with_address
from shared.payload.postgres_text import replace_nul
from shared.payload.values import items, part, string

LeftOut = Literal["file", "table", "sticker", "part", "command", "internal", "everything"]
LeaveOut = Callable[[LeftOut], None]

MAX_DEPTH = 48  # Telegram allows 16

_MEDIA = {"photo", "video", "animation", "audio", "document", "voice_note", "live_photo", "video_note", "sticker"}
_WITHOUT_WORDS = {"divider", "anchor"}
_KNOWN = {
    "paragraph", "heading", "pre", "footer", "blockquote", "expandable_blockquote", "pullquote", "details", "collage",
    "slideshow", "thinking", "mathematical_expression", "list", "table", "map", "quote", "code",
    *_MEDIA,
}  # fmt: skip
_RUNS = ("text", "alternative_text", "expression")
# Fields of a block that hold its words, in the order in which they are shown, and those that say how it looks.
_WORDS = ("summary", "title", "text", "expression", "blocks", "items", "caption", "credit")
_LOOKS = ("type", "language", "align", "valign", "label", "id", "name", "size")


def flatten(message: Mapping[str, Any]) -> tuple[str, tuple[LeftOut, ...]]:
    """The words of all blocks in order, and what they leave out."""
    left_out: dict[LeftOut, None] = {}
    lines = list(_blocks(message.get("blocks"), left_out.setdefault, 0))
    return "\n".join(lines).strip(), tuple(left_out)


def _blocks(blocks: Any, leave_out: LeaveOut, depth: int) -> Iterator[str]:
    for block in items(blocks):
        yield from _block(block, leave_out, depth + 1)


def _block(block: Any, leave_out: LeaveOut, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        leave_out("part")
        return
    if not isinstance(block, Mapping):
        yield from _lines(_run(block, leave_out, depth))
        return
    kind = string(block.get("type"))
    if kind in _WITHOUT_WORDS:
        return
    if kind == "buttons":
        yield from filter(None, (_button(button, leave_out, depth) for button in items(block.get("buttons"))))
        return
    if kind in _MEDIA:
        leave_out("file")
    elif kind == "table":
        leave_out("table")
    elif kind == "map":
        yield from _lines(places.location(block))
    elif kind not in _KNOWN and _has_more(block):
        leave_out("part")
    yield from _words(block, leave_out, depth)


def _words(block: Mapping[str, Any], leave_out: LeaveOut, depth: int) -> Iterator[str]:
    """The words of a block's fields."""
    for name in _WORDS:
        value = block.get(name)
        if value is None:
            continue
        if name == "blocks":
            yield from _blocks(value, leave_out, depth)
        elif name == "items":
            yield from (line for item in items(value) for line in _item(item, leave_out, depth + 1))
        elif name == "caption" and isinstance(value, Mapping) and "type" not in value:
            yield from _words(value, leave_out, depth + 1)
        else:
            words = _run(value, leave_out, depth)
            yield from _lines(f"— {words}" if name == "credit" and words.strip() else words)


def _item(item: Any, leave_out: LeaveOut, depth: int) -> Iterator[str]:
    """An item of a list: its label, or its box, before its first line."""
    fields = part(item)
    lines = list(_block({**fields, "type": "details"} if fields else item, leave_out, depth))
    label = replace_nul(string(fields.get("label"))).strip() or "•"
    if fields.get("has_checkbox") is True:
        label = "☑" if fields.get("is_checked") is True else "☐"
    yield from [f"{label} {line}" for line in lines[:1]] + lines[1:]


def _run(run: Any, leave_out: LeaveOut, depth: int) -> str:
    if isinstance(run, str):
        return replace_nul(run)
    if run is None or depth > MAX_DEPTH:
        if run is not None:
            leave_out("part")
        return ""
    if isinstance(run, list):
        return "".join(_run(piece, leave_out, depth + 1) for piece in run)
    fields = part(run)
    if "button" in fields:
        return _button(fields["button"], leave_out, depth + 1)
    inner = next((fields[name] for name in _RUNS if fields.get(name) is not None), None)
    if inner is None:
        if fields.get("type") not in _WITHOUT_WORDS:
            leave_out("part")
        return ""
    words = _run(inner, leave_out, depth + 1)
    return with_address(words, fields.get("url"))


def _button(button: Any, leave_out: LeaveOut, depth: int) -> str:
    """A button that leads somewhere is a link; any other cannot be pressed outside of Telegram."""
    fields = part(button)
    if not string(fields.get("url")):
        leave_out("part")
        return ""
    return with_address(_run(fields.get("text"), leave_out, depth), fields["url"])


def _has_more(block: Mapping[str, Any]) -> bool:
    """Whether a block of an unknown type holds more than the words that are read."""
    return not any(block.get(name) for name in _WORDS) or any(
        isinstance(value, str | list | dict) and value and name not in _WORDS and name not in _LOOKS
        for name, value in block.items()
    )


def _lines(words: str) -> Iterator[str]:
    if words.strip():
        yield words
