"""Broadcasts, the newest first; a curator sees their own. `at` is the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from functions.telegram_webhook.courses.broadcasts import texts
from functions.telegram_webhook.courses.data import broadcasts
from functions.telegram_webhook.courses.data.broadcasts import Listed
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import View
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "home"
PAGE = 8
MAX_PAGE = 1000
MAX_BUTTON = 60


@dataclass(frozen=True)
class Data:
    """A page of them."""

    broadcasts: Sequence[Listed]
    page: int
    has_next: bool


async def read(connection: Connection, person: Person, at: str) -> Data:
    """The page."""
    page = min(buttons.number(at), MAX_PAGE)
    found = await broadcasts.page(connection, person, page * PAGE, PAGE + 1)
    return Data(list(islice(found, PAGE)), page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """A button each."""
    lines = [texts.BROADCASTS.in_(language)] + ([] if data.broadcasts else ["", texts.NONE_YET.in_(language)])
    new = (Button(texts.NEW.in_(language), buttons.data("broadcast_text")),)
    rows = tuple(
        (Button(_title(listed, language), buttons.data("broadcast", "open", listed.id)),) for listed in data.broadcasts
    )
    turning = buttons.pages(language, "broadcasts", data.page, has_next=data.has_next)
    return View("\n".join(lines), (new, *rows, *turning, buttons.back(language)))


def _title(listed: Listed, language: Language) -> str:
    state = "cancelled" if listed.is_cancelled else listed.status
    if listed.is_draft and listed.status == "pending":
        state = "draft"
    elif listed.is_paused and listed.status in ("pending", "sending"):
        state = "paused"
    sign = texts.STATES[state].in_(language).partition(" ")[0]
    return f"{sign} {shorten(listed.title, MAX_BUTTON)}"
