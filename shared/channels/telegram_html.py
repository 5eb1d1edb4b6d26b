"""Telegram's texts: how long they are, how to cut them, and what they say without markup.

Limits count UTF-16 units of what people see: tags count nothing, `&lt;` counts one, most emoji count two.
"""

import html as escaping
import re
import unicodedata
from dataclasses import dataclass

MAX_TEXT, MAX_CAPTION = 4096, 1024
MAX_JOINED = 128  # characters that nobody would part: a letter with all its marks, an emoji of several

_TAGS = "a|b|blockquote|code|del|em|i|ins|pre|s|span|strike|strong|tg-emoji|tg-spoiler|u"
# Other "<" and "&" are text. Telegram refuses the foreign tags; people should not have to read them.
_TOKEN = re.compile(
    rf"""
    <(?P<opening>{_TAGS})(?=[\s>])(?P<attributes>(?:[^<>"']++|"[^"]*"|'[^']*')*+)>
    | </(?P<closing>{_TAGS}|)\s*>
    | </?(?:(?P<block>br|div|h[1-6]|hr|li|ol|p|ul)|font|img|mark|small|sub|sup)(?=[\s/>])[^<>]*>
    | &(?P<named>lt|gt|amp|quot)(?![a-z]);?
    | &\#(?:(?-i:x)(?P<hex>[0-9a-f]{{1,6}})(?![0-9a-f])|(?P<decimal>\d{{1,7}})(?!\d));?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_HREF = re.compile(r"""(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_ESCAPED = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&"}  # the last one last
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_SPACES = re.compile(r"\s*")
# Where to cut, the best first: a blank line, a line break, the end of a sentence, a space.
_CUTS = [re.compile(p) for p in (r"(?=\n[ \t\r]*\n)", r"(?=\n)", r"""[.!?…]["'»”’)\]]*(?=\s)""", r"(?=\s)")]

_JOINER = "\u200d"
_EXTENDS = re.compile("[\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # joiner, skin tones, flags' letters
_FLAG_HALF = re.compile("[\U0001f1e6-\U0001f1ff]")


def length(html: str) -> int:
    """How much of Telegram's limit a text in HTML takes."""
    return _units(_read(html)[0])


def split(html: str, most: int = MAX_TEXT, first: int | None = None) -> list[str]:
    """Parts of a text in HTML, each valid by itself, the first one within `first` if that is given.

    What is open at a cut is closed there and opened again. A text that fits comes back as it is, valid or not;
    in a longer one markup that was broken is mended or becomes text.
    """
    limit = most if first is None else first
    if _units(html) <= limit:
        return [html]
    text, tags = _read(html)
    if _units(text) <= limit:
        return [html]
    return _with_tags(text, tags, _spans(text, most, limit))


def split_plain(text: str, most: int = MAX_TEXT, first: int | None = None) -> list[str]:
    """Parts of a text without markup, the first one within `first` if that is given."""
    limit = most if first is None else first
    if _units(text) <= limit:
        return [text]
    return [text[start:end] for start, end in _spans(text, most, limit)]


def strip_tags(html: str) -> str:
    """The words of a text in HTML, however broken it is; links become `text (address)`."""
    text, tags = _read(html)
    pieces, done = [], 0
    links: list[tuple[str, int]] = []
    for tag in [*tags, *(_Tag(len(text), "a", "") for tag in tags if tag.name == "a" and tag.raw)]:
        if tag.name == "a" and tag.raw:
            links.append((_address(tag.raw), tag.at))
        elif tag.name == "a" and links:
            address, start = links.pop()
            if address and address != text[start : tag.at].strip():
                pieces += [text[done : tag.at], f" ({address})"]
                done = tag.at
    return "".join([*pieces, text[done:]])


@dataclass(frozen=True, slots=True)
class _Tag:
    at: int  # in the visible text
    name: str  # "" in </>, which closes whatever is open
    raw: str  # as it was written, "" of a closing tag


def _read(html: str) -> tuple[str, list[_Tag]]:
    """What people see, and the tags around it."""
    if "<" not in html and (text := _unescaped(html)) is not None:
        return text, []
    pieces: list[str] = []
    tags: list[_Tag] = []
    at = done = 0
    for found in _TOKEN.finditer(html):
        before, raw = html[done : found.start()], found.group()
        shown = _character(found) if raw[0] == "&" else "\n" if found["block"] else ""
        pieces += before, shown
        at, done = at + len(before) + len(shown), found.end()
        if found["opening"]:
            tags.append(_Tag(at, found["opening"].lower(), raw))
        elif found["closing"] is not None:
            tags.append(_Tag(at, found["closing"].lower(), ""))
    return "".join([*pieces, html[done:]]), tags


def _unescaped(html: str) -> str | None:
    """The text of which `html.escape` made this, at once, where a search would stop at each character; else None."""
    if html.count("&") != sum(html.count(entity) for entity in _ESCAPED):
        return None
    for entity, character in _ESCAPED.items():
        html = html.replace(entity, character)
    return html


def _character(entity: re.Match[str]) -> str:
    if entity["named"]:
        return _NAMED.get(entity["named"], entity.group())  # &LT; is text to Telegram
    code = int(entity["hex"], 16) if entity["hex"] else int(entity["decimal"])
    exists = 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000
    return chr(code) if exists else entity.group()


def _address(link: str) -> str:
    found = _HREF.search(link[2:-1])
    return _read(found[1] or found[2] or found[3] or "")[0].strip() if found else ""


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _with_tags(text: str, tags: list[_Tag], spans: list[tuple[int, int]]) -> list[str]:
    """The spans of the text with their tags."""
    parts: list[str] = []
    opened: list[_Tag] = []
    left = tags[::-1]
    for start, end in spans:
        while left and left[-1].at <= start:
            _track_tag(left.pop(), opened)
        pieces, done = [tag.raw for tag in opened], start
        while left and (left[-1].at < end or (left[-1].at == end and not left[-1].raw)):
            tag = left.pop()
            pieces += escaping.escape(text[done : tag.at], quote=False), _track_tag(tag, opened)
            done = tag.at
        parts.append("".join([*pieces, escaping.escape(text[done:end], quote=False), _closing_tags(opened)]))
    return parts


def _track_tag(tag: _Tag, opened: list[_Tag]) -> str:
    """Open or close, and what to write for it: a tag that closes takes with it what was opened inside."""
    if tag.raw:
        opened.append(tag)
        return tag.raw
    for at in range(len(opened) - 1, -1, -1):
        if tag.name in {"", opened[at].name}:
            closed = _closing_tags(opened[at:])
            del opened[at:]
            return closed
    return ""


def _closing_tags(opened: list[_Tag]) -> str:
    return "".join(f"</{tag.name}>" for tag in reversed(opened))


def _spans(text: str, most: int, limit: int) -> list[tuple[int, int]]:
    """Where the parts begin and end; the white space between them belongs to none."""
    start, finish = _SPACES.match(text).end(), len(text.rstrip())  # type: ignore[union-attr]
    spans = []
    while start < finish:
        cut = _cut(text, start, finish, limit)
        spans.append((start, start + len(text[start:cut].rstrip())))
        start, limit = _SPACES.match(text, cut).end(), most  # type: ignore[union-attr]
    return spans or [(0, 0)]


def _cut(text: str, start: int, finish: int, limit: int) -> int:
    """The best place to cut; a good one is not worth a part of less than half the limit if there is another."""
    end = min(start + max(limit, 1), finish)
    while (over := _units(text[start:end]) - limit) > 0 and end > start + 1:
        end = max(end - (over + 1) // 2, start + 1)
    if end == finish:
        return end
    for earliest in (start + (end - start + 1) // 2, start + 1):
        for pattern in _CUTS:
            if cuts := [found.end() for found in pattern.finditer(text, earliest, end + 3) if found.end() <= end]:
                return cuts[-1]
    cut, lowest = end, max(start, end - MAX_JOINED)
    while cut > lowest and _joined(text, start, cut):
        cut -= 1
    return cut if cut > lowest else end


def _joined(text: str, start: int, cut: int) -> bool:
    """Whether a cut here would take an emoji or a letter from its marks, or a flag apart."""
    before, after = text[cut - 1], text[cut]
    if before == _JOINER or _EXTENDS.match(after) or unicodedata.category(after).startswith("M"):
        return True
    if not _FLAG_HALF.match(after):
        return False
    halves = 0
    while cut - halves > start and _FLAG_HALF.match(text[cut - halves - 1]):
        halves += 1
    return halves % 2 == 1
