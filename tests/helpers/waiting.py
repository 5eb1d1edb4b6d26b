"""Waiting for what happens elsewhere."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

PATIENCE_SECONDS = 240.0  # how long a busy machine takes says nothing; who waits for what never comes has failed


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS, what: str = "it") -> float:
    """Wait for `condition()`, at most `seconds`; how long it took. `what` is named when it never happens."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"{what} never happened"
        await asyncio.sleep(0.01)
    return time.monotonic() - started


async def shortest(call: Callable[[], Awaitable[object]], seconds: float, tries: int = 5) -> float:
    """How long `call()` takes at its best, tried until it takes less than `seconds`.

    Whatever else the machine does can only add to it: a single try would fail by chance.
    """
    best = float("inf")
    for _ in range(tries):
        started = time.monotonic()
        await call()
        best = min(best, time.monotonic() - started)
        if best < seconds:
            break
    return best


def waits_for_a_lock(connection: psycopg.Connection[Any]) -> bool:
    """Whether a session of this database waits for a lock."""
    query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return connection.execute(query).rowcount > 0
