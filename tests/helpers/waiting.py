"""Waiting for what happens elsewhere."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import psycopg


async def until(condition: Callable[[], object], seconds: float = 10, what: str = "it") -> float:
    """Wait for `condition()`, at most `seconds`; how long it took. `what` is named when it never happens."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"{what} never happened"
        await asyncio.sleep(0.01)
    return time.monotonic() - started


def waits_for_a_lock(connection: psycopg.Connection[Any]) -> bool:
    """Whether a session of this database waits for a lock."""
    query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return connection.execute(query).rowcount > 0
