"""Cells of a SQLite database, which holds anything anywhere, as values of ours. Pure.

A text arrives as bytes. None stands for an empty cell. What cannot be read raises Unreadable; what was not written as
usual comes with a note of what was done to it.
"""

import math
import re
from datetime import date, datetime, time
from typing import Any

from shared.payload.postgres_text import replace_nul
from shared.payload.timestamps import EARLIEST, LATEST, parse_timestamp

MAX_ID = 2**53  # as much as JSON's numbers carry unharmed
MAX_HASH = 72  # bytes of a password that bcrypt looks at; its hashes are shorter

_NOTHING = {b"None", b"none", b"NULL", b"null", b"NaN", b"nan"}  # what programs write for it
_INTEGER = re.compile(rb"[ \t\r\n]*([+-]?[0-9]{1,19})(?:\.0*)?[ \t\r\n]*")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII)
_RUSSIAN_DATE = re.compile(r"(\d\d?)[./-](\d\d?)[./-](\d{4})", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.\- ]([0-5]\d)(?:[:.]([0-5]\d)(?:\.\d+)?)?", re.ASCII)
_BCRYPT = re.compile(r"\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}", re.ASCII)
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

Note = str  # what was done to a value; empty: nothing


class Unreadable(Exception):
    """A cell that is no value of its kind."""


def is_empty(cell: Any) -> bool:
    """Whether there is nothing in a cell: NULL, or a text of nothing but spaces."""
    return cell is None or (isinstance(cell, bytes) and not cell.strip())


def is_none_word(cell: Any) -> bool:
    """Whether a cell has a word that programs write for nothing: «None»."""
    return isinstance(cell, bytes) and cell.strip() in _NOTHING


def text(cell: Any) -> tuple[str, Note]:
    """The text of a cell that is not empty."""
    if not isinstance(cell, bytes):
        return str(cell), ""
    try:
        found, note = cell.decode(), ""
    except UnicodeDecodeError:
        found, note = cell.decode(errors="replace"), "broken UTF-8"
    if b"\0" not in cell:  # UTF-8 has no halves of characters
        return found, note
    return replace_nul(found), "broken characters"


def integer(cell: Any) -> int:
    """The whole number of a cell that is not empty, also of digits in a text. Raises Unreadable."""
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= MAX_ID:
        return int(cell)
    if isinstance(cell, bytes) and (found := _INTEGER.fullmatch(cell)):
        return int(found[1])
    raise Unreadable


def day(cell: Any) -> tuple[date, Note]:
    """The date that a text names, year first or day first. Raises Unreadable."""
    written = text(cell)[0].strip()
    if iso := _ISO_DATE.match(written):
        year, month, number, end = iso[1], iso[2], iso[3], iso.end()
    elif russian := _RUSSIAN_DATE.match(written):
        year, month, number, end = russian[3], russian[2], russian[1], russian.end()
    else:
        raise Unreadable
    if written[end : end + 1].isdigit():
        raise Unreadable
    try:
        found = date(int(year), int(month), int(number))
    except ValueError:
        raise Unreadable from None
    if not EARLIEST.date() <= found < LATEST.date():
        raise Unreadable
    return found, "" if written == found.isoformat() else "written differently"


def time_of_day(cell: Any) -> tuple[time, Note]:
    """The time of day that a text names: 18:30, 9.05, 18-30, 18:30:00. Raises Unreadable."""
    written = text(cell)[0].strip()
    if not (found := _TIME.fullmatch(written)):
        raise Unreadable
    moment = time(int(found[1]), int(found[2]), int(found[3] or 0))
    return moment, "" if written in (moment.isoformat(), f"{moment:%H:%M}") else "written differently"


def usual_instant(cell: Any) -> datetime | None:
    """The moment that a cell names as SQLite itself writes it, in UTC: most are written so. None for any other."""
    if cell.__class__ is bytes and len(cell) == len("2025-09-24 03:50:53"):
        try:
            found = datetime.fromisoformat(f"{cell.decode()}+00:00")
        except ValueError:
            return None
        if EARLIEST <= found < LATEST:
            return found
    return None


def instant(cell: Any, zone: str) -> tuple[datetime, Note]:
    """The moment that a cell names; without an offset it is local in `zone`. Raises Unreadable."""
    if not isinstance(cell, bytes):
        found = parse_timestamp(cell, zone) if isinstance(cell, int) or math.isfinite(cell) else None
        if found is None:
            raise Unreadable
        return found, "written differently"
    written = text(cell)[0]
    found = parse_timestamp(written, zone)
    if found is None:
        raise Unreadable
    return found, "" if written[:4].isdigit() and written[4:5] == "-" else "written differently"


def phone(written: str) -> tuple[str, Note]:
    """A phone in international spelling, where it is certain which one is meant. Raises Unreadable."""
    digits = re.sub(r"\D", "", written, flags=re.ASCII)
    plus = written.lstrip().startswith(("+", "±"))
    if len(digits) == 11 and (digits.startswith(("7", "89")) or (digits[0] == "8" and not plus)):
        found = f"+7{digits[1:]}"
    elif len(digits) == 10 and digits.startswith("9") and not plus:
        found = f"+7{digits}"
    else:
        found = f"+{digits}" if plus else ""
    if not _PHONE.fullmatch(found) or re.search(r"[^\W\d_]", written):
        raise Unreadable
    return found, "" if found == written else "rewritten"


def email(written: str) -> str:
    """An address with one @. Raises Unreadable."""
    if not _EMAIL.fullmatch(written) or not written.isprintable():
        raise Unreadable
    return written


def is_bcrypt(cell: Any) -> bool:
    """Whether a password is a hash that can be kept."""
    return isinstance(cell, bytes) and len(cell) <= MAX_HASH and bool(_BCRYPT.fullmatch(text(cell)[0]))


def as_json(cell: Any) -> Any:
    """A cell for the record of what was left out, with nothing lost: bytes that are no text are hex digits."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if not isinstance(cell, bytes):
        return cell
    found, note = text(cell)
    return {"hex": cell.hex()} if note else found
