"""Records of a kind, the latest first, for those who write them down. `at` is the kind and the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.telegram_webhook.courses import texts as bot_texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button
from functions.telegram_webhook.courses.dialog.screen import Next, View
from functions.telegram_webhook.courses.forms import drafts, records, texts
from functions.telegram_webhook.courses.forms.kinds import Kind
from functions.telegram_webhook.courses.forms.records import Listed
from functions.telegram_webhook.courses.screens.teaching import form
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.database.pool import Connection
from shared.i18n import dates
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language

AUDIENCE, PARENT = "staff", "teaching"
PAGE = 10
MAX_PAGE = 1000
MAX_BUTTON = 60


@dataclass(frozen=True)
class Data:
    """A page of records."""

    kind: Kind
    records: Sequence[Listed]
    page: int
    has_next: bool


async def read(connection: Connection, _person: Person, at: str) -> Data | None:
    """The page `at`; None: there is no such kind."""
    opened = drafts.opened(at)
    if opened is None:
        return None
    page = min(opened.id, MAX_PAGE)
    found = await records.page(connection, opened.kind, page * PAGE, PAGE + 1)
    return Data(opened.kind, [each for place, each in enumerate(found) if place < PAGE], page, len(found) > PAGE)


def view(data: Data, language: Language) -> View:
    """A button each, and one for a new record."""
    kind, new = data.kind, data.kind.texts.new.in_(language)
    lines = [f"<b>{kind.texts.plural.in_(language)}</b>"]
    if not data.records:
        lines += ["", texts.NO_RECORDS.in_(language)]
    if kind.field("files"):
        lines += ["", texts.NEW_FROM_FILE.in_(language).format(new=new)]
    rows = tuple((_button(kind, record, language),) for record in data.records)
    turning = buttons.pages(language, "records", data.page, has_next=data.has_next, before=kind.name)
    add = (Button(new, buttons.data("form", "new", kind.name)),)
    return View("\n".join(lines), (add, *rows, *turning, buttons.back(language, "teaching")))


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """A file begins a record of a kind that has one."""
    opened = drafts.opened(at)
    if opened and message.sent_file and opened.kind.field("files"):
        return await form.write(connection, person, message, drafts.Draft(opened.kind).write())
    return Next("records", at, texts.NO_FILE if opened and opened.kind.field("files") else bot_texts.ONLY_BUTTONS)


def _button(kind: Kind, record: Listed, language: Language) -> Button:
    when = [dates.short_day(record.day, language)] if record.day else []
    when += [f"{record.at:%H:%M}"] if record.at else []
    name = shorten(record.name or kind.texts.singular.in_(language), MAX_BUTTON)
    text = " ".join(["❌"] * record.is_ended + when + [name])
    return Button(text, buttons.data("form", "open", kind.name, record.id))
