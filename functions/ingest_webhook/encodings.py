"""What texts are written in that are not UTF-8: old programs write Russian in windows-1251, and do not say so."""

import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import unquote_to_bytes

Encoding = Literal["utf-8", "cp1251"]

_DECLARED_CP1251 = re.compile(r"charset=\W?(windows-1251|cp1251)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")  # of one letter it may be an accented one of another alphabet
_RUSSIAN = re.compile("[а-яёА-ЯЁіїєґўІЇЄҐЎ]+")
_COMMON_LETTERS = frozenset("оеаинтсрвлОЕАИНТСРВЛ")  # two thirds of any Russian text
_MIN_SHARE = 0.9  # of letters in Russian words; the rest are slips of the keyboard


def declared(content_type: str) -> Encoding | None:
    """The encoding that a content type names, if it is not UTF-8."""
    return "cp1251" if _DECLARED_CP1251.search(content_type) else None


def detect(texts: Iterable[bytes]) -> Encoding:
    """What those of `texts`, which one program wrote, are in that are not UTF-8.

    It is windows-1251 only where that makes Russian of them. KOI8-R, windows-1252 and UTF-8 that was cut in a letter do
    not become Russian by it.
    """
    others = b"\n".join(text for text in texts if not is_utf8(text))
    return "cp1251" if others and _is_russian_in_cp1251(others) else "utf-8"


def is_utf8(raw: bytes) -> bool:
    """Whether it is UTF-8, or nearly: halves of characters are read, too."""
    try:
        raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def decode(raw: bytes, otherwise: Encoding) -> str:
    """`raw` as UTF-8, or else as `otherwise`. What is no text in it becomes one lone surrogate for each byte."""
    try:
        return raw.decode("utf-8", "surrogatepass")  # forwarders write halves of characters in three bytes
    except UnicodeDecodeError:
        return raw.decode(otherwise, "surrogateescape")


def unescape(text: str) -> str:
    """A text that a forwarder left percent-encoded because it is not UTF-8, as n8n does; any other as it is."""
    if "%" not in text:
        return text
    raw = unquote_to_bytes(text.encode("utf-8", "surrogatepass"))
    return raw.decode("cp1251") if detect([raw]) == "cp1251" else text


def _is_russian_in_cp1251(raw: bytes) -> bool:
    """Whether nearly all words are Russian ones, most letters small, and it reads better so than in KOI8-R.

    The two have capitals where the other has small letters.
    """
    try:
        text = raw.decode("cp1251")
    except UnicodeDecodeError:
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    russian = [word for word in words if _RUSSIAN.fullmatch(word) and (word[1:].islower() or word.isupper())]
    letters = "".join(russian)
    is_nearly_all = len(letters) >= _MIN_SHARE * sum(map(len, words)) > 0
    is_mostly_small = 2 * sum(map(str.islower, letters)) >= len(letters)
    return is_nearly_all and is_mostly_small and _count_common(text) >= _count_common(raw.decode("koi8-r"))


def _count_common(text: str) -> int:
    return sum(letter in _COMMON_LETTERS for letter in text)
