"""From stored answers to messages for the mentors who were responsible at that time."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.dispatch_notifications.getcourse import form, texts
from functions.dispatch_notifications.getcourse.lesson_answer import LessonAnswer
from shared import logs
from shared.database import sql
from shared.database.isolate import settle_each
from shared.database.pool import Connection, Database, describe
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON, NO_MENTOR
from shared.getcourse import notifications
from shared.getcourse.notifications import Notification

MAX_GROUPS = 400  # in one transaction
MAX_ANSWERS = 500  # in one transaction: a few tenths of a second

_SQL = sql.load(__file__)


async def create_notifications(database: Database) -> int:
    """Turn a batch of due answers into messages; how many answers were processed, 0 when none is due.

    Schools take turns. Safe to run twice at once. A group that cannot be turned into a message (poison) is quarantined,
    visibly, and its neighbours go on.
    """
    async with database.connection() as connection:
        limits = {"groups": MAX_GROUPS, "most": MAX_ANSWERS}
        due = [row["id"] for row in await sql.fetch_all(connection, _SQL["find_due"], limits)]
    if not due:
        return 0
    answers: list[LessonAnswer] = []
    try:
        async with database.transaction() as connection:
            answers = await _claim(connection, due)
            await _notify(connection, answers)
    except Exception as error:  # noqa: BLE001 - each group is tried alone
        await _notify_each(database, _group_by_training(answers), error)
    return len({answer.event_id for answer in answers})


async def next_due_in(connection: Connection) -> float | None:
    """Seconds until answers are due (negative: they are); None when none wait."""
    seconds: float | None = await sql.fetch_value(connection, _SQL["next_due_in"])
    return seconds


async def _claim(connection: Connection, events: Sequence[int]) -> list[LessonAnswer]:
    """Those of these answers that are still due, locked, unless somebody else has locked them."""
    locked = [row["id"] for row in await sql.fetch_all(connection, _SQL["lock"], {"events": events})]
    if not locked:
        return []
    parameters = {"events": locked, "most": form.MAX_CHARACTERS}
    return [LessonAnswer(**row) for row in await sql.fetch_all(connection, _SQL["load"], parameters)]


def _group_by_training(answers: Iterable[LessonAnswer]) -> list[list[LessonAnswer]]:
    """Answers of one student in one training, as they are claimed."""
    groups: dict[tuple[Any, ...], list[LessonAnswer]] = defaultdict(list)
    for answer in answers:
        groups[answer.source_id, answer.user_id, answer.training_id].append(answer)
    return list(groups.values())


async def _notify_each(database: Database, groups: Sequence[list[LessonAnswer]], error: Exception) -> None:
    async def notify(alone: Sequence[list[LessonAnswer]]) -> None:
        events = sorted({answer.event_id for group in alone for answer in group})
        async with database.transaction() as connection:
            await _notify(connection, await _claim(connection, events))

    async def give_up(group: list[LessonAnswer], error: Exception) -> None:
        await _quarantine(database, group, error)

    await settle_each(groups, error, notify, give_up, unit="groups")


async def _quarantine(database: Database, answers: Sequence[LessonAnswer], error: Exception) -> None:
    """Let a poison group wait with its reason; it is tried again now and then."""
    logs.error("answers_put_aside", cause=error, events=[answer.event_id for answer in answers])
    parameters = {
        "events": [a.event_id for a in answers],
        "error_class": describe(error),
        "location": logs.location(error),
    }
    async with database.connection() as connection:
        await connection.execute(_SQL["quarantine"], parameters)


async def _notify(connection: Connection, answers: Sequence[LessonAnswer]) -> None:
    if not answers:
        return
    assigned = [(a, _notification(a)) for a in answers if a.why_waiting is None]
    # With two mentors of whom one has no Telegram, the other is notified and the answer is done.
    reached = {a.event_id for a, _ in assigned}
    waiting = [a for a in answers if a.event_id not in reached]
    new = await notifications.reserve(connection, [notification for _, notification in assigned])
    linked_messages = [_outgoing(group, new) for group in _group_by_mentor(assigned, new)]
    alerts = [_alert(group) for group in _unassigned(waiting)]
    ids = await enqueue(connection, [linked.message for linked in linked_messages] + alerts)
    carried = [
        (new[notification.message_hash], notification, ids[linked.message.dedup_key])
        for linked in linked_messages
        for notification in linked.notifications
    ]
    if reached:
        await notifications.store(connection, carried)
        await connection.execute(_SQL["mark_processed"], {"events": sorted(reached)})
    if waiting:
        await _postpone(connection, waiting)
    context = {"answers": len(reached), "messages": len(linked_messages), "waiting": len(waiting)}
    await connection.execute(_SQL["log_notified"], {"context": json.dumps(context)})


def _notification(answer: LessonAnswer) -> Notification:
    """The mentor is notified of this answer, in this status and these words, once."""
    return Notification(
        mentor_id=answer.mentor_id or 0,
        type="answerToLesson",
        message=texts.one_answer(answer),
        subject=(answer.source_id, answer.answer_id, answer.answer_status or "", answer.answer_hash),
        event_id=answer.event_id,
        neighborhood=f"{answer.source_id}/{answer.answer_id}",  # GetCourse numbers answers as they come
    )


def _group_by_mentor(
    assigned: Iterable[tuple[LessonAnswer, Notification]], new: Mapping[str, int]
) -> list[list[tuple[LessonAnswer, Notification]]]:
    """New answers, grouped into messages: one per mentor, student and training."""
    groups: dict[tuple[Any, ...], list[tuple[LessonAnswer, Notification]]] = defaultdict(list)
    for answer, notification in assigned:
        if notification.message_hash in new:
            groups[answer.mentor_id, answer.source_id, answer.user_id, answer.training_id].append(
                (answer, notification)
            )
    return list(groups.values())


@dataclass(frozen=True)
class _Outgoing:
    """A message and the notifications that it carries."""

    message: Message
    notifications: list[Notification]


def _outgoing(group: Sequence[tuple[LessonAnswer, Notification]], new: Mapping[str, int]) -> _Outgoing:
    first, notification = group[0]
    message = Message(
        bot_id=first.bot_id or 0,
        chat_id=first.telegram_id or 0,
        kind=ANSWER_TO_LESSON,
        dedup_key=f"getcourse/notification/{new[notification.message_hash]}",
        payload=texts.message([answer for answer, _ in group], notification.message),
        correlation_id=first.correlation_id,
    )
    return _Outgoing(message, [notification for _, notification in group])


def _unassigned(waiting: Iterable[LessonAnswer]) -> list[list[LessonAnswer]]:
    """Backlog without an alert to its school's admin chat: one group per source."""
    groups: dict[int, list[LessonAnswer]] = defaultdict(list)
    for answer in waiting:
        if answer.source_id and answer.admin_chat_id and answer.bot_id and not answer.admin_notified:
            groups[answer.source_id].append(answer)
    return list(groups.values())


def _alert(group: Sequence[LessonAnswer]) -> Message:
    first = group[0]
    return Message(
        bot_id=first.bot_id or 0,
        chat_id=first.admin_chat_id or 0,
        kind=NO_MENTOR,
        dedup_key=f"getcourse/event/{first.event_id}/no-mentor",
        payload=texts.nobody_responsible(group),
        correlation_id=first.correlation_id,
    )


async def _postpone(connection: Connection, waiting: Sequence[LessonAnswer]) -> None:
    columns = {
        "events": [a.event_id for a in waiting],
        "reasons": [a.why_waiting for a in waiting],
        "notified": [bool(a.admin_chat_id and a.bot_id) for a in waiting],
    }
    await connection.execute(_SQL["postpone"], columns)
