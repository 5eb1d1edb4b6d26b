"""A run: what is due, batch by batch, each its own short transaction, for as long as there is time."""

import time
from collections.abc import Sequence
from datetime import datetime

from functions.remind_participants import changes, reminders
from functions.remind_participants.changes import Change
from functions.remind_participants.messages import change_message, message
from functions.remind_participants.reminders import Reminder, School
from shared.courses import healing
from shared.database.pool import Database
from shared.delivery.enqueue import enqueue

MAX_FOUND = 10_000  # reminders that are found at once
MAX_CHANGES = 1000  # that are found at once
BATCH = 500  # messages that are enqueued at once


async def run(
    database: Database, seconds: float, correlation_id: str, now: datetime | None = None, most: int = MAX_FOUND
) -> dict[str, int]:
    """Offer places that became free, tell of changes, enqueue reminders due at `now` (by default the database's).

    It takes at most `seconds`. In quiet hours nobody is reminded: what is not over when they end, is due then. Answers
    `done`, of which `offered` concern places of healing sessions, and `remaining`.
    """
    ends_at = time.monotonic() + seconds
    async with database.connection() as connection:
        school = await reminders.find_school(connection, now)
    if school is None:
        return {"done": 0, "remaining": 0, "offered": 0}
    offered = await _offer_places(database, school)
    done, untold = await _tell_changes(database, school, ends_at, correlation_id)
    remaining = int(not school.is_quiet)
    while remaining and time.monotonic() < ends_at:
        async with database.connection() as connection:
            due, remaining = await reminders.due(connection, school, most)
        while due and time.monotonic() < ends_at:
            batch, due = due[:BATCH], due[BATCH:]
            done += await _remind(database, school, batch, correlation_id)
        remaining += len(due)
    return {"done": done + offered, "remaining": remaining + untold, "offered": offered}


async def _offer_places(database: Database, school: School) -> int:
    """How many were told that a place is theirs, or that their healing session is cancelled."""
    async with database.transaction() as connection:
        identities = await healing.due(connection, school.now.date())
        return len(await enqueue(connection, await healing.settle(connection, identities, school.now)))


async def _tell_changes(database: Database, school: School, ends_at: float, correlation_id: str) -> tuple[int, int]:
    """How many were told of a change, and how many changes are left for want of time.

    In quiet hours they hear of what begins, or would have begun, before the hours end: later would be too late.
    """
    async with database.connection() as connection:
        found = await changes.untold(connection, MAX_CHANGES)
    news = [change for change in found if change.what and change.begins(school)]
    await _note(database, [change for change in found if change not in news])
    told = 0
    for place, change in enumerate(news):
        begins = change.begins(school)
        if school.is_quiet and begins[0] >= school.awake_at:
            continue
        while batch := await _tell(database, school, change, begins[-1], correlation_id):
            told += batch
            if time.monotonic() >= ends_at:
                return told, len(news) - place
        await _note(database, [change])
    return told, 0


async def _tell(database: Database, school: School, change: Change, until: datetime, correlation_id: str) -> int:
    """How many of those who did not know were told; whoever another run told at the same time counts, too."""
    async with database.transaction() as connection:
        readers = await changes.readers(connection, school, change, BATCH)
        messages = [change_message(change, school, reader, until, correlation_id) for reader in readers]
        await enqueue(connection, messages)
    return len(readers)


async def _note(database: Database, noted: Sequence[Change]) -> None:
    async with database.transaction() as connection:
        for change in noted:
            await changes.note(connection, change)


async def _remind(database: Database, school: School, batch: list[Reminder], correlation_id: str) -> int:
    """How many were enqueued. With whom another run was quicker, the outbox knows."""
    messages = [message(reminder, school, correlation_id) for reminder in batch]
    async with database.transaction() as connection:
        return len(await enqueue(connection, messages))
