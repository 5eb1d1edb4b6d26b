"""A record that staff write down: its fields on a card, each asked for by a press; nothing is stored until it is saved.

`at` is the draft (forms/drafts.py), or the kind and the id of the record.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from functions.telegram_webhook.courses import texts as bot_texts
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons, calendar, dialogs
from functions.telegram_webhook.courses.dialog.buttons import Pressed
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, stored
from functions.telegram_webhook.courses.forms import card, drafts, records, texts, typed
from functions.telegram_webhook.courses.forms.card import Data
from functions.telegram_webhook.courses.forms.drafts import Draft
from functions.telegram_webhook.courses.forms.kinds import KINDS, Field
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.courses import healing
from shared.database.pool import Connection
from shared.i18n.shorten import shorten
from shared.i18n.texts import Localized, Text

AUDIENCE, PARENT = "staff", "teaching"
MAX_COUNT = 100_000

view = card.view


async def read(connection: Connection, person: Person, at: str) -> Data | None:
    """The draft with the record as it is now; None: there is no such record any more."""
    draft = drafts.parse(at)
    saved = await _saved(connection, draft) if draft else None
    if draft is None or saved is None:
        return None
    names = [field.name for field in draft.kind.fields if field.type == "choice"]
    choices = {name: await records.choices(connection, name) for name in names}
    return Data(draft, {**saved, **draft.values}, choices, person.now.date(), person.timezone)


async def press(connection: Connection, person: Person, pressed: Pressed, at: str) -> Next:
    """Ask for a field, take its value, save or end the record."""
    if pressed.action == "new":
        kind = KINDS.get(pressed.argument)
        if kind is None:
            raise Stale
        return _shown(_asking_next(Draft(kind), {}))
    draft = drafts.parse(at)
    if draft is None or not f"{pressed.argument}.".startswith(f"{draft.key}."):
        raise Stale  # of another card: it must not change this one
    value = pressed.argument.removeprefix(draft.key).removeprefix(".")
    if pressed.action in ("save", "end", "ended", "restore", "file"):
        following = await _done(connection, person, pressed.action, draft)
        if draft.kind.name != "healing" or not draft.id:
            return following
        return replace(following, messages=await healing.settle(connection, [draft.id], person.now))
    if pressed.action == "card":
        return _shown(draft.ask(""))
    if pressed.action == "ask" and draft.kind.field(value):
        return _shown(draft.ask(value))
    return await _answered(connection, person, draft, pressed.action, value)


async def write(connection: Connection, person: Person, message: PrivateMessage, at: str) -> Next:
    """Take the value of the field that is asked for; a file also when none is."""
    draft = drafts.parse(at)
    record = await _saved(connection, draft) if draft else None
    if draft is None or record is None:
        return Next("teaching")
    field = draft.kind.field(draft.asked)
    if message.sent_file and draft.kind.field("files") and draft.asked in ("", "files"):
        return _with_file(draft, record, message)
    if field is None:
        return _shown(draft, texts.CHOOSE_A_FIELD)
    value = _typed(field, message.content.text, {**record, **draft.values}, person.now.date())
    return _shown(draft, value) if isinstance(value, Localized) else _set(draft, record, field, value)


async def add(connection: Connection, person: Person, message: PrivateMessage, at: str) -> None:
    """Add a further file of the album that was just sent, unless the record was saved meanwhile."""
    draft = drafts.parse(at)
    if draft and message.sent_file:
        await dialogs.set_at(connection, person.telegram_id, draft.add_file(message.sent_file.id).write())


async def _saved(connection: Connection, draft: Draft) -> dict[str, Any] | None:
    return await records.find(connection, draft.kind, draft.id) if draft.id else {}


async def _answered(connection: Connection, person: Person, draft: Draft, action: str, value: str) -> Next:
    """A button that answers what is asked."""
    field, record = draft.kind.field(draft.asked), await _saved(connection, draft)
    if field is None or record is None:
        raise Stale
    if action == "clear" and value == field.name and not field.is_required:
        return _set(draft, record, field, None)
    if action == "month" and field.type == "day" and calendar.parse_month(value):
        return _shown(draft.ask(field.name, value))
    if action == "page" and field.type == "choice" and buttons.numbers(value, 1):
        return _shown(draft.ask(field.name, value))
    if action == "day" and field.type == "day":
        day = calendar.parse_day(value)
        if day is None or day not in card.limits(field, {**record, **draft.values}, person.now.date()):
            return _shown(draft, texts.NO_DAY)
        return _set(draft, record, field, day.isoformat())
    if action == "time" and field.type == "time" and (at := typed.clock(value)) is not None:
        return _set(draft, record, field, _clock(at))
    if action == "pick" and field.type == "choice":
        choices = await records.choices(connection, field.name)
        found = next((choice for choice in choices if str(choice.id) == value), None)
        if found:
            return _set(draft, record, field, found.value)
    raise Stale


def _typed(field: Field, text: str, record: Mapping[str, Any], today: date) -> drafts.Value | Text:
    """The value that is written, or what is wrong with it."""
    if field.type == "day":
        day = typed.day(text, card.limits(field, record, today), today)
        return day.isoformat() if day else texts.NO_DAY
    if field.type == "time":
        at = typed.clock(text)
        return _clock(at) if at is not None else texts.NO_TIME
    if field.type == "count":
        return typed.count(text, MAX_COUNT) or _filled(texts.NO_COUNT, most=MAX_COUNT)
    if field.type == "files":
        return texts.NO_FILE
    written = text.strip() if field.max_length > 200 else " ".join(text.split())
    if field.type == "choice" or not written:
        return bot_texts.ONLY_BUTTONS if field.type == "choice" else texts.CHOOSE_A_FIELD
    return written if len(written) <= field.max_length else _filled(texts.TOO_LONG, most=field.max_length)


def _set(draft: Draft, record: Mapping[str, Any], field: Field, value: drafts.Value) -> Next:
    """The draft with the value; what lasts several days is moved as a whole."""
    before, changed = {**record, **draft.values}, draft.set(field.name, value)
    if field.name == "start_date" and before.get("start_date") and before.get("end_date") and isinstance(value, str):
        length = date.fromisoformat(before["end_date"]) - date.fromisoformat(before["start_date"])
        changed = changed.set("end_date", (date.fromisoformat(value) + length).isoformat())
    return _shown(_asking_next(changed, record))


def _asking_next(draft: Draft, record: Mapping[str, Any]) -> Draft:
    """Whoever writes down something new is asked for what it needs."""
    missing = _missing(draft, record)
    return draft.ask(missing.name) if missing and not draft.id else draft


def _missing(draft: Draft, record: Mapping[str, Any]) -> Field | None:
    values = {**record, **draft.values}
    return next((field for field in draft.kind.fields if field.is_required and values.get(field.name) is None), None)


def _with_file(draft: Draft, record: Mapping[str, Any], message: PrivateMessage) -> Next:
    """A file, whose caption becomes the title and the text where there are none."""
    assert message.sent_file
    title, _, body = message.content.text.strip().partition("\n")
    name = message.content.file.name if message.content.file else ""
    offered = {"title": shorten(" ".join((title or name).split()), 200), "body": shorten(body.strip(), 3000)}
    values = {name: value for name, value in offered.items() if value and not {**record, **draft.values}.get(name)}
    changed = draft.set("files", [message.sent_file.id])
    for name, value in values.items():
        changed = changed.set(name, value)
    return _shown(_asking_next(changed, record), texts.ALBUM_TAKEN if message.album else None)


async def _done(connection: Connection, person: Person, action: str, draft: Draft) -> Next:
    """Save, end or bring back the record, or send its file."""
    record, kind = await _saved(connection, draft), draft.kind
    if record is None or (action != "save" and not draft.id):
        raise Stale
    if action == "save":
        return await _save(connection, person, draft, record)
    here = f"{kind.name}.{draft.id}"
    if action == "file":
        if not record.get("files"):
            raise Stale
        return Next("form", here, bot_texts.FILE_SENT, stored(record["files"], record["title"]))
    ending = kind.texts.ending
    if ending is None:
        raise Stale
    if action == "end":
        return _shown(Draft(kind, draft.id, is_ending=True))
    if not kind.ended:
        await records.remove(connection, kind, draft.id)
        return Next("records", f"{kind.name}.0", ending.done)
    await records.set_ended(connection, person, kind, draft.id, is_ended=action == "ended")
    return Next("form", here, texts.SAVED)


async def _save(connection: Connection, person: Person, draft: Draft, record: Mapping[str, Any]) -> Next:
    missing = _missing(draft, record)
    if missing:
        label = texts.LABELS[missing.name]
        return _shown(draft.ask(missing.name), Text(
            ru=texts.MISSING.ru.format(label=label.ru), en=texts.MISSING.en.format(label=label.en)
        ))  # fmt: skip
    if not draft.values:
        raise Stale
    outdated = await _outdated(connection, person, draft, record)
    if outdated:
        return _shown(draft.ask(outdated.name), texts.NO_DAY if outdated.type == "day" else texts.CHOOSE_AGAIN)
    saved: int | None = draft.id
    if draft.id:
        is_changed = await records.change(connection, draft.kind, draft.id, draft.values, person.user_id)
        saved = draft.id if is_changed else None
    else:
        saved = await records.add(connection, draft.kind, draft.values, person.user_id)
    return Next("form", f"{draft.kind.name}.{saved}", texts.SAVED) if saved else _shown(draft, texts.TAKEN)


async def _outdated(connection: Connection, person: Person, draft: Draft, record: Mapping[str, Any]) -> Field | None:
    """A field whose value was good when it was chosen, days ago perhaps, and is not any more."""
    values = {**record, **draft.values}
    for field in draft.kind.fields:
        value = draft.values.get(field.name)
        if field.type == "day" and isinstance(value, str):
            if date.fromisoformat(value) not in card.limits(field, values, person.now.date()):
                return field
        elif field.type == "choice" and value is not None:
            choices = await records.choices(connection, field.name)
            if all(choice.value != value for choice in choices):
                return field
    return None


def _shown(draft: Draft, notice: Text | None = None) -> Next:
    return Next("form", draft.write(), notice)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _filled(text: Text, most: int) -> Text:
    return Text(ru=text.ru.format(most=most), en=text.en.format(most=most))
