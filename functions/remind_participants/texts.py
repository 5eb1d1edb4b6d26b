"""What participants read of what is to come. HTML as Telegram understands it."""

from collections.abc import Mapping
from typing import Literal

from shared.i18n.texts import Text

Kind = Literal["session", "healing", "event", "assignment", "homework"]
Lead = Literal["day", "hour"]
What = Literal["moved", "cancelled", "restored"]

# However late a message arrives, its words are true: what is over is not sent.
HEADS: Mapping[tuple[Kind, Lead], Text] = {
    ("session", "day"): Text(ru="🗓 <b>Скоро занятие</b>", en="🗓 <b>A session is coming up</b>"),
    ("session", "hour"): Text(
        ru="⏰ <b>Занятие начнётся в течение часа</b>", en="⏰ <b>A session begins within the hour</b>"
    ),
    ("healing", "day"): Text(
        ru="🗓 <b>Скоро сессия исцеления, на которую вы записаны</b>",
        en="🗓 <b>The healing session that you signed up for is coming up</b>",
    ),
    ("healing", "hour"): Text(
        ru="⏰ <b>Сессия исцеления, на которую вы записаны, начнётся в течение часа</b>",
        en="⏰ <b>The healing session that you signed up for begins within the hour</b>",
    ),
    ("event", "day"): Text(ru="🎉 <b>Скоро событие</b>", en="🎉 <b>An event is coming up</b>"),
    ("assignment", "day"): Text(ru="📝 <b>Скоро срок задания</b>", en="📝 <b>An assignment is due soon</b>"),
    ("homework", "day"): Text(
        ru="📝 <b>Вы ещё не сдали задание</b>", en="📝 <b>You have not handed in an assignment</b>"
    ),
}
DUE = Text(ru="Сдать до: {day}", en="Due: {day}")
WAS_DUE = Text(ru="Срок был: {day}. Сдать ещё можно.", en="It was due: {day}. You can still hand it in.")
ZONE = Text(ru="Время школы: {zone}", en="The school's time: {zone}")

# The screen that a button opens, and what of it: {} is the id of what somebody is reminded of.
SCREENS: Mapping[Kind, tuple[str, str, Text]] = {
    "session": ("absence", "s{}", Text(ru="🙅 Не приду", en="🙅 I won't come")),
    "healing": ("healing", "s{}", Text(ru="🌿 Моя запись", en="🌿 My sign-up")),
    "event": ("events", "", Text(ru="🎉 События", en="🎉 Events")),
    "assignment": ("assignment", "{}", Text(ru="📝 Открыть задание", en="📝 Open the assignment")),
    "homework": ("assignment", "{}", Text(ru="📝 Открыть задание", en="📝 Open the assignment")),
}
# What became of what they know of. "Was" and "now" stand below.
CHANGES: Mapping[tuple[Kind, What], Text] = {
    ("session", "moved"): Text(ru="🔁 <b>Занятие перенесено</b>", en="🔁 <b>A session was moved</b>"),
    ("session", "cancelled"): Text(ru="❌ <b>Занятие отменено</b>", en="❌ <b>A session was cancelled</b>"),
    ("session", "restored"): Text(
        ru="✅ <b>Занятие всё-таки состоится</b>", en="✅ <b>A session takes place after all</b>"
    ),
    ("event", "moved"): Text(ru="🔁 <b>Событие перенесено</b>", en="🔁 <b>An event was moved</b>"),
    ("event", "cancelled"): Text(ru="❌ <b>Событие отменено</b>", en="❌ <b>An event was cancelled</b>"),
    ("event", "restored"): Text(
        ru="✅ <b>Событие всё-таки состоится</b>", en="✅ <b>An event takes place after all</b>"
    ),
}
WAS = Text(ru="Было: {day}", en="It was: {day}")
IS = Text(ru="Теперь: {day}", en="Now: {day}")
SCHEDULE = Text(ru="📅 Расписание", en="📅 Schedule")
NOTIFICATIONS = Text(ru="🔔 Уведомления", en="🔔 Notifications")
