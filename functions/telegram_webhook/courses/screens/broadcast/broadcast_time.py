"""When a draft goes out, in the school's zone. `at` is its id, and the month that is shown or the picked day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from functions.telegram_webhook.courses.broadcasts import texts
from functions.telegram_webhook.courses.data import broadcasts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons, calendar
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.calendar import Limits, Month
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.courses.forms import typed
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.courses import formats
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "broadcasts"
MAX_DAYS = 365
HOURS = range(8, 24)
HOURS_IN_A_ROW = 4


@dataclass(frozen=True)
class Data:
    """The draft, the month that is shown, and the day whose hour is asked for."""

    id: int
    timezone: str
    now: datetime
    shown: date
    picked: date | None


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """None: there is no such draft, or no such day to pick."""
    identity, _, rest = at.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    if broadcast is None or not broadcast.is_draft:
        return None
    today = person.now.date()
    picked = calendar.parse_day(rest)
    if picked and picked not in _limits(today):
        picked = None
    shown = picked or calendar.parse_month(rest) or today
    return Data(broadcast.id, person.timezone, person.now, shown, picked)


def view(data: Data, language: Language) -> View:
    """A month, or the hours of the picked day that are still to come."""
    if data.picked:
        day = formats.day(data.picked, None, None, language)
        rows = _hours(data, data.picked)
        back = buttons.back(language, "broadcast_time", data.id)
        return View(texts.ASK_HOUR.in_(language).format(day=day), (*rows, back))
    month = Month(data.shown, _limits(data.now.date()), data.now.date())
    days = calendar.rows(month, language, lambda _action, value: buttons.data("broadcast_time", "open", data.id, value))
    now = Button(texts.NOW.in_(language), buttons.data("broadcast_time", "now", data.id))
    zone = formats.zone(data.timezone, data.now)
    text = texts.ASK_TIME.in_(language).format(now=f"{data.now:%H:%M}", zone=zone)
    return View(text, ((now,), *days, buttons.back(language, "broadcast", data.id)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Take the time, if it is still to come."""
    identity, _, chosen = pressed.argument.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    if broadcast is None or pressed.action not in ("now", "at"):
        raise Stale
    day, _, hour = chosen.partition(".")
    at = _moment(person.now, calendar.parse_day(day), typed.clock(hour)) if pressed.action == "at" else None
    if (pressed.action == "at" and at is None) or not await broadcasts.set_time(connection, broadcast, at):
        raise Stale
    return Next("broadcast", str(broadcast.id))


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """Take a written time: «завтра 10:00», «05.12 18:30», or the time alone for the picked day or today."""
    identity, _, rest = at.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    moment = parse(message.content.text, person.now, calendar.parse_day(rest))
    if broadcast is None or moment is None:
        return Next("broadcast_time", at, texts.TIME_NOT_UNDERSTOOD)
    await broadcasts.set_time(connection, broadcast, moment)
    return Next("broadcast", str(broadcast.id))


def parse(written: str, now: datetime, picked: date | None = None) -> datetime | None:
    """The moment that is written, if it is to come within a year; a time alone is of the picked day, or of today."""
    words = written.lower().split()
    at, day = typed.clock(words[-1]) if words else None, " ".join(words[:-1])
    for word in (texts.AT.ru, texts.AT.en):
        day = day.removesuffix(f" {word}")
    today = now.date()
    named = {"": picked or today}
    for name, ahead in ((texts.TODAY, 0), (texts.TOMORROW, 1)):
        named |= dict.fromkeys((name.ru, name.en), today + timedelta(days=ahead))
    return _moment(now, named.get(day) or typed.day(day, _limits(today), today), at)


def _moment(now: datetime, day: date | None, at: time | None) -> datetime | None:
    """In the zone of `now`; an hour that a change of the clock leaves out is the one after it."""
    if day is None or at is None or day not in _limits(now.date()):
        return None
    moment = datetime.combine(day, at, now.tzinfo).astimezone(UTC)
    return moment if moment > now else None


def _limits(today: date) -> Limits:
    return Limits(today, today + timedelta(days=MAX_DAYS))


def _hours(data: Data, picked: date) -> tuple[tuple[Button, ...], ...]:
    hours = [hour for hour in HOURS if picked > data.now.date() or hour > data.now.hour]
    found = [
        Button(f"{hour:02}:00", buttons.data("broadcast_time", "at", data.id, f"{picked:%Y%m%d}", hour))
        for hour in hours
    ]
    return tuple(tuple(found[start : start + HOURS_IN_A_ROW]) for start in range(0, len(found), HOURS_IN_A_ROW))
