"""From stored answers to messages for the mentors who were responsible at that time."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.dispatch_notifications.getcourse import texts
from functions.dispatch_notifications.getcourse.lesson_answer import LessonAnswer
from shared import logs
from shared.database import sql
from shared.database.isolate import settle_each
from shared.database.pool import Connection, Database, describe
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON, NO_MENTOR
from shared.getcourse import notifications
from shared.getcourse.notifications import Notification

GROUPS_AT_ONCE = 200

_SQL = sql.load(__file__)


async def create_notifications(database: Database) -> int:
    """Turn all due answers into messages; how many answers were processed. Safe to run twice at once.

    A group that cannot be turned into a message (poison) is quarantined, visibly, and its neighbours go on.
    """
    processed = 0
    while True:
        answers: list[LessonAnswer] = []
        try:
            async with database.transaction() as connection:
                answers = await _claim(connection, GROUPS_AT_ONCE)
                await _notify_group(connection, answers)
        except Exception as error:  # noqa: BLE001 - each group is tried alone
            await _notify_each(database, _group_by_training(answers), error)
        processed += len({answer.event_id for answer in answers})
        if len(_group_by_training(answers)) < GROUPS_AT_ONCE:
            return processed


async def _claim(connection: Connection, groups: int, events: Sequence[int] | None = None) -> list[LessonAnswer]:
    """Due answers of at most `groups` groups, locked; `events`: only of the groups that these belong to."""
    parameters = {"groups": groups, "events": events}
    return [LessonAnswer(**row) for row in await sql.fetch_all(connection, _SQL["claim_answers"], parameters)]


def _group_by_training(answers: Iterable[LessonAnswer]) -> list[list[LessonAnswer]]:
    """Answers of one student in one training, as they are claimed."""
    groups: dict[tuple[Any, ...], list[LessonAnswer]] = defaultdict(list)
    for answer in answers:
        groups[answer.source_id, answer.user_id, answer.training_id].append(answer)
    return list(groups.values())


async def _notify_each(database: Database, groups: Sequence[list[LessonAnswer]], error: Exception) -> None:
    async def notify(alone: Sequence[list[LessonAnswer]]) -> None:
        events = [answer.event_id for group in alone for answer in group]
        async with database.transaction() as connection:
            await _notify_group(connection, await _claim(connection, len(alone), events))

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


async def _notify_group(connection: Connection, answers: Sequence[LessonAnswer]) -> None:
    if not answers:
        return
    assigned = [a for a in answers if a.why_waiting is None]
    # With two mentors of whom one has no Telegram, the other is notified and the answer is done.
    reached = {a.event_id for a in assigned}
    waiting = [a for a in answers if a.event_id not in reached]
    new = await notifications.add(connection, [_notification(answer) for answer in assigned])
    linked_messages = [_outgoing(group, new) for group in _group_by_mentor(assigned, new)]
    alerts = [_alert(group) for group in _unassigned(waiting)]
    ids = await enqueue(connection, [linked.message for linked in linked_messages] + alerts)
    carried = [(n, ids[linked.message.dedup_key]) for linked in linked_messages for n in linked.notification_ids]
    await notifications.link(connection, carried)
    await connection.execute(_SQL["mark_processed"], {"events": sorted(reached)})
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
    )


def _group_by_mentor(assigned: Iterable[LessonAnswer], new: Mapping[str, int]) -> list[list[LessonAnswer]]:
    """New answers, grouped into messages: one per mentor, student and training."""
    groups: dict[tuple[Any, ...], list[LessonAnswer]] = defaultdict(list)
    for answer in assigned:
        if _notification(answer).message_hash in new:
            groups[answer.mentor_id, answer.source_id, answer.user_id, answer.training_id].append(answer)
    return list(groups.values())


@dataclass(frozen=True)
class _Outgoing:
    """A message and the notifications that it carries."""

    message: Message
    notification_ids: list[int]


def _outgoing(group: Sequence[LessonAnswer], new: Mapping[str, int]) -> _Outgoing:
    first = group[0]
    notification_ids = [new[_notification(answer).message_hash] for answer in group]
    message = Message(
        bot_id=first.bot_id or 0,
        chat_id=first.telegram_id or 0,
        kind=ANSWER_TO_LESSON,
        dedup_key=f"getcourse/notification/{notification_ids[0]}",
        payload=texts.message(group),
        correlation_id=first.correlation_id,
    )
    return _Outgoing(message, notification_ids)


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
