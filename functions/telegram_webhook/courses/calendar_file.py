"""Sessions as a calendar file (RFC 5545)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data.sessions import Session
from shared.i18n.texts import Language

MAX_LINE = 75  # bytes of a line, its break not counted
HOUR = timedelta(hours=1)

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def render(sessions: Sequence[Session], school: str, timezone: str, now: datetime, language: Language) -> str:
    """The calendar: a session without a time takes whole days, one with a time an hour; what is cancelled says so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//carillon//courses//EN", f"X-WR-CALNAME:{_text(school)}"]
    for session in sessions:
        lines += _event(session, ZoneInfo(timezone), now, language)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(session: Session, zone: ZoneInfo, now: datetime, language: Language) -> list[str]:
    start, end = session.start_date, session.end_date or session.start_date
    if session.start_time is None:
        span = [f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}"]
    else:
        begin = datetime.combine(start, session.start_time, zone)
        span = [f"DTSTART:{_utc(begin)}", f"DTEND:{_utc(datetime.combine(end, session.start_time, zone) + HOUR)}"]
    return [
        "BEGIN:VEVENT",
        f"UID:session-{session.id}@carillon",
        f"DTSTAMP:{_utc(now)}",
        *span,
        f"SUMMARY:{_text(session.title or texts.SESSION.in_(language))}",
        f"STATUS:{'CANCELLED' if session.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return words.translate(_ESCAPED)


def _folded(line: str) -> str:
    """Longer lines go on in the next one after a space; no character is parted."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > MAX_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces)
