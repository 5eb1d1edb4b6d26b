"""What participants get: what it says, its buttons, and what must still hold when it is sent."""

from datetime import datetime, time
from html import escape
from typing import Any

from functions.remind_participants import texts
from functions.remind_participants.changes import Change, Reader
from functions.remind_participants.reminders import Reminder, School
from functions.remind_participants.texts import Kind
from shared.courses import callback_data, formats
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_CHANGE, COURSES_REMINDER
from shared.i18n.shorten import shorten_at_word
from shared.i18n.texts import Language

MAX_TITLE, MAX_NOTE = 200, 600
NOON = time(12)


def message(reminder: Reminder, school: School, correlation_id: str) -> Message:
    """What goes out, unless it is moved, cancelled, done or begun by then (the guard of its kind)."""
    facts = ("lead", "subject_id", "user_id", "telegram_id")
    return Message(
        bot_id=school.bot_id,
        chat_id=reminder.telegram_id,
        kind=COURSES_REMINDER,
        dedup_key=reminder.dedup_key,
        payload=_payload(text(reminder, school), _buttons(reminder.kind, reminder.subject_id, school.language)),
        correlation_id=correlation_id,
        guard={
            "reminder": reminder.kind,
            "happens_at": reminder.happens_at.isoformat(),
            **{name: getattr(reminder, name) for name in facts},
        },
    )


def change_message(change: Change, school: School, reader: Reader, until: datetime, correlation_id: str) -> Message:
    """What goes out, unless it was changed again by then, or `until` has passed (the guard of its kind)."""
    return Message(
        bot_id=school.bot_id,
        chat_id=reader.telegram_id,
        kind=COURSES_CHANGE,
        dedup_key=f"courses/change/{change.kind}/{change.id}/{change.version}/{reader.user_id}",
        payload=_payload(change_text(change, school), _change_buttons(change, school.language)),
        correlation_id=correlation_id,
        guard={
            "kind": change.kind,
            "subject_id": change.id,
            "user_id": reader.user_id,
            "telegram_id": reader.telegram_id,
            "on_date": change.on_date.isoformat(),
            "start_time": change.start_time.isoformat() if change.start_time else None,
            "is_cancelled": change.is_cancelled,
            "until": until.isoformat(),
        },
    )


def text(reminder: Reminder, school: School) -> str:
    """The message, in HTML: what it is, when, and whose clock that is."""
    language = school.language
    day = formats.day(reminder.on_date, reminder.end_date, reminder.start_time, language)
    lines = [texts.HEADS[reminder.kind, reminder.lead].in_(language), ""]
    if reminder.title:
        lines.append(f"<b>{escape(shorten_at_word(reminder.title, MAX_TITLE))}</b>")
    if reminder.kind in ("assignment", "homework"):
        due = texts.DUE if reminder.kind == "assignment" else texts.WAS_DUE
        lines.append(due.in_(language).format(day=day))
    else:
        lines.append(day)
    if reminder.note:
        lines += ["", escape(shorten_at_word(reminder.note, MAX_NOTE))]
    if reminder.start_time:
        lines += ["", _zone(school, reminder.happens_at)]
    return "\n".join(lines)


def change_text(change: Change, school: School) -> str:
    """The message, in HTML: what became of it, when it was, when it is now."""
    language = school.language
    assert change.what
    lines = [texts.CHANGES[change.kind, change.what].in_(language), ""]
    if change.title:
        lines.append(f"<b>{escape(shorten_at_word(change.title, MAX_TITLE))}</b>")
    was = formats.day(change.told_date or change.on_date, None, change.told_time, language)
    now = formats.day(change.on_date, None, change.start_time, language)
    if change.what == "moved":
        lines += [texts.WAS.in_(language).format(day=was), texts.IS.in_(language).format(day=now)]
    else:
        lines.append(was if change.what == "cancelled" else now)
    if change.start_time or (change.told_time and change.what != "restored"):
        lines += ["", _zone(school, school.moment(change.on_date, NOON))]
    return "\n".join(lines)


def _zone(school: School, moment: datetime) -> str:
    zone = formats.zone(school.timezone, moment)
    return f"<i>{texts.ZONE.in_(school.language).format(zone=zone)}</i>"


def _payload(text: str, buttons: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [buttons]},
    }


def _buttons(kind: Kind, subject_id: int, language: Language) -> list[dict[str, str]]:
    """To what it is about, and to where such reminders are switched off."""
    screen, subject, label = texts.SCREENS[kind]
    data = callback_data.write(screen, "open", subject.format(subject_id))
    return [{"text": label.in_(language), "callback_data": data}, _notifications(language)]


def _change_buttons(change: Change, language: Language) -> list[dict[str, str]]:
    """Whoever cannot come then, may say so; what was cancelled leads to what there is instead."""
    if change.kind == "session" and change.is_cancelled:
        schedule = {"text": texts.SCHEDULE.in_(language), "callback_data": callback_data.write("schedule")}
        return [schedule, _notifications(language)]
    return _buttons(change.kind, change.id, language)


def _notifications(language: Language) -> dict[str, str]:
    return {"text": texts.NOTIFICATIONS.in_(language), "callback_data": callback_data.write("notifications")}
