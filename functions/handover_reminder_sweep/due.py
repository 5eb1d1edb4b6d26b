"""Handovers that are due: a batch is claimed, and each gets its one action, in one short transaction.

Whatever is claimed leaves the head of the queue: with its action, with another moment, or for ten minutes when its
client cannot be served. So nobody waits behind it, and a run comes to an end.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from functions.handover_reminder_sweep import actions
from functions.handover_reminder_sweep.decide import Obstacle, Step, decide
from shared import logs
from shared.database import sql
from shared.database.isolate import isolate_failures
from shared.database.pool import Connection, Database
from shared.errors import DatabaseUnavailable
from shared.support import conversations
from shared.support import outgoing as support_outgoing
from shared.support.conversations import Conversation

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
    claimed: list[Due] = []
    try:
        async with database.transaction() as connection:
            claimed = await _claim(connection, batch_rows)
            return await _settle(connection, claimed, correlation_id) if claimed else None
    except DatabaseUnavailable:
        raise
    except Exception as error:  # what was claimed is tried one by one
        if not claimed:
            raise
        logs.error("batch_failed", cause=error, handovers=len(claimed))
    return await _each(database, claimed, correlation_id)


async def _each(database: Database, claimed: Sequence[Due], correlation_id: str) -> Counter[str]:
    async def settle(one: Due) -> Counter[str]:
        async with database.transaction() as connection:
            return await _settle(connection, [one], correlation_id)

    async def give_up(one: Due, error: Exception) -> Counter[str]:
        ids = {"handover_id": str(one.handover_id), "client_id": str(one.client_id)}
        logs.error("handover_failed", cause=error, **ids, next_step="tried again in ten minutes; see the error")
        async with database.connection() as connection:
            await _postpone(connection, [one])
        return Counter()

    return await isolate_failures(claimed, settle, give_up)


async def _claim(connection: Connection, batch_rows: int) -> list[Due]:
    rows = await (await connection.execute(_SQL["claim"], {"batch": batch_rows})).fetchall()
    return [Due(**row) for row in rows]


async def _settle(connection: Connection, claimed: Sequence[Due], correlation_id: str) -> Counter[str]:
    """Lock, look again, act."""
    locked = await conversations.lock(connection, [one.conversation_id for one in claimed])
    by_conversation = {conversation.conversation_id: conversation for conversation in locked}
    decided = [(one, _decide(one, by_conversation.get(one.conversation_id))) for one in claimed]
    taken = [step for _, step in decided if isinstance(step, Step)]
    cards = {one.handover_id: one.telegram_message_id for one in claimed}
    outgoing = await actions.apply(connection, taken, cards, correlation_id)
    await _recheck(connection, [step for step in taken if step.action is None])
    await _postpone(connection, [one for one, step in decided if not isinstance(step, Step)])
    _log_obstacles([(one.client_id, step) for one, step in decided if isinstance(step, str)])
    await support_outgoing.enqueue_linked(connection, outgoing)
    closed = sum(step.action == "auto_close" for step in taken)
    return Counter(closed=closed, reminders=sum(step.action is not None for step in taken) - closed)


def _decide(one: Due, conversation: Conversation | None) -> Step | Obstacle | None:
    """None: a newer handover has taken this one's place."""
    if conversation is None:
        return "client_without_settings"
    if conversation.handover is None or conversation.handover.id != one.handover_id:
        return None
    return decide(conversation, conversation.handover)


async def _recheck(connection: Connection, idle: Sequence[Step]) -> None:
    """Nothing to do now: when there will be, if ever."""
    if idle:
        columns = {"ids": [step.handover.id for step in idle], "moments": [step.remind_at for step in idle]}
        await connection.execute(_SQL["look_again"], columns)


async def _postpone(connection: Connection, stuck: Sequence[Due]) -> None:
    if stuck:
        await connection.execute(_SQL["postpone"], {"ids": [one.handover_id for one in stuck]})


def _log_obstacles(met: Sequence[tuple[UUID, Obstacle]]) -> None:
    for (client, obstacle), handovers in Counter(met).items():
        logs.error(obstacle, client_id=str(client), handovers=handovers, next_step="carillon support settings")
