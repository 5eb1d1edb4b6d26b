"""From stored answers to messages for the mentors who were responsible at that time (system 1)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from functions.dispatch_notifications import mentor_texts
from functions.dispatch_notifications.answer import Answer
from shared import sql
from shared.db import Connection, Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import ANSWER_TO_LESSON, NO_MENTOR

GROUPS_AT_ONCE = 200

_SQL = sql.load(__file__)


async def notify(database: Database) -> int:
    """Turn all due answers into messages; how many answers were looked at. Safe to run twice at once."""
    seen = 0
    while True:
        async with database.transaction() as connection:
            answers = await _claim(connection)
            if answers:
                await _notify(connection, answers)
        if not answers:
            return seen
        seen += len({answer.event_id for answer in answers})


async def _claim(connection: Connection) -> list[Answer]:
    rows = await (await connection.execute(_SQL["claim_answers"], {"groups": GROUPS_AT_ONCE})).fetchall()
    return [Answer(**row) for row in rows]


async def _notify(connection: Connection, answers: Sequence[Answer]) -> None:
    told = [a for a in answers if a.why_waiting is None]
    # With two mentors of whom one has no Telegram, the other is told and the answer is done.
    reached = {a.event_id for a in told}
    waiting = [a for a in answers if a.event_id not in reached]
    new = await _add_notifications(connection, told)
    messages = [_message(group, new) for group in _by_mentor(told, new)]
    alerts = [_alert(group) for group in _to_alert(waiting)]
    ids = await enqueue(connection, messages + alerts)
    await _link(connection, told, new, messages, ids)
    await connection.execute(_SQL["mark_processed"], {"events": sorted(reached)})
    await _keep_waiting(connection, waiting)
    context = {"answers": len(reached), "messages": len(messages), "waiting": len(waiting)}
    await connection.execute(_SQL["log_notified"], {"context": json.dumps(context)})


async def _add_notifications(connection: Connection, told: Sequence[Answer]) -> dict[str, int]:
    """Ids of the notifications that nobody made before, by message hash."""
    columns: dict[str, list[Any]] = {
        "mentor_id": [a.mentor_id for a in told],
        "message": [mentor_texts.one_answer(a) for a in told],
        "event_id": [a.event_id for a in told],
        "message_hash": [message_hash(a) for a in told],
    }
    rows = await (await connection.execute(_SQL["add_notifications"], columns)).fetchall()
    return {row["message_hash"]: row["id"] for row in rows}


def message_hash(answer: Answer) -> str:
    """What makes a notification the same for ever: its type, the mentor, and the answer's natural key."""
    parts = ("answerToLesson", answer.mentor_id, answer.source_id, answer.answer_id, answer.answer_status or "",
             answer.answer_hash)  # fmt: skip
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _by_mentor(told: Iterable[Answer], new: Mapping[str, int]) -> list[list[Answer]]:
    """New answers, grouped into messages: one per mentor, student and training."""
    groups: dict[tuple[Any, ...], list[Answer]] = defaultdict(list)
    for answer in told:
        if message_hash(answer) in new:
            groups[answer.mentor_id, answer.source_id, answer.user_id, answer.training_id].append(answer)
    return list(groups.values())


def _message(group: Sequence[Answer], new: Mapping[str, int]) -> Message:
    first = group[0]
    return Message(
        bot_id=first.bot_id or 0,
        chat_id=first.telegram_id or 0,
        kind=ANSWER_TO_LESSON,
        dedup_key=f"getcourse/notification/{new[message_hash(first)]}",
        payload=mentor_texts.message(group),
        correlation_id=first.correlation_id,
    )


async def _link(
    connection: Connection,
    told: Iterable[Answer],
    new: Mapping[str, int],
    messages: Sequence[Message],
    ids: Mapping[str, int],
) -> None:
    """Note at each notification which message carries it, so that the sender can write back."""
    links = [
        (new[message_hash(answer)], ids[message.dedup_key])
        for group, message in zip(_by_mentor(told, new), messages, strict=True)
        for answer in group
    ]
    columns = {"notification_id": [link[0] for link in links], "outbox_id": [link[1] for link in links]}
    await connection.execute(_SQL["link_messages"], columns)


def _to_alert(waiting: Iterable[Answer]) -> list[list[Answer]]:
    """Backlog that its school's admin chat has not heard of: one group per source."""
    groups: dict[int, list[Answer]] = defaultdict(list)
    for answer in waiting:
        if answer.source_id and answer.admin_chat_id and answer.bot_id and not answer.admin_told:
            groups[answer.source_id].append(answer)
    return list(groups.values())


def _alert(group: Sequence[Answer]) -> Message:
    first = group[0]
    return Message(
        bot_id=first.bot_id or 0,
        chat_id=first.admin_chat_id or 0,
        kind=NO_MENTOR,
        dedup_key=f"getcourse/event/{first.event_id}/no-mentor",
        payload=mentor_texts.nobody_responsible(group),
        correlation_id=first.correlation_id,
    )


async def _keep_waiting(connection: Connection, waiting: Sequence[Answer]) -> None:
    columns = {
        "events": [a.event_id for a in waiting],
        "reasons": [a.why_waiting for a in waiting],
        "told": [bool(a.admin_chat_id and a.bot_id) for a in waiting],
    }
    await connection.execute(_SQL["keep_waiting"], columns)
