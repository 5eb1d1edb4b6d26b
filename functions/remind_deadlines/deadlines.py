"""Approaching deadlines: which students have not answered, and which mentor is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.remind_deadlines import texts
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import DEADLINE_APPROACHING
from shared.getcourse import notifications
from shared.getcourse.notifications import Notification
from shared.getcourse.texts import COURSE, LESSON, lesson_title, local, title
from shared.i18n.texts import Language

AHEAD = timedelta(hours=24)
MAX_NAMED = 20

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Deadline:
    """A lesson's deadline, with those of one mentor's students who have not answered it."""

    mentor_id: int
    telegram_id: int
    lesson_id: str
    training_id: str
    module_number: int | None
    module_title: str | None
    lesson_number: int | None
    lesson_title: str
    deadline_at: datetime
    students: list[str]
    training_title: str | None
    timezone: str
    language: Language
    bot_id: int | None


async def remind(connection: Connection, correlation_id: str, ahead: timedelta = AHEAD) -> int:
    """Enqueue one message per mentor and deadline that has none yet; how many.

    The caller opens the transaction.
    """
    rows = await sql.fetch_all(connection, _SQL["approaching"], {"ahead_seconds": ahead.total_seconds()})
    due = [deadline for row in rows if (deadline := Deadline(**row)).bot_id is not None]
    new = await notifications.add(connection, [notification(deadline) for deadline in due])
    messages = {
        new[key]: _message(deadline, new[key], correlation_id)
        for deadline in due
        if (key := notification(deadline).message_hash) in new
    }
    ids = await enqueue(connection, list(messages.values()))
    await notifications.link(connection, [(number, ids[message.dedup_key]) for number, message in messages.items()])
    return len(messages)


def notification(deadline: Deadline) -> Notification:
    """The notification of a deadline, unique per lesson and moment: a moved deadline is a new one."""
    return Notification(
        mentor_id=deadline.mentor_id,
        type="deadlineApproaching",
        message=text(deadline),
        subject=(deadline.lesson_id, deadline.deadline_at.timestamp()),
    )


def text(deadline: Deadline) -> str:
    """The message, in HTML; it names at most MAX_NAMED students."""
    language = deadline.language
    moment = local(deadline.deadline_at, deadline.timezone, language)
    course = [COURSE.in_(language).format(title=title(deadline.training_title))] if deadline.training_title else []
    lesson = lesson_title(
        deadline.module_number, deadline.module_title, deadline.lesson_number, deadline.lesson_title
    )  # fmt: skip
    lines = [texts.HEAD.in_(language).format(moment=moment), *course, LESSON.in_(language).format(title=lesson), ""]
    students = [f"• {title(student)}" for student in deadline.students]
    lines += [texts.NOT_ANSWERED.in_(language).format(count=len(students)), *students[:MAX_NAMED]]
    if len(students) > MAX_NAMED:
        lines.append(texts.MORE.in_(language).format(count=len(students) - MAX_NAMED))
    return "\n".join(lines)


def _message(deadline: Deadline, notification_id: int, correlation_id: str) -> Message:
    payload: dict[str, Any] = {"text": text(deadline), "parse_mode": "HTML"}
    return Message(
        bot_id=deadline.bot_id or 0,
        chat_id=deadline.telegram_id,
        kind=DEADLINE_APPROACHING,
        dedup_key=f"getcourse/notification/{notification_id}",
        payload=payload,
        correlation_id=correlation_id,
        guard={"lesson_id": deadline.lesson_id, "deadline_at": deadline.deadline_at.isoformat()},
    )
