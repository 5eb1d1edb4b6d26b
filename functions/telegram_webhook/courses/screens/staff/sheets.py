"""A cohort's attendance and payments as a spreadsheet, for staff."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from functions.telegram_webhook.courses import staff_texts, texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed
from functions.telegram_webhook.courses.dialog.screen import File, Next, Stale, View
from functions.telegram_webhook.courses.forms import records
from functions.telegram_webhook.courses.forms.records import Choice
from shared.courses import sheet
from shared.courses.sheet import Cohort
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "home"
PAGE = 20
MAX_BUTTON = 60
MAX_CELLS = 20_000  # of each sheet: some 200 kB, a quarter of a second


@dataclass(frozen=True)
class Data:
    """A page of cohorts."""

    cohorts: Sequence[Choice]
    page: int = 0
    has_next: bool = False


async def read(connection: Connection, _person: Person, at: str) -> Data:
    """The page `at`, by name."""
    page, cohorts = buttons.number(at), await records.choices(connection, "cohort_id")
    return Data(cohorts[page * PAGE : (page + 1) * PAGE], page, len(cohorts) > (page + 1) * PAGE)


def view(data: Data, language: Language) -> View:
    """A button each."""
    text = staff_texts.WHICH_COHORT if data.cohorts else staff_texts.NO_COHORTS
    rows = tuple(
        (Button(shorten(cohort.name, MAX_BUTTON), buttons.data("sheets", "send", cohort.id, data.page)),)
        for cohort in data.cohorts
    )
    turning = buttons.pages(language, "sheets", data.page, has_next=data.has_next)
    return View(text.in_(language), (*rows, *turning, buttons.back(language)))


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Send the spreadsheet; of a very long history its newest sessions."""
    wanted = buttons.numbers(pressed.argument, 2)
    cohorts = await records.choices(connection, "cohort_id") if pressed.action == "send" and wanted else []
    chosen = next((cohort for cohort in cohorts if wanted and cohort.id == wanted[0]), None)
    if chosen is None or wanted is None:
        raise Stale
    cohort = await _read(connection, person, chosen.id)
    here = str(wanted[1])
    if not cohort.people:
        return Next("sheets", here, staff_texts.NOBODY_IN_COHORT)
    content = await asyncio.to_thread(sheet.render, cohort, person.language)
    file = File(f"cohort-{chosen.id}-{person.now:%Y-%m-%d}.xlsx", sheet.MIME, content, shorten(chosen.name, 200))
    return Next("sheets", here, texts.FILE_SENT, [file])


async def _read(connection: Connection, person: Person, cohort_id: int) -> Cohort:
    people = await sql.fetch_all(connection, sheet.SQL["people"], {"cohort_id": cohort_id})
    parameters = {
        "cohort_id": cohort_id, "today": person.now.date(), "most": MAX_CELLS // max(len(people), 1),
    }  # fmt: skip
    sessions = await sql.fetch_all(connection, sheet.SQL["sessions"], parameters)
    ids = {"people": [row["id"] for row in people], "sessions": [row["id"] for row in sessions]}
    return Cohort(people, sessions, await sql.fetch_all(connection, sheet.SQL["notes"], ids))
