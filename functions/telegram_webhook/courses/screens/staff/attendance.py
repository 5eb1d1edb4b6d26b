"""The attendance of a session on one card: all were there, then the exceptions, one press a person.

`at` is the session, the page, and the person whose minutes are asked for, or "all": whether all were there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice

from functions.telegram_webhook.courses import formats, homework_texts, participant_texts, staff_texts
from functions.telegram_webhook.courses.data import rosters
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.rosters import Entry, HeldSession, Status
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed, Rows
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "held_sessions"
PAGE = 40  # Telegram takes 100 buttons, and no keyboard of very many bytes
MAX_NAME = 40
MAX_ANNOUNCED, MAX_REASON = 15, 80
MAX_PAGE = 100
BAR = 10  # squares
MINUTES = (5, 10, 15, 30)

SIGNS: Mapping[Status | None, str] = {"present": "✅", "late": "🕐", "absent": "❌", None: "▫️"}
_LAST: Mapping[Status | None, str] = {"present": "●", "late": "◐", "absent": "○", None: "·"}
# A press says what it wants, not "the next one": two who press at once do not undo each other.
_FOLLOWING: Mapping[Status | None, Status] = {None: "present", "present": "absent", "absent": "late", "late": "present"}
_LETTERS: Mapping[str, Status] = {"p": "present", "a": "absent", "l": "late"}


@dataclass(frozen=True)
class Data:
    """The session with a page of its roster; `asked` is the late one, `is_confirming` asks whether all were there."""

    session: HeldSession
    entries: Sequence[Entry]
    page: int
    asked: int | None = None
    is_confirming: bool = False


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """The card as it is now; None: there is no such session, or it has not begun."""
    identity, _, rest = at.partition(".")
    place, _, asked = rest.partition(".")
    page = min(buttons.number(place), MAX_PAGE)
    session = await rosters.find(connection, person, buttons.number(identity))
    if session is None:
        return None
    entries = await rosters.entries(connection, session.id, page * PAGE, PAGE)
    return Data(session, entries, page, buttons.number(asked) or None, asked == "all")


def view(data: Data, language: Language) -> View:
    """The counts, a button a person, and what is asked."""
    session, lines = data.session, _head(data.session, language)
    if data.is_confirming:
        lines += ["", staff_texts.ALL_WERE_THERE_ASKED.in_(language).format(count=session.unmarked)]
        if session.announced:
            lines.append(staff_texts.SOME_ANNOUNCED.in_(language).format(count=session.announced))
        yes = Button(staff_texts.YES.in_(language), buttons.data("attendance", "all", session.id))
        return View("\n".join(lines), ((yes,), buttons.back(language, "attendance", session.id, data.page)))
    lines += [*_announced(data, language), "", staff_texts.HELP.in_(language)]
    rows = tuple((_person(entry, data),) for entry in data.entries)
    has_next = (data.page + 1) * PAGE < session.people
    turning = buttons.pages(language, "attendance", data.page, has_next=has_next, before=str(session.id))
    return View(
        "\n".join(lines), (*_minutes(data, language), *_all(data, language), *rows, *turning, *_foot(data, language))
    )


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Mark one person, the minutes of one, or all who are not marked yet."""
    if pressed.action == "all":
        session_id = _number(pressed.argument)
        count = await rosters.mark_rest_present(connection, person, session_id)
        return Next("attendance", f"{session_id}.0", staff_texts.MARKED if count else None)
    if pressed.action not in ("mark", "minutes"):
        raise Stale
    session, user, value, page = _parts(pressed.argument)
    minutes = int(value) if pressed.action == "minutes" and value in map(str, MINUTES) else None
    status = "late" if minutes else _LETTERS.get(value) if pressed.action == "mark" else None
    if status is None:
        raise Stale
    is_changed = await rosters.mark(connection, person, session, user, status, minutes)
    asked = f".{user}" if status == "late" and minutes is None else ""
    return Next("attendance", f"{session}.{page}{asked}", staff_texts.MARKED if is_changed else None)


