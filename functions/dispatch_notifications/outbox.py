"""The drain's statements: claim lanes, finish attempts, see what remains."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from functions.dispatch_notifications.decide import Decision
from shared import sql
from shared.db import Connection

LEASE_SECONDS = 60.0
MOST_WAIT_SECONDS = 1.0  # how far ahead permits are taken

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Attempt:
    """A message that is ours to send now, and the fence that says so."""

    id: int
    attempt_id: UUID
    attempt: int
    bot_id: int
    lane: str
    chat_id: int
    kind: str
    method: str
    payload: Mapping[str, Any]
    policy: str
    correlation_id: str
    send_started_at: datetime
    expired: bool
    taken_over: bool  # somebody may have sent it before us
    doubted: bool  # it was resent once already
    pace: float  # seconds that the chat rests afterwards
    wait: float  # seconds until its permit is valid


async def claim(connection: Connection, bot_id: int, most: int) -> list[Attempt]:
    """Take up to `most` due lanes of a bot and mark their heads as being sent."""
    parameters = {"bot": bot_id, "most": most, "lease": LEASE_SECONDS, "most_wait": MOST_WAIT_SECONDS}
    rows = await (await connection.execute(_SQL["claim"], parameters)).fetchall()
    return [Attempt(**row) for row in rows]


async def finish(connection: Connection, finished: Sequence[tuple[Attempt, Decision]]) -> set[int]:
    """Write down what became of attempts, free their lanes and tell the systems' own tables; the ids that were ours.

    The caller opens the transaction.
    """
    lanes = {"bots": [a.bot_id for a, _ in finished], "lanes": [a.lane for a, _ in finished]}
    await connection.execute(_SQL["lock_lanes"], lanes)
    decisions = {"decisions": json.dumps([_row(attempt, decision) for attempt, decision in finished])}
    rows = await (await connection.execute(_SQL["finish"], decisions)).fetchall()
    ended = [row for row in rows if row["finished_at"]]
    for system in {row["kind"].split("/")[0] for row in ended}:
        if statement := _SQL.get(f"write_back_{system}"):
            await connection.execute(statement, _ended_of(system, ended))
    await connection.execute(_SQL["free_lanes"], decisions)
    if refused := {attempt.bot_id for attempt, decision in finished if decision.outcome == "rate_limited"}:
        await connection.execute(_SQL["pause_bots"], {"bots": sorted(refused)})
    return {row["id"] for row in rows}


async def repair(connection: Connection) -> int:
    """Recompute the heads of lanes that disagree with their rows (there should be none); how many there were.

    The caller opens the transaction.
    """
    rows = await (await connection.execute(_SQL["lock_wrong_lanes"])).fetchall()
    if rows:
        wrong = {"bots": [row["bot_id"] for row in rows], "lanes": [row["lane"] for row in rows]}
        await connection.execute(_SQL["set_heads"], wrong)
    return len(rows)


async def next_due_in(connection: Connection) -> float | None:
    """Seconds until something is due (negative: it is overdue); None when nothing waits."""
    row = await (await connection.execute(_SQL["next_due_in"])).fetchone()
    return row["seconds"] if row else None


async def remaining(connection: Connection) -> int:
    """How many messages and events still wait."""
    row = await (await connection.execute(_SQL["remaining"])).fetchone()
    return int(row["remaining"]) if row else 0


def _row(attempt: Attempt, decision: Decision) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "attempt_id": str(attempt.attempt_id),
        "bot_id": attempt.bot_id,
        "lane": attempt.lane,
        "started_at": attempt.send_started_at.isoformat(),
        **asdict(decision),
    }


def _ended_of(system: str, ended: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    rows = [row for row in ended if row["kind"].startswith(f"{system}/")]
    return {
        "ids": [row["id"] for row in rows],
        "states": [row["state"] for row in rows],
        "message_ids": [row["message_id"] for row in rows],
        "finished": [row["finished_at"] for row in rows],
    }
