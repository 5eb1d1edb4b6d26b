"""Consents, asked for one after the other before anything else: to the processing, then to mailings.

Both have words of their own, which the school writes, and a version: a new one is asked for anew. `at` holds the token
of the invitation with which somebody came.
"""

from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data import consents
from functions.telegram_webhook.courses.data.consents import ConsentText
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons, gates
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "anybody", "home"


@dataclass(frozen=True)
class Data:
    """What is asked; None: the school has no text yet."""

    school: str
    asked: ConsentText | None


async def read(connection: Connection, person: Person, _at: str) -> Data | None:
    """The text of the first consent that is due."""
    if person.due_consent is None:
        return None
    return Data(person.school, await consents.current_text(connection, person.due_consent))


def view(data: Data, language: Language) -> View:
    """The text as the school wrote it, and yes or no."""
    title, asked = f"<b>{escape(data.school)}</b>", data.asked
    if asked is None:
        return View(f"{title}\n\n{texts.NO_CONSENT_TEXT.in_(language)}")
    yes, no = texts.AGREE[asked.purpose], texts.DISAGREE[asked.purpose]
    rows = (
        (Button(yes.in_(language), buttons.data("consent", "give", asked.purpose, asked.version)),),
        (Button(no.in_(language), buttons.data("consent", "refuse", asked.purpose, asked.version)),),
    )
    return View(f"{title}\n\n{escape(asked.text.in_(language))}", rows)


async def press(connection: Connection, person: Person, pressed: Pressed, at: str) -> Next:
    """Write down a yes; a no to mailings, too, so that nobody is asked again. A no to the processing leaves no row."""
    due = await read(connection, person, at)
    asked = due.asked if due else None
    if asked is None or pressed.argument != f"{asked.purpose}.{asked.version}":
        raise Stale
    if pressed.action == "refuse" and asked.purpose == "processing":
        return Next("consent", at, texts.REFUSED)
    if pressed.action not in ("give", "refuse"):
        raise Stale
    await consents.note(connection, person, asked, is_given=pressed.action == "give")
    if at and asked.purpose == "processing" and person.user_id is None:
        return await gates.invited(connection, person, at)
    return Next("home")
