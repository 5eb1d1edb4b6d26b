"""Handovers that are due: a batch is claimed, and each gets its one action, in one short transaction.

Whatever is claimed leaves the head of the queue: with its action, with another moment, or for ten minutes when its
desk cannot be served. So nobody waits behind it, and a run comes to an end.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from functions.handover_reminder_sweep import actions, unknown_zones
from functions.handover_reminder_sweep.decide import Obstacle, Step, decide
from shared import logs
from shared.database import sql
from shared.database.isolate import settle_each
from shared.database.pool import Connection, Database
from shared.support import conversations
from shared.support.conversations import Conversation
from shared.support.outgoing import enqueue_linked

BATCH_ROWS = 50

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Due:
    """A handover as the claim found it; what becomes of it is decided from what is read under the lock."""

    handover_id: UUID
    conversation_id: UUID
    client_id: UUID
    telegram_message_id: int | None


async def batch(database: Database, correlation_id: str, batch_rows: int = BATCH_ROWS) -> Counter[str] | None:
    """Settle what is due for longest; how many `reminders` and `closed`. None: nothing is due that nobody else has."""

    async def settle(alone: Sequence[Due]) -> Counter[str]:
        async with database.transaction() as connection:
            return await _settle(connection, alone, correlation_id)

    async def give_up(due: Due, error: Exception) -> Counter[str]:
        ids = {"handover_id": str(due.handover_id), "client_id": str(due.client_id)}
        logs.error("handover_failed", cause=error, **ids, next_step="tried again in ten minutes; see the error")
        async with database.connection() as connection:
            await _postpone(connection, [due])
        return Counter()

    claimed: list[Due] = []
    try:
        async with database.transaction() as connection:
            claimed = await _claim(connection, batch_rows)
            return await _settle(connection, claimed, correlation_id) if claimed else None
    except Exception as error:  # noqa: BLE001 - settle_each logs it, and tries each alone
        return sum(await settle_each(claimed, error, settle, give_up, unit="handovers"), Counter())


async def _claim(connection: Connection, batch_rows: int) -> list[Due]:
    return [Due(**row) for row in await sql.fetch_all(connection, _SQL["claim"], {"batch": batch_rows})]


async def _settle(connection: Connection, claimed: Sequence[Due], correlation_id: str) -> Counter[str]:
    """Lock, decide again, act."""
    locked = await conversations.lock(connection, [due.conversation_id for due in claimed])
    by_conversation = {conversation.conversation_id: conversation for conversation in locked}
    decided = [(due, _decide(due, by_conversation.get(due.conversation_id))) for due in claimed]
    steps = [step for _, step in decided if isinstance(step, Step)]
    card_ids = {due.handover_id: due.telegram_message_id for due in claimed}
    linked_messages = await actions.apply(connection, steps, card_ids, correlation_id)
    linked_messages += unknown_zones.alerts([conversation.desk for conversation in locked], correlation_id)
    await _reschedule(connection, [step for step in steps if step.action is None])
    await _postpone(connection, [due for due, step in decided if not isinstance(step, Step)])
    _log_obstacles([(due.client_id, step) for due, step in decided if isinstance(step, str)])
    await enqueue_linked(connection, linked_messages)
    closed = sum(step.action == "auto_close" for step in steps)
    return Counter(closed=closed, reminders=sum(step.action is not None for step in steps) - closed)


def _decide(due: Due, conversation: Conversation | None) -> Step | Obstacle | None:
    """None: a newer handover has taken this one's place."""
    if conversation is None:
        return "client_without_settings"
    if conversation.handover is None or conversation.handover.id != due.handover_id:
        return None
    return decide(conversation, conversation.handover)


async def _reschedule(connection: Connection, idle: Sequence[Step]) -> None:
    """There is nothing to do for these now: note when there will be, if ever."""
    if idle:
        columns = {"ids": [step.handover.id for step in idle], "moments": [step.remind_at for step in idle]}
        await connection.execute(_SQL["reschedule"], columns)


async def _postpone(connection: Connection, stuck: Sequence[Due]) -> None:
    if stuck:
        await connection.execute(_SQL["postpone"], {"ids": [due.handover_id for due in stuck]})


def _log_obstacles(obstacles: Sequence[tuple[UUID, Obstacle]]) -> None:
    for (desk_id, obstacle), handovers in Counter(obstacles).items():
        logs.error(obstacle, client_id=str(desk_id), handovers=handovers, next_step="carillon support settings")
