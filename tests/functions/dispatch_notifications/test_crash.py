"""A dispatcher that dies, at each point where it matters: nothing is lost, every possible duplicate is flagged."""

import asyncio
import os
import signal
from typing import Any

import httpx
import psycopg
import pytest

from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, School
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import canaries
from tests.helpers.serving import ServedProcess
from tests.helpers.waiting import until, waits_for_a_lock

pytestmark = pytest.mark.slow


async def tick_and_die(served: ServedProcess, condition: Any) -> None:
    """Call the function; once `condition()` holds, SIGKILL it and all its workers."""

    async def tick() -> None:
        async with httpx.AsyncClient(timeout=120, trust_env=False) as client:
            await client.post(served.url, headers={"x-cron-secret": canaries.CRON_SECRET})

    call = asyncio.create_task(tick())
    await until(condition)
    os.killpg(served.process.pid, signal.SIGKILL)
    with pytest.raises(httpx.HTTPError):
        await call


async def test_killed_after_telegram_took_it_and_before_it_was_noted_costs_one_flagged_copy(
    school: School, delivery: Delivery
) -> None:
    delivery.fault(times=1, hang=True)
    school.answer("1")
    with delivery.process() as served:
        await tick_and_die(served, lambda: delivery.calls(chat=MENTOR_CHAT))
    await delivery.process_is_forgotten()
    [row] = delivery.rows("select state from platform.outbox")
    assert row["state"] == "sending"
    delivery.connection.execute("update platform.lanes set leased_until = '-infinity'")  # a minute later

    await delivery.tick()

    assert len(delivery.calls(chat=MENTOR_CHAT)) == 2
    [row] = delivery.rows("select state, maybe_duplicate from platform.outbox")
    assert row == {"state": "sent", "maybe_duplicate": True}


async def test_killed_before_the_first_byte_costs_no_copy(school: School, delivery: Delivery, direct_url: str) -> None:
    school.answer("1")
    with psycopg.connect(direct_url) as lock, delivery.process() as served:
        lock.execute("select from platform.bot_limits for update")
        await tick_and_die(served, lambda: waits_for_a_lock(delivery.connection))
    assert delivery.calls() == []
    # Postgres ends the statement of a client that is gone, so the message may be marked as being sent: a false alarm.
    await delivery.process_is_forgotten()
    delivery.connection.execute("update platform.lanes set leased_until = '-infinity'")  # a minute later

    await delivery.tick()

    assert len(delivery.calls(chat=MENTOR_CHAT)) == 1
    assert delivery.rows("select state from platform.outbox") == [{"state": "sent"}]


async def test_killed_between_telegrams_answer_and_the_note_of_it_is_flagged_too(
    school: School, delivery: Delivery, direct_url: str
) -> None:
    delivery.fault(times=1, delay_s=0.5)
    school.answer("1")
    with psycopg.connect(direct_url) as lock, delivery.process() as served:

        def answered_but_not_noted() -> bool:
            if delivery.calls():
                lock.execute("select from platform.lanes for update")
            return waits_for_a_lock(delivery.connection)

        await tick_and_die(served, answered_but_not_noted)
    await delivery.process_is_forgotten()
    delivery.connection.execute("update platform.lanes set leased_until = '-infinity'")

    await delivery.tick()

    assert len(delivery.calls(chat=MENTOR_CHAT)) == 2
    [row] = delivery.rows("select state, maybe_duplicate from platform.outbox")
    assert row == {"state": "sent", "maybe_duplicate": True}
