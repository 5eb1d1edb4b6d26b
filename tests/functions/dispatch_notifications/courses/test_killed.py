"""Dispatchers are killed in the middle of a broadcast: nobody is left out, and only who is named gets it twice."""

import asyncio
import os
import signal
from collections import Counter

import httpx
import pytest

from shared.courses import broadcasts
from tests.functions.dispatch_notifications.courses.broadcasting import FIRST_CHAT, Broadcasting
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import canaries
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

PEOPLE = 60  # ten thousand take some minutes, and end in the same way
RATE = 40  # of which broadcasts get half: as many are on their way when a dispatcher is killed
FIRST = 5  # whose message is under way at the first kill


async def die_at(delivery: Delivery, user: int) -> None:
    """Let a dispatcher send, and kill it while it waits for Telegram's answer about this person."""
    chat = FIRST_CHAT + user - 1
    delivery.fault(hang=True, chat_id=chat, times=1)
    with delivery.process() as served:

        async def tick() -> None:
            async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
                await client.post(served.url, headers={"x-cron-secret": canaries.CRON_SECRET})

        call = asyncio.create_task(tick())
        await until(lambda: delivery.calls(chat=chat), seconds=30)
        os.killpg(served.process.pid, signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            await call
    delivery.connection.execute("update platform.lanes set leased_until = '-infinity'")  # a minute later


async def test_it_goes_on_after_each_kill_with_whoever_is_next(delivery: Delivery) -> None:
    school = Broadcasting(delivery, PEOPLE)
    delivery.set_bot(rate_per_second=RATE)
    of = school.broadcast(created_by=None)

    await die_at(delivery, FIRST)
    school.set(of, paused_at="2026-01-01")
    await delivery.tick()
    school.set(of, paused_at=None)
    if waiting := [row["user_id"] for row in school.recipients(of) if row["status"] == "queued"]:
        await die_at(delivery, max(waiting))
    delivery.set_bot(rate_per_second=1000)
    await finish(school, of)
    once = got(delivery)
    unknown = {user for user, error in school.reasons(of).items() if error == "unknown"}

    assert set(school.reasons(of).values()) == {"unknown"}
    assert set(once.values()) == {1}
    assert {user for user in range(1, PEOPLE + 1) if user not in unknown} <= once.keys()

    async with delivery.database.transaction() as connection:
        assert await broadcasts.change(connection, of, "retry")
    await finish(school, of)
    twice = got(delivery)
    assert (school.of(of)["status"], school.stats(of)) == ("done", {"sent": PEOPLE})
    assert twice == once + Counter(unknown)


async def finish(school: Broadcasting, of: int) -> None:
    """Let dispatchers send until it is over."""
    while school.of(of)["status"] == "sending":
        await school.delivery.tick()


def got(delivery: Delivery) -> Counter[int]:
    """How many messages each of the people got."""
    return Counter(call.chat_id - FIRST_CHAT + 1 for call in delivery.calls() if call.chat_id is not None)
