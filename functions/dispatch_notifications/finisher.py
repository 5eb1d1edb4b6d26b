"""Notes what became of messages: those of all bots together, as their commits and connections are few."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from uuid import UUID

from functions.dispatch_notifications.outbox import queue
from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.retry_policy import Decision, Finished
from functions.dispatch_notifications.shutdown import Deadline
from shared.database import time_limit
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database
from shared.database.time_limit import RunLimit
from shared.errors import DatabaseUnavailable

RETRY_SECONDS = 0.2
WITHIN_SECONDS = 30.0  # a message that was sent and is not noted costs a copy: worth waiting for
ENDING_SECONDS = 10.0  # also when the time of the run is up


class Finisher:
    """What a run has to note, whichever bot's it is."""

    def __init__(self, database: Database, deadline: Deadline) -> None:
        """`deadline` is the run's: when it is taken away, nothing is tried again."""
        self._database = database
        self._deadline = deadline
        self._limit = RunLimit(deadline.seconds_left, ending=ENDING_SECONDS)
        self._group = GroupCommit(self._write, timeout=WITHIN_SECONDS)

    async def finish(self, attempt: Attempt, decision: Decision) -> bool:
        """Note how an attempt ended; whether it was still ours (a zombie's was taken over). Raises DatabaseUnavailable.

        What the calling task does afterwards has the same time, however late it is.
        """
        time_limit.current.set(self._limit)
        ours = await self._group.submit((attempt, decision))
        if ours is None:
            raise DatabaseUnavailable("others were noted meanwhile")
        return ours

    async def _write(self, finished: list[Finished]) -> list[bool | None]:
        """For each whether it was still ours; None where it could not be noted, though others could.

        Somebody may have locked what belongs to one bot: after a failure each bot's are noted alone.
        """
        give_up_at = time.monotonic() + min(WITHIN_SECONDS, self._limit.seconds_left)
        ours: dict[UUID, bool] = {}
        groups = deque([finished])
        while groups:
            group = groups.popleft()
            try:
                async with self._database.transaction() as connection:
                    of_group = await queue.finish(connection, group)
            except DatabaseUnavailable:
                bots = _by_bot(group)
                if time.monotonic() > give_up_at:
                    break
                if not self._deadline.is_forced:
                    await asyncio.sleep(RETRY_SECONDS)
                elif len(bots) == 1:
                    continue
                groups.extend(bots)
            else:
                ours |= {attempt.attempt_id: attempt.attempt_id in of_group for attempt, _ in group}
        if not ours:
            raise DatabaseUnavailable("nothing could be noted")
        return [ours.get(attempt.attempt_id) for attempt, _ in finished]


def _by_bot(finished: Sequence[Finished]) -> list[list[Finished]]:
    bots: dict[int, list[Finished]] = defaultdict(list)
    for attempt, decision in finished:
        bots[attempt.bot_id].append((attempt, decision))
    return list(bots.values())