def _parts(argument: str) -> tuple[int, int, str, int]:
    """The session, the person, the value and the page of a button's argument. Raises Stale."""
    parts = argument.split(".")
    if len(parts) != 4:
        raise Stale
    session, user, value, page = parts
    return _number(session), _number(user), value, min(_number(page), MAX_PAGE)


def _number(text: str) -> int:
    found = buttons.numbers(text, 1)
    if found is None:
        raise Stale
    return found[0]


def _head(session: HeldSession, language: Language) -> list[str]:
    when = formats.day(session.start_date, session.end_date, session.start_time, language)
    place = f" ({escape(session.place)})" if session.place else ""
    counts = staff_texts.COUNTS.in_(language).format(
        present=session.present, late=session.late, absent=session.absent, unmarked=session.unmarked,
        people=session.people,
    )  # fmt: skip
    return [f"<b>{formats.title(session.title, language)}</b>{place}", when, "", f"{_bar(session)} {counts}"]


def _bar(session: HeldSession) -> str:
    """Green squares for whoever was there, yellow for late, red for absent, white for not marked."""
    marks = (("🟩", session.present), ("🟨", session.late), ("🟥", session.absent), ("⬜", session.unmarked))
    bar, reached = "", 0
    for sign, count in marks:
        reached += count
        bar += sign * (round(BAR * reached / max(session.people, 1)) - len(bar))
    return bar


def _person(entry: Entry, data: Data) -> Button:
    late = f" +{entry.minutes_late}" if entry.minutes_late else ""
    last = "".join(_LAST[status] for status in entry.last)
    letter = _FOLLOWING[entry.status][0]
    name = " ".join([staff_texts.ABSENT_SIGN] * entry.is_announced + [shorten(entry.name, MAX_NAME)])
    text = f"{SIGNS[entry.status]}{late} {name}" + (f"  {last}" if last else "")
    return Button(text, buttons.data("attendance", "mark", data.session.id, entry.user_id, letter, data.page))


def _announced(data: Data, language: Language) -> list[str]:
    """Who of the page has said before that they will not be there, and why."""
    absent = [entry for entry in data.entries if entry.is_announced]
    if not absent:
        return []
    lines = ["", staff_texts.ANNOUNCED.in_(language)]
    for entry in islice(absent, MAX_ANNOUNCED):
        reason = f" {formats.DASH} {escape(shorten(entry.reason, MAX_REASON))}" if entry.reason else ""
        lines.append(f"{staff_texts.ABSENT_SIGN} {escape(shorten(entry.name, MAX_NAME))}{reason}")
    if len(absent) > MAX_ANNOUNCED:
        lines.append(participant_texts.MORE_PEOPLE.in_(language).format(count=len(absent) - MAX_ANNOUNCED))
    return lines


def _minutes(data: Data, language: Language) -> Rows:
    """How late the person was who was just marked late."""
    entry = next((entry for entry in data.entries if entry.user_id == data.asked and entry.status == "late"), None)
    if entry is None:
        return ()
    name = Button(
        staff_texts.HOW_LATE.in_(language).format(name=shorten(entry.name, MAX_NAME)),
        buttons.data("attendance", "open", data.session.id, data.page, entry.user_id),
    )
    choices = tuple(
        Button(f"+{minutes}", buttons.data("attendance", "minutes", data.session.id, entry.user_id, minutes, data.page))
        for minutes in MINUTES
    )
    return ((name,), choices)


def _all(data: Data, language: Language) -> Rows:
    if not data.session.unmarked:
        return ()
    text = staff_texts.ALL_WERE_THERE.in_(language)
    return ((Button(text, buttons.data("attendance", "open", data.session.id, data.page, "all")),),)


def _foot(data: Data, language: Language) -> Rows:
    payments = Button(staff_texts.PAYMENTS.in_(language), buttons.data("payments", "open", data.session.id, 0))
    homework = Button(homework_texts.HOMEWORK.in_(language), buttons.data("homework", "open", data.session.id))
    changes = Button(staff_texts.CHANGES.in_(language), buttons.data("changes", "open", data.session.id, 0))
    return ((payments, homework), (changes,), buttons.back(language, "held_sessions"))
