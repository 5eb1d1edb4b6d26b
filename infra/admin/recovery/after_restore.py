"""Set aside what a restored database would do a second time: all that was due before its predecessor was lost.

Nobody knows what went out between the backup and the loss, so whatever may have is held for a person: messages become
`unknown`, answers and requests wait, reminders and digests count as sent. Bots are paused until somebody resumes them.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from functions.remind_deadlines import deadlines
from functions.remind_deadlines.deadlines import Deadline
from infra.admin import bots, schema
from infra.admin.database import Connection as AdminConnection
from infra.admin.database import fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.outbox.changes import BATCH_SIZE, actor
from shared import write_back
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.delivery import lane_heads
from shared.errors import DatabaseUnavailable
from shared.getcourse import notifications
from shared.support import cards
from shared.support.outgoing import enqueue_linked

_SQL = sql.load(__file__)
_APPROACHING = sql.load(deadlines.__file__)["approaching"]


@dataclass(frozen=True)
class Gap:
    """What nobody remembers: from the backup until the database was lost."""

    backup_of: datetime
    until: datetime

    @property
    def parameters(self) -> dict[str, datetime]:
        """For statements."""
        return {"backup_of": self.backup_of, "until": self.until}


@dataclass(frozen=True)
class Plan:
    """Messages in groups (bot, kind, policy, fate, messages, ids), and how much else is held, by what it is."""

    gap: Gap
    groups: Sequence[Mapping[str, Any]]
    held: Mapping[str, int]

    @property
    def ids(self) -> list[int]:
        """The messages that become unknown."""
        return sorted(number for group in self.groups if group["fate"] == "unknown" for number in group["ids"])


def find_gap(connection: AdminConnection, backup_of: datetime, until: datetime | None) -> Gap:
    """The gap; without `until` the one that an earlier run meant, else up to now. Raises AdminError."""
    if schema.revision(connection) != schema.newest():
        raise AdminError("the restored schema is not at the newest revision", "run first: carillon db upgrade")
    now = datetime.now(UTC)
    if until is None:
        until = fetch_one(connection, _SQL["former_end"], backup_of=backup_of)["until"] or now
    if not backup_of <= until <= now:
        raise AdminError("the backup is older than the loss, and both have been", "correct --backup-of or --lost-at")
    return Gap(backup_of, until)


def pause_bots(connection: AdminConnection) -> list[str]:
    """Nothing is sent until somebody resumes them; the names of those that were not paused yet."""
    return bots.pause(connection)


def plan(connection: AdminConnection, database_url: str, gap: Gap) -> Plan:
    """What would be held. Changes nothing. Raises AdminError."""
    groups = fetch(connection, _SQL["messages"], **gap.parameters)
    return Plan(gap, groups, asyncio.run(_try(database_url, gap)))


def carry_out(
    database_url: str, planned: Plan, on_progress: Callable[[int], None] = lambda _: None
) -> tuple[int, Mapping[str, int]]:
    """Do what is planned, in short transactions, and write it down; how many messages became unknown, what is held.

    Once more is as good as once. Raises AdminError when the database breaks off.
    """
    return asyncio.run(_carry_out(database_url, planned, on_progress))


async def _try(database_url: str, gap: Gap) -> dict[str, int]:
    """How much each step would hold."""
    database = Database(database_url, size=1)
    try:
        async with database.connection() as connection, connection.transaction(force_rollback=True):
            return {name: await step(connection, gap) for name, step in _STEPS.items()}
    except DatabaseUnavailable:
        raise _broken_off() from None
    finally:
        await database.close()


async def _carry_out(
    database_url: str, planned: Plan, on_progress: Callable[[int], None]
) -> tuple[int, dict[str, int]]:  # fmt: skip
    database, changed, held = Database(database_url, size=1), 0, dict[str, int]()
    try:
        for start in range(0, len(planned.ids), BATCH_SIZE):
            batch = planned.ids[start : start + BATCH_SIZE]
            async with database.transaction() as connection:
                changed += await _set_aside(connection, planned.gap, batch)
            on_progress(len(batch))
        for name, step in _STEPS.items():
            async with database.transaction() as connection:
                held[name] = await step(connection, planned.gap)
        if any(held.values()):
            async with database.transaction() as connection:
                await _audit(connection, planned.gap, [], held)
    except DatabaseUnavailable:
        raise _broken_off() from None
    finally:
        await database.close()
    return changed, held


def _broken_off() -> AdminError:
    cause = "the database broke off, or somebody else held what this needs"
    return AdminError(cause, "stop the functions and run it again: nothing is done twice")


async def _set_aside(connection: Connection, gap: Gap, ids: list[int]) -> int:
    await connection.execute(_SQL["lock_lanes"], {"ids": ids})
    rows = await sql.fetch_all(connection, _SQL["set_aside"], {"ids": ids, "backup_of": gap.backup_of})
    if rows:
        await lane_heads.refresh(connection, {(row["bot_id"], row["lane"]) for row in rows})
        await write_back.write_back(connection, rows)
        await _audit(connection, gap, sorted(row["id"] for row in rows), {})
    return len(rows)


async def _audit(connection: Connection, gap: Gap, ids: list[int], held: Mapping[str, int]) -> None:
    selection = {**gap.parameters, **({"held": held} if held else {})}
    parameters = {"actor": actor(), "selection": json.dumps(selection, default=str), "ids": ids}
    await connection.execute(_SQL["audit"], parameters)


async def _count(connection: Connection, statement: str, gap: Gap) -> int:
    row = await sql.fetch_one(connection, _SQL[statement], gap.parameters)
    return int(row["held"])


async def _hold_answers(connection: Connection, gap: Gap) -> int:
    return await _count(connection, "hold_answers", gap)


async def _note_reminders(connection: Connection, gap: Gap) -> int:
    """Deadlines that came near before the loss: their mentors may have been told."""
    parameters = {"ahead_seconds": deadlines.AHEAD.total_seconds()}
    rows = await sql.fetch_all(connection, _APPROACHING, parameters)
    due = [deadline for row in rows if (deadline := Deadline(**row)).deadline_at - deadlines.AHEAD <= gap.until]
    new = await notifications.add(connection, [deadlines.notification(deadline) for deadline in due])
    await connection.execute(_SQL["mark_reminders_unknown"], {"ids": list(new.values())})
    return len(new)


async def _hold_handovers(connection: Connection, gap: Gap) -> int:
    """Cards whose request was solved meanwhile have lost their buttons: an edit brings back what the database knows."""
    held = await _count(connection, "hold_handovers", gap)
    rows = await sql.fetch_all(connection, _SQL["open_handovers"], gap.parameters)
    edits = await cards.refreshed(connection, [row["id"] for row in rows], "after-restore")
    suffix = f"/restored/{gap.backup_of.timestamp():.0f}"
    await enqueue_linked(
        connection,
        [replace(edit, message=replace(edit.message, dedup_key=edit.message.dedup_key + suffix)) for edit in edits],
    )
    return held


async def _hold_bursts(connection: Connection, gap: Gap) -> int:
    return await _count(connection, "hold_bursts", gap)


async def _note_digests(connection: Connection, gap: Gap) -> int:
    await connection.execute(_SQL["become_keeper"])
    noted = await _count(connection, "note_digests", gap)
    await connection.execute(_SQL["reset_role"])
    return noted


# Enqueueing keeps lanes locked until the end, so the step that does comes last.
_STEPS: Mapping[str, Callable[[Connection, Gap], Awaitable[int]]] = {
    "answers": _hold_answers,
    "deadline_reminders": _note_reminders,
    "unanswered_customers": _hold_bursts,
    "digests": _note_digests,
    "requests_for_a_person": _hold_handovers,
}
