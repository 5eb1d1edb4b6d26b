"""Whom a draft is for. `at` is its id, and "cohorts" or "streams" with a page of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast

from functions.telegram_webhook.courses.broadcasts import texts
from functions.telegram_webhook.courses.data import broadcasts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "broadcasts"
PAGE = 10
MAX_PAGE = 1000
MAX_BUTTON = 60

Places = Literal["cohorts", "streams"]


@dataclass(frozen=True)
class Data:
    """The draft; cohorts or streams to choose from (id and name), if these are wanted."""

    id: int
    places: Places | None = None
    found: Sequence[tuple[int, str]] = ()
    page: int = 0
    has_next: bool = False


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """What there is to choose; None: there is no such draft."""
    identity, _, rest = at.partition(".")
    wanted, _, place = rest.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    if broadcast is None or not broadcast.is_draft:
        return None
    if wanted not in ("cohorts", "streams"):
        return Data(broadcast.id)
    places, page = cast("Places", wanted), min(buttons.number(place), MAX_PAGE)
    rows = await broadcasts.places(connection, places, page * PAGE, PAGE + 1)
    found = [(row["id"], row["name"]) for row in rows]
    return Data(broadcast.id, places, list(islice(found, PAGE)), page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """Everybody, a role, or a cohort or stream out of a list."""
    if data.places is None:
        everybody = (Button(texts.ALL.in_(language), buttons.data("broadcast_to", "all", data.id)),)
        roles = tuple(
            (Button(name.in_(language), buttons.data("broadcast_to", "role", data.id, role)),)
            for role, name in texts.ROLES.items()
        )
        lists = (
            Button(texts.COHORTS.in_(language), buttons.data("broadcast_to", "open", data.id, "cohorts")),
            Button(texts.STREAMS.in_(language), buttons.data("broadcast_to", "open", data.id, "streams")),
        )
        back = buttons.back(language, "broadcast", data.id)
        return View(texts.TO_WHOM.in_(language), (everybody, *roles, lists, back))
    action, text = ("cohort", texts.WHICH_COHORT) if data.places == "cohorts" else ("stream", texts.WHICH_STREAM)
    rows = tuple(
        (Button(shorten(name, MAX_BUTTON), buttons.data("broadcast_to", action, data.id, place)),)
        for place, name in data.found
    )
    before = f"{data.id}.{data.places}"
    turning = buttons.pages(language, "broadcast_to", data.page, has_next=data.has_next, before=before)
    return View(text.in_(language), (*rows, *turning, buttons.back(language, "broadcast_to", data.id)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Take what was chosen."""
    identity, _, chosen = pressed.argument.partition(".")
    broadcast = await broadcasts.find(connection, person, buttons.number(identity))
    role = chosen if pressed.action == "role" else None
    if broadcast is None or pressed.action not in ("all", "role", "cohort", "stream"):
        raise Stale
    if role is not None and role not in texts.ROLES:
        raise Stale
    if not await broadcasts.set_audience(connection, broadcast, pressed.action, buttons.number(chosen), role):
        raise Stale
    return Next("broadcast", str(broadcast.id))
