"""Is it still true? Asked just before sending, of messages that were enqueued with facts (`guard`).

A guard is a block of the .sql file beside this one, named after the kind (`getcourse/deadline` is
`getcourse_deadline`): given messages and their facts it answers the ids of those that no longer stand.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.retry_policy import GUARD_FAILED, POISON, UNKNOWN_KIND, Decision
from shared import logs
from shared.database import sql
from shared.database.pool import Connection, DataError

_SQL = sql.load(__file__)


async def check(connection: Connection, attempts: Iterable[Attempt]) -> dict[int, Decision]:
    """What is decided already, by outbox id, because facts changed. A kind whose guard we do not know has to wait."""
    by_kind: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        is_lost = attempt.taken_over and attempt.policy == "at_most_once"  # unknown, whatever holds by now
        if attempt.guard is not None and not attempt.expired and not is_lost:
            by_kind[attempt.kind].append(attempt)
    decided: dict[int, Decision] = {}
    for kind, guarded in by_kind.items():
        statement = _SQL.get(kind.replace("/", "_").replace("-", "_"))
        if statement is None:
            decided |= {attempt.id: UNKNOWN_KIND for attempt in guarded}
        else:
            decided |= await _check_batch(connection, statement, guarded)
    return decided


async def _check_batch(connection: Connection, statement: str, guarded: Sequence[Attempt]) -> dict[int, Decision]:
    """Those that no longer stand. Facts that cannot be checked end their own message and no other."""
    try:
        return dict.fromkeys(await _failed_ids(connection, statement, guarded), GUARD_FAILED)
    except (DataError, TypeError) as error:
        if len(guarded) == 1:
            logs.error("guard_not_understood", cause=error, outbox_id=guarded[0].id)
            return {guarded[0].id: POISON}
    decided: dict[int, Decision] = {}
    for attempt in guarded:
        decided |= await _check_batch(connection, statement, [attempt])
    return decided


async def _failed_ids(connection: Connection, statement: str, guarded: Sequence[Attempt]) -> list[int]:
    facts = json.dumps([{"id": attempt.id, **(attempt.guard or {})} for attempt in guarded])
    return [row["id"] for row in await sql.fetch_all(connection, statement, {"facts": facts})]
