"""How late a message came: gateways bring what was written while they, or we, could not be reached."""

from datetime import datetime, timedelta

from shared.i18n import dates
from shared.i18n.plural import Noun
from shared.i18n.texts import Language
from shared.payload import timezones
from shared.support import texts

SHOWN_AFTER = timedelta(minutes=10)  # its true time stands beside it
BACKLOG_AFTER = timedelta(hours=24)  # no bot answers it any more, people do
HISTORY_AFTER = timedelta(days=7)  # nobody waits for an answer: Meta repeats a webhook for as long

_DAYS = Noun(ru=("день", "дня", "дней"), en=("day", "days"))


def is_delayed(written_at: datetime | None, came_at: datetime) -> bool:
    """Whether it was written a good while before it came."""
    return written_at is not None and came_at - written_at > SHOWN_AFTER


def is_backlog(written_at: datetime | None, came_at: datetime) -> bool:
    """Whether it was written so long before it came that a bot must not answer as if it were now."""
    return written_at is not None and came_at - written_at > BACKLOG_AFTER


def note(kind: str, written_at: datetime | None, came_at: datetime, timezone: str, language: Language) -> str:
    """«[писали 30 ч назад, 19.11 в 10:00] », to stand before a message of `kind` that came late; else empty.

    It counts from when the message came, so it says the same for ever.
    """
    if written_at is None or not is_delayed(written_at, came_at):
        return ""
    local = written_at.astimezone(timezones.zone(timezone, timezones.OF_DESKS))
    ago, day = _ago(came_at - written_at, language), dates.short_day(local, language)
    text = texts.CALLED_BEFORE if kind == "call" else texts.WRITTEN_BEFORE
    return text.in_(language).format(ago=ago, day=day, time=dates.clock(local)) + " "


def _ago(delay: timedelta, language: Language) -> str:
    minutes, hours = round(delay / timedelta(minutes=1)), round(delay / timedelta(hours=1))
    if minutes < 60:
        return texts.MINUTES.in_(language).format(count=minutes)
    if hours < 48:
        return texts.HOURS.in_(language).format(count=hours)
    return _DAYS.counted(round(delay / timedelta(days=1)), language)
