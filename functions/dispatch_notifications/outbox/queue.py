"""The drain's statements: claim lanes, finish attempts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from functions.dispatch_notifications.outbox import alerts, remedies
from functions.dispatch_notifications.outbox.retry_policy import Decision
from shared import write_back
from shared.database import sql
from shared.database.pool import Connection
from shared.delivery import lanes

MAX_WAIT_SECONDS = 1.0  # how far ahead permits are taken

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Attempt:
    """A message that is ours to send now, and the fence that says so."""

    id: int
    attempt_id: UUID
    attempt: int
    bot_id: int
    lane: str
    chat: str  # the lane that paces this one, often itself
    chat_id: int | None
    recipient: str | None
    kind: str
    method: str
    payload: Mapping[str, Any]
    policy: str
    topic: str | None
    thread_id: int | None  # the topic's, once it exists
    guard: Mapping[str, Any] | None
    as_text: bool
    last_error: str | None
    correlation_id: str
    send_started_at: datetime
    expired: bool
    taken_over: bool  # somebody may have sent it before us
    doubted: bool  # it was resent once already
    blocked: str | None  # why its chat could not be written to, found out less than an hour ago
    pace: float  # seconds that the chat rests afterwards
    wait: float  # seconds until its permit is valid

    @property
    def needs_topic(self) -> bool:
        """Whether its topic does not exist (yet)."""
        return self.topic is not None and self.thread_id is None and self.method != "createForumTopic"


Finished = tuple[Attempt, Decision]


async def claim(connection: Connection, bot_id: int, most: int, lease_seconds: float) -> list[Attempt]:
    """Take up to `most` due lanes of a bot and mark their heads as being sent."""
    parameters = {"bot": bot_id, "most": most, "lease": lease_seconds, "most_wait": MAX_WAIT_SECONDS}
    rows = await (await connection.execute(_SQL["claim"], parameters)).fetchall()
    return [Attempt(**row) for row in rows]


async def finish(connection: Connection, finished: Sequence[Finished]) -> set[int]:
    """Write down what became of attempts, free their lanes and tell the systems' own tables; the ids that were ours.

    The caller opens the transaction.
    """
    await write_back.lock(connection, [vars(attempt) for attempt, _ in finished])
    await _lock_lanes(connection, finished)
    decisions = {"decisions": json.dumps([_row(attempt, decision) for attempt, decision in finished])}
    rows = await (await connection.execute(_SQL["finish"], decisions)).fetchall()
    ours = {row["id"]: row for row in rows}
    of_ours = [(attempt, decision) for attempt, decision in finished if attempt.id in ours]
    await _unpark(connection, of_ours)
    await remedies.apply(connection, of_ours)
    await write_back.write_back(connection, [row for row in rows if row["finished_at"]])
    await alerts.raise_alerts(connection, of_ours)
    await connection.execute(_SQL["free_lanes"], decisions)
    if any(attempt.lane != attempt.chat for attempt, _ in finished):
        await connection.execute(_SQL["pace_chats"], decisions)
    await _pause_bots(connection, finished)
    return set(ours)


async def _lock_lanes(connection: Connection, finished: Sequence[Finished]) -> None:
    """Lock all that this transaction will change: the lanes, those that pace them, those where topics are created."""
    wanted = {
        (attempt.bot_id, lane)
        for attempt, _ in finished
        for lane in (attempt.lane, attempt.chat, lanes.name(attempt.chat, attempt.topic))
    }
    columns = {"bots": [bot for bot, _ in wanted], "lanes": [lane for _, lane in wanted]}
    await connection.execute(_SQL["lock_lanes"], columns)


async def _unpark(connection: Connection, finished: Sequence[Finished]) -> None:
    parked = [attempt for attempt, decision in finished if decision.parked]
    if parked:
        columns = {"ids": [attempt.id for attempt in parked], "chats": [attempt.chat for attempt in parked]}
        await connection.execute(_SQL["open_parked"], columns)


async def _pause_bots(connection: Connection, finished: Sequence[Finished]) -> None:
    refused = [(attempt, decision) for attempt, decision in finished if decision.outcome == "rate_limited"]
    if refused:
        bots = {attempt.bot_id for attempt, _ in refused}
        meant = {attempt.bot_id for attempt, decision in refused if decision.bot_wide}
        await connection.execute(_SQL["pause_bots"], {"bots": sorted(bots), "meant": sorted(meant)})


def _row(attempt: Attempt, decision: Decision) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "attempt_id": str(attempt.attempt_id),
        "bot_id": attempt.bot_id,
        "lane": attempt.lane,
        "chat": attempt.chat,
        "started_at": attempt.send_started_at.isoformat(),
        **vars(decision),
    }
