"""Housekeeping works half of the time at most: whoever needs the database by day finds it free."""

import asyncio
import time


async def rest(began: float, ends_at: float) -> None:
    """Sleep as long as the batch took that began at the monotonic time `began`, but not beyond `ends_at`."""
    now = time.monotonic()
    await asyncio.sleep(max(0.0, min(now - began, ends_at - now)))
