"""Sessions of today that are not marked yet, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.telegram_webhook.courses import staff_texts
from functions.telegram_webhook.courses.data import rosters
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.data.rosters import HeldSession
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.screen import View
from functions.telegram_webhook.courses.screens.staff import held_sessions
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "admin", "home"
MAX_SESSIONS = 40


@dataclass(frozen=True)
class Data:
    """The sessions."""

    sessions: Sequence[HeldSession]


async def read(connection: Connection, person: Person, _at: str) -> Data:
    """As it is now."""
    return Data(await rosters.unmarked_today(connection, person, MAX_SESSIONS))


def view(data: Data, language: Language) -> View:
    """A button each."""
    text = staff_texts.UNMARKED if data.sessions else staff_texts.ALL_MARKED
    rows = tuple((held_sessions.button(session, language),) for session in data.sessions)
    return View(text.in_(language), (*rows, buttons.back(language)))
