"""How a form is shown: the card with its fields, or the field that is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from html import escape
from typing import Any

from functions.telegram_webhook.courses import formats, homework_texts
from functions.telegram_webhook.courses import texts as bot_texts
from functions.telegram_webhook.courses.dialog import buttons, calendar
from functions.telegram_webhook.courses.dialog.buttons import Button, Rows
from functions.telegram_webhook.courses.dialog.calendar import Limits, Month
from functions.telegram_webhook.courses.dialog.screen import View
from functions.telegram_webhook.courses.forms import texts
from functions.telegram_webhook.courses.forms.drafts import Draft
from functions.telegram_webhook.courses.forms.kinds import YEAR, Field
from functions.telegram_webhook.courses.forms.records import Choice
from shared.i18n.shorten import shorten, shorten_at_word
from shared.i18n.texts import Language, Text

PAGE = 12  # choices
MAX_BUTTON = 40
MAX_SHOWN = 700  # characters of a text
HOURS = (range(8, 12), range(12, 16), range(16, 20), range(20, 24))
# Screens that show more of a record.
_MORE: Mapping[str, tuple[str, Text]] = {
    "sessions": ("homework", homework_texts.HOMEWORK),
    "assignments": ("submissions", homework_texts.SUBMISSIONS),
}


@dataclass(frozen=True)
class Data:
    """A draft; `record` has what is saved, and what the draft changes."""

    draft: Draft
    record: Mapping[str, Any]
    choices: Mapping[str, Sequence[Choice]]
    today: date
    zone: str


def limits(field: Field, record: Mapping[str, Any], today: date) -> Limits:
    """Which days the field takes: nothing ends before it begins."""
    first = today - timedelta(days=field.before)
    if field.name == "end_date" and record.get("start_date"):
        first = max(first, date.fromisoformat(record["start_date"]))
    return Limits(first, max(first, today + timedelta(days=2 * YEAR)))


def view(data: Data, language: Language) -> View:
    """The card, what is asked for, or whether to end the record."""
    draft = data.draft
    if draft.is_ending and (ending := draft.kind.texts.ending):
        yes = Button(texts.YES.in_(language), _data(draft, "ended"))
        lines = [*_head(data, language), "", ending.question.in_(language)]
        return View("\n".join(lines), ((yes,), _back(draft, language)))
    field = draft.kind.field(draft.asked)
    return _asked(field, data, language) if field else _card(data, language)


def _card(data: Data, language: Language) -> View:
    draft, kind = data.draft, data.draft.kind
    lines = [*_head(data, language), ""]
    lines += [f"{texts.LABELS[field.name].in_(language)}: {_value(field, data, language)}" for field in kind.fields]
    choices = [
        Button(f"✏️ {texts.LABELS[field.name].in_(language)}", _data(draft, "ask", field.name)) for field in kind.fields
    ]
    rows: Rows = tuple(tuple(choices[start : start + 2]) for start in range(0, len(choices), 2))
    if draft.values:
        lines += ["", texts.UNSAVED.in_(language)]
        save = texts.SAVE if draft.id else texts.CREATE
        rows += ((Button(save.in_(language), _data(draft, "save")),),)
    elif draft.id:
        rows += _of_saved(data, language)
    return View("\n".join(lines), (*rows, _leave(draft, language)))


def _of_saved(data: Data, language: Language) -> Rows:
    """What can be done with a record that has no changes."""
    draft, kind, rows = data.draft, data.draft.kind, []
    if data.record.get("files"):
        rows.append((Button(texts.SHOW_FILE.in_(language), _data(draft, "file")),))
    if kind.name in _MORE and not (kind.name == "sessions" and data.record["start_date"] > data.today.isoformat()):
        screen, title = _MORE[kind.name]
        rows.append((Button(title.in_(language), buttons.data(screen, "open", draft.id)),))
    if ending := kind.texts.ending:
        text, action = (texts.UNDO, "restore") if _is_ended(data) else (ending.button, "end")
        rows.append((Button(text.in_(language), _data(draft, action)),))
    return tuple(rows)


def _leave(draft: Draft, language: Language) -> tuple[Button, ...]:
    if draft.values and draft.id:
        return (Button(texts.DISCARD.in_(language), buttons.data("form", "open", draft.kind.name, draft.id)),)
    return buttons.back(language, "records", draft.kind.name, 0)


def _head(data: Data, language: Language) -> list[str]:
    texts_of_kind = data.draft.kind.texts
    lines = [f"<b>{texts_of_kind.singular.in_(language)}</b>"]
    if texts_of_kind.ending and _is_ended(data):
        lines.append(texts_of_kind.ending.done.in_(language))
    return lines


def _is_ended(data: Data) -> bool:
    return bool(data.record.get(data.draft.kind.ended))


def _value(field: Field, data: Data, language: Language) -> str:
    """What is in the field, in HTML."""
    value = data.record.get(field.name)
    if value is None:
        empty = texts.EMPTY.get(field.name)
        return empty.in_(language) if empty else formats.DASH
    if field.type == "day":
        day = date.fromisoformat(value)
        return f"{formats.day(day, None, None, language)} {day.year}"
    if field.type == "time":
        return f"{time.fromisoformat(value):%H:%M}"
    if field.type == "choice":
        return escape(next((choice.name for choice in data.choices[field.name] if choice.value == value), str(value)))
    if field.type == "files":
        text = texts.HAS_FILES if len(value) > 1 else texts.HAS_FILE
        return text.in_(language).format(count=len(value))
    return escape(shorten_at_word(str(value), MAX_SHOWN))


def _asked(field: Field, data: Data, language: Language) -> View:
    """What is asked for, with the buttons that answer it."""
    draft = data.draft
    ask = texts.ASK[field.type].in_(language)
    label = texts.LABELS[field.name].in_(language)
    lines = [*_head(data, language), "", ask.format(label=f"<b>{label}</b>", zone=escape(data.zone))]
    if field.type == "words" and data.record.get(field.name):
        lines += ["", f"<i>{_value(field, data, language)}</i>"]
    rows: Rows = ()
    if field.type == "day":
        rows = _days(field, data, language)
    elif field.type == "time":
        rows = tuple(tuple(Button(f"{hour}:00", _data(draft, "time", f"{hour:02}00")) for hour in row) for row in HOURS)
    elif field.type == "choice":
        rows = _choices(field, data, language)
    if not field.is_required and data.record.get(field.name) is not None:
        rows += ((Button(texts.CLEAR.in_(language), _data(draft, "clear", field.name)),),)
    return View("\n".join(lines), (*rows, _back(draft, language)))


def _days(field: Field, data: Data, language: Language) -> Rows:
    value = data.record.get(field.name)
    picked = date.fromisoformat(value) if value else None
    shown = calendar.parse_month(data.draft.place) or picked or data.today
    month = Month(shown, limits(field, data.record, data.today), data.today, picked)
    return calendar.rows(month, language, lambda action, argument: _data(data.draft, action, argument))


def _choices(field: Field, data: Data, language: Language) -> Rows:
    choices, page = data.choices[field.name], buttons.number(data.draft.place)
    rows: Rows = tuple(
        (Button(shorten(choice.name, MAX_BUTTON), _data(data.draft, "pick", choice.id)),)
        for choice in choices[page * PAGE : (page + 1) * PAGE]
    )
    turning = []
    if page > 0:
        turning.append(Button(bot_texts.EARLIER.in_(language), _data(data.draft, "page", page - 1)))
    if (page + 1) * PAGE < len(choices):
        turning.append(Button(bot_texts.LATER.in_(language), _data(data.draft, "page", page + 1)))
    return (*rows, tuple(turning)) if turning else rows


def _back(draft: Draft, language: Language) -> tuple[Button, ...]:
    return (Button(bot_texts.BACK.in_(language), _data(draft, "card")),)


def _data(draft: Draft, action: str, *arguments: object) -> str:
    return buttons.data("form", action, draft.kind.name, draft.id, *arguments)
