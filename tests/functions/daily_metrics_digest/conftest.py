"""Ticks at moments that a test chooses."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from functions.daily_metrics_digest import run
from shared.database.pool import Database

Tick = Callable[..., Awaitable[dict[str, int]]]


@pytest.fixture
def tick(database: Database) -> Tick:
    """Metrics and digests with time enough."""

    async def tick(now: datetime, seconds: float = 20, **options: int) -> dict[str, int]:
        return await run.run_digests(database, time.monotonic() + seconds, "c" * 32, now, **options)

    return tick
