"""The drain's statements: claim lanes, finish attempts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from functions.dispatch_notifications.outbox import holds, pauses, remedies
from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.holds import Refused
from functions.dispatch_notifications.outbox.retry_policy import Decision, Finished
from shared import write_back
from shared.channels.outcome import Outcome
from shared.database import sql
from shared.database.pool import Connection, Row
from shared.delivery import alerts, chat_states, lane_heads, lanes
from shared.delivery.alerts import Cause
from shared.delivery.chat_states import Cleared
from shared.delivery.enqueue import enqueue

MAX_WAIT_SECONDS = 1.0  # how far ahead permits are taken

_NO_REQUEST = Outcome("transient")  # nothing is known of an outcome
_SQL = sql.load(__file__)


async def claim(connection: Connection, bot_id: int, most: int, lease_seconds: float) -> list[Attempt]:
    """Take up to `most` due lanes of a bot and mark their heads as being sent."""
    parameters = {"bot": bot_id, "most": most, "lease": lease_seconds, "most_wait": MAX_WAIT_SECONDS}
    rows = await sql.fetch_all(connection, _SQL["claim"], parameters)
    return [Attempt(**row) for row in rows]


async def finish(connection: Connection, finished: Sequence[Finished]) -> set[UUID]:
    """Write down what became of attempts, free their lanes and write back to the systems; the attempts that were ours.

    One that was taken over is not, even if the same process took it over. The caller opens the transaction.
    """
    await write_back.lock(connection, [{"id": attempt.id, "kind": attempt.kind} for attempt, _ in finished])
    await _lock_lanes(connection, finished)
    decisions = {"decisions": json.dumps([_row(attempt, decision) for attempt, decision in finished])}
    rows = await sql.fetch_all(connection, _SQL["finish"], decisions)
    ours = {row["attempt_id"] for row in rows}
    of_ours = [(attempt, decision) for attempt, decision in finished if attempt.attempt_id in ours]
    await _open_parked_lanes(connection, of_ours)
    await remedies.apply(connection, of_ours)
    await write_back.write_back(connection, [row for row in rows if row["finished_at"]])
    refused_bots = await pauses.refused_bots(connection, finished)
    causes = {**_alarming(of_ours), **pauses.long_pauses(of_ours, refused_bots)}
    await enqueue(connection, await alerts.messages(connection, causes))
    await connection.execute(_SQL["free_lanes"], decisions)
    await _refresh_moved_lanes(connection, {attempt.attempt_id: attempt for attempt, _ in finished}, rows)
    if any(attempt.lane != attempt.chat for attempt, _ in finished):
        await connection.execute(_SQL["pace_chats"], decisions)
    await _hold_groups(connection, of_ours)
    await pauses.pause_bots(connection, refused_bots)
    return ours


def _alarming(finished: Sequence[Finished]) -> dict[Cause, str]:
    """What of these endings somebody has to hear of, with the correlation id of the first of each."""
    causes: dict[Cause, str] = {}
    for attempt, decision in finished:
        is_found_out = decision.chat_state is not None and decision.chat_state != attempt.last_error
        is_alarming = decision.state in ("dead", "unknown") or decision.result == "bot_refused" or is_found_out
        error_class = decision.error_class or decision.result
        is_unreached = error_class in alerts.UNREACHED and (attempt.chat_id or 0) > 0  # a person, and no group
        if is_alarming and not alerts.is_silent(attempt.kind, is_unreached=is_unreached):
            group = attempt.chat_id if decision.chat_state else None
            words = decision.outcome.words if decision.outcome else None
            cause = Cause(attempt.bot_id, error_class, group, words, attempt.chat_id if is_unreached else None)
            causes.setdefault(cause, attempt.correlation_id)
    return causes


async def _hold_groups(connection: Connection, finished: Sequence[Finished]) -> None:
    """Let what would be refused like these wait with them, and what waited go on once such a message arrived."""
    if refused := [
        Refused(attempt.bot_id, attempt.chat, attempt.lane, attempt.method, decision.chat_state)
        for attempt, decision in finished
        if decision.chat_state
    ]:
        await holds.hold(connection, refused)
    if cleared := {
        Cleared(attempt.bot_id, attempt.chat, attempt.last_error)
        for attempt, decision in finished
        if decision.state == "sent" and attempt.last_error in chat_states.STATES
    }:
        await chat_states.release(connection, cleared)


async def _lock_lanes(connection: Connection, finished: Sequence[Finished]) -> None:
    """Lock all that this transaction will change: the lanes, those that pace them, those where topics are created."""
    wanted = {
        (attempt.bot_id, lane)
        for attempt, _ in finished
        for lane in (attempt.lane, attempt.chat, lanes.name(attempt.chat, attempt.topic))
    }
    columns = {"bots": [bot for bot, _ in wanted], "lanes": [lane for _, lane in wanted]}
    await connection.execute(_SQL["lock_lanes"], columns)


async def _open_parked_lanes(connection: Connection, finished: Sequence[Finished]) -> None:
    parked = [attempt for attempt, decision in finished if decision.parked]
    if parked:
        await connection.execute(_SQL["open_parked_lanes"], {"ids": [attempt.id for attempt in parked]})


async def _refresh_moved_lanes(connection: Connection, attempts: Mapping[UUID, Attempt], rows: Sequence[Row]) -> None:
    """A group moved while an attempt's lease had run out, and its message lines up in a lane of the new chat."""
    moved = {
        (row["bot_id"], row["lane"])
        for row in rows
        if not row["parked"] and row["lane"] != attempts[row["attempt_id"]].lane
    }
    if moved:
        columns = {"bots": [bot for bot, _ in moved], "lanes": [lane for _, lane in moved]}
        await connection.execute(_SQL["lock_lanes"], columns)
        await lane_heads.refresh(connection, moved)


def _row(attempt: Attempt, decision: Decision) -> dict[str, Any]:
    """As much as the statements read: of some hundred messages a second each name counts."""
    outcome = decision.outcome or _NO_REQUEST
    return {
        "id": attempt.id,
        "attempt_id": str(attempt.attempt_id),
        "bot_id": attempt.bot_id,
        "lane": attempt.lane,
        "chat": attempt.chat,
        "started_at": attempt.send_started_at.isoformat(),
        "outcome": decision.result,
        "state": decision.state,
        "error_class": decision.error_class,
        "pause": decision.pause,
        "delay": decision.delay,
        "counts_as_attempt": decision.counts_as_attempt,
        "may_be_duplicate": decision.may_be_duplicate,
        "parked": decision.parked,
        "as_text": decision.as_text,
        "http_status": outcome.http_status,
        "retry_after": outcome.retry_after,
        "message_id": outcome.message_id,
        "external_id": outcome.external_id,
        "thread_id": outcome.thread_id,
        "error_text": outcome.words,
    }
