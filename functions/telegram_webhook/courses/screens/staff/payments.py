"""Who has paid for a session, one press a person. `at` is the session and the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.telegram_webhook.courses import formats, staff_texts
from functions.telegram_webhook.courses.data import rosters
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.rosters import Entry, HeldSession
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.courses.screens.staff.attendance import MAX_NAME, MAX_PAGE, PAGE
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "held_sessions"

_SIGNS = {True: "💳", False: "✖️", None: "▫️"}


@dataclass(frozen=True)
class Data:
    """The session with a page of its roster."""

    session: HeldSession
    entries: Sequence[Entry]
    page: int


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """The card as it is now; None: there is no such session."""
    identity, _, place = at.partition(".")
    page = min(buttons.number(place), MAX_PAGE)
    session = await rosters.find(connection, person, buttons.number(identity))
    if session is None:
        return None
    return Data(session, await rosters.entries(connection, session.id, page * PAGE, PAGE), page)


def view(data: Data, language: Language) -> View:
    """A button a person: it says what a press makes of it."""
    session = data.session
    when = formats.day(session.start_date, session.end_date, session.start_time, language)
    lines = [f"<b>{staff_texts.PAYMENTS.in_(language)}</b>", formats.title(session.title, language), when, ""]
    rows = tuple(
        (Button(
            f"{_SIGNS[entry.paid]} {shorten(entry.name, MAX_NAME)}",
            buttons.data("payments", "mark", session.id, entry.user_id, int(not entry.paid), data.page),
        ),)
        for entry in data.entries
    )  # fmt: skip
    has_next = (data.page + 1) * PAGE < session.people
    turning = buttons.pages(language, "payments", data.page, has_next=has_next, before=str(session.id))
    back = buttons.back(language, "attendance", session.id, 0)
    return View("\n".join([*lines, staff_texts.PAYMENTS_HELP.in_(language)]), (*rows, *turning, back))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Note whether somebody has paid."""
    wanted = buttons.numbers(pressed.argument, 4)
    if pressed.action != "mark" or wanted is None or wanted[2] not in (0, 1):
        raise Stale
    session, user, paid, page = wanted
    is_changed = await rosters.set_paid(connection, person, session, user, paid=paid == 1)
    return Next("payments", f"{session}.{page}", staff_texts.MARKED if is_changed else None)
