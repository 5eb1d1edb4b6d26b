"""What the school knows of somebody, as a file, and how they leave."""

import json
from dataclasses import dataclass

from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import File, Next, Stale, View
from shared.courses import healing, personal_data
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"


@dataclass(frozen=True)
class Data:
    """`is_leaving`: they are asked whether they are sure. Staff are let go by an administrator alone."""

    is_leaving: bool
    is_staff: bool


async def read(_connection: Connection, person: Person, at: str) -> Data:
    """Whether they have pressed the button that leads out."""
    return Data(at == "leaving" and person.role == "user", person.role != "user")


def view(data: Data, language: Language) -> View:
    """Two buttons, the second of which asks again."""
    if data.is_leaving:
        yes = (Button(texts.DELETE_ME_FOR_GOOD.in_(language), buttons.data("about_me", "delete")),)
        return View(texts.WHAT_STAYS.in_(language), (yes, buttons.back(language, "about_me")))
    rows = [(Button(texts.SEND_MY_DATA.in_(language), buttons.data("about_me", "send")),)]
    if not data.is_staff:
        rows.append((Button(texts.DELETE_ME.in_(language), buttons.data("about_me", "open", "leaving")),))
    text = f"<b>{texts.ABOUT_ME.in_(language)}</b>\n\n{texts.ABOUT_ME_HELP.in_(language)}"
    return View(text, (*rows, buttons.back(language)))


async def press(connection: Connection, person: Person, pressed: Pressed, at: str) -> Next:
    """Send the file, or delete what nothing obliges the school to keep."""
    if person.user_id is None:
        raise Stale
    if pressed.action == "send":
        everything = await personal_data.collect(connection, person.user_id)
        text = json.dumps(everything, ensure_ascii=False, indent=2)
        file = File("my-data.json", "application/json", text, texts.MY_DATA_FILE.in_(person.language))
        return Next("about_me", notice=texts.FILE_SENT, files=[file])
    if pressed.action != "delete" or at != "leaving" or person.role != "user":
        raise Stale
    freed = await personal_data.delete(connection, person.user_id)
    return Next("consent", notice=texts.DELETED, messages=await healing.settle(connection, freed, person.now))
