"""Consents, asked for one after the other before anything else: to the processing, then to mailings.

Both have words of their own, which the school writes, and a version: a new one is asked for anew. `at` holds the token
of the invitation with which somebody came.
"""

from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import buttons, gates, texts
from functions.telegram_webhook.courses.buttons import Button, Pressed
from functions.telegram_webhook.courses.people import Person, Purpose
from functions.telegram_webhook.courses.screen import Next, Stale, View
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language, Text

AUDIENCE, PARENT = "anybody", "home"

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Data:
    """What is asked; `version` 0: the school has no text yet."""

    school: str
    purpose: Purpose
    version: int
    text: Text


async def read(connection: Connection, person: Person, _at: str) -> Data | None:
    """The text of the first consent that is due."""
    if person.due_consent is None:
        return None
    row = await sql.fetch_optional(connection, _SQL["text"], {"purpose": person.due_consent})
    if row is None:
        return Data(person.school, person.due_consent, 0, texts.NO_CONSENT_TEXT)
    return Data(person.school, person.due_consent, row["version"], Text(ru=row["text_ru"], en=row["text_en"]))


def view(data: Data, language: Language) -> View:
    """The text as the school wrote it, and yes or no."""
    title = f"<b>{escape(data.school)}</b>"
    if data.version == 0:
        return View(f"{title}\n\n{data.text.in_(language)}")
    yes, no = texts.AGREE[data.purpose], texts.DISAGREE[data.purpose]
    rows = (
        (Button(yes.in_(language), buttons.data("consent", "give", data.purpose, data.version)),),
        (Button(no.in_(language), buttons.data("consent", "refuse", data.purpose, data.version)),),
    )
    return View(f"{title}\n\n{escape(data.text.in_(language))}", rows)


async def press(connection: Connection, person: Person, pressed: Pressed, at: str) -> Next:
    """Write down a yes; a no to mailings, too, so that nobody is asked again. A no to the processing leaves no row."""
    purpose, _, version = pressed.argument.partition(".")
    due = await read(connection, person, at)
    if due is None or due.version == 0 or (purpose, version) != (due.purpose, str(due.version)):
        raise Stale
    if pressed.action == "refuse" and due.purpose == "processing":
        return Next("consent", at, texts.REFUSED)
    if pressed.action not in ("give", "refuse"):
        raise Stale
    parameters = {
        "telegram_id": person.telegram_id,
        "purpose": due.purpose,
        "version": due.version,
        "is_given": pressed.action == "give",
    }
    await connection.execute(_SQL["replace"], parameters)
    await connection.execute(_SQL["note"], parameters)
    if at and due.purpose == "processing" and person.user_id is None:
        return await gates.invited(connection, person, at)
    return Next("home")
