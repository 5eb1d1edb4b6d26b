"""Waiting for what happens elsewhere."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import psycopg


async def until(condition: Callable[[], object], seconds: float = 10) -> float:
    """Wait for `condition()`, at most `seconds`; how long it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it never happened"
        await asyncio.sleep(0.02)
    return time.monotonic() - started


def waits_for_a_lock(connection: psycopg.Connection[Any]) -> bool:
    """Whether a session of this database waits for a lock."""
    query = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return connection.execute(query).rowcount > 0
