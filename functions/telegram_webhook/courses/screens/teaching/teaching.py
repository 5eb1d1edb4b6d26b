"""What staff plan and hand out, by kind."""

from dataclasses import dataclass

from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from functions.telegram_webhook.courses.forms import texts
from functions.telegram_webhook.courses.forms.kinds import KINDS
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "home"


@dataclass(frozen=True)
class Data:
    """Nothing is read."""


async def read(_connection: Connection, _person: Person, _at: str) -> Data:
    """The same for all staff."""
    return Data()


def view(_data: Data, language: Language) -> View:
    """A button a kind."""
    rows = tuple(
        (Button(kind.texts.plural.in_(language), buttons.data("records", "open", kind.name, 0)),)
        for kind in KINDS.values()
    )
    return View(texts.TEACHING.in_(language), (*rows, buttons.back(language)))
