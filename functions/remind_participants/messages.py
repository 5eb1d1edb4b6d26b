"""A reminder as a message: what it says, its buttons, and what must still hold when it is sent."""

from html import escape

from functions.remind_participants import texts
from functions.remind_participants.reminders import Reminder, School
from shared.courses import callback_data, formats
from shared.delivery.enqueue import Message
from shared.delivery.kinds import COURSES_REMINDER
from shared.i18n.shorten import shorten_at_word
from shared.i18n.texts import Language

MAX_TITLE, MAX_NOTE = 200, 600


def message(reminder: Reminder, school: School, correlation_id: str) -> Message:
    """What goes out, unless it is moved, cancelled, done or begun by then (the guard of its kind)."""
    facts = ("lead", "subject_id", "user_id", "telegram_id")
    return Message(
        bot_id=school.bot_id,
        chat_id=reminder.telegram_id,
        kind=COURSES_REMINDER,
        dedup_key=reminder.dedup_key,
        payload={
            "text": text(reminder, school),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [_buttons(reminder, school.language)]},
        },
        correlation_id=correlation_id,
        guard={
            "reminder": reminder.kind,
            "happens_at": reminder.happens_at.isoformat(),
            **{name: getattr(reminder, name) for name in facts},
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
        zone = formats.zone(school.timezone, reminder.happens_at)
        lines += ["", f"<i>{texts.ZONE.in_(language).format(zone=zone)}</i>"]
    return "\n".join(lines)


def _buttons(reminder: Reminder, language: Language) -> list[dict[str, str]]:
    """To what it is about, and to where such reminders are switched off."""
    screen, subject, label = texts.SCREENS[reminder.kind]
    data = callback_data.write(screen, "open", subject.format(reminder.subject_id))
    return [
        {"text": label.in_(language), "callback_data": data},
        {"text": texts.NOTIFICATIONS.in_(language), "callback_data": callback_data.write("notifications")},
    ]
