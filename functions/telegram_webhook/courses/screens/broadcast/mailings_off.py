"""The button below each broadcast: one press ends the consent to mailings. What was sent stays as it is."""

from functions.telegram_webhook.courses.broadcasts import texts
from functions.telegram_webhook.courses.data import consents
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from functions.telegram_webhook.courses.texts import MENU
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "anybody", "home"


async def read(_connection: Connection, _person: Person, _at: str) -> str:
    """It needs nothing."""
    return ""


def view(_data: str, language: Language) -> View:
    """What was done, and where to undo it."""
    settings = (Button(MENU["notifications"].in_(language), buttons.data("notifications")),)
    return View(texts.MAILINGS_OFF_HELP.in_(language), (settings, buttons.back(language)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """End the consent to mailings, also of somebody who has to agree to something new before they see anything else."""
    if pressed.action != "stop":
        raise Stale
    await consents.withdraw(connection, person.telegram_id, "mailings")
    return Next("mailings_off", notice=texts.MAILINGS_OFF, in_new_message=True)
