"""Dispatchers are killed in the middle of a broadcast: nobody is left out, and only who is named gets it twice.

`make broadcast-kills` does it with ten thousand people and a dozen kills, and prints what came of it.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable

import httpx
import psycopg
import pytest

from shared.courses import broadcasts
from tests.functions.dispatch_notifications.courses.broadcasting import FIRST_CHAT, Broadcasting
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import canaries
from tests.helpers.waiting import until, waits_for_a_lock

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PEOPLE = int(os.environ.get("BROADCAST_PEOPLE", "60"))
KILLS = 2 + PEOPLE // 1000  # while it goes out
RATE = 40 if PEOPLE < 1000 else 400  # of which broadcasts get half: as many as a second has are on their way at a kill
SECONDS = 60 + PEOPLE / 10  # at most, until somebody's turn comes
SENTENCE = (
    "broadcast-kills: {people} recipients, {kills} kills, {pauses} pauses, {seconds:.0f} s: {lost} lost, "
    "{doubled} doubled without a flag, {unknown} flagged as unknown"
)


async def die_when(delivery: Delivery, condition: Callable[[], object]) -> None:
    """Let a dispatcher work, and kill it as soon as the condition holds."""
    with delivery.process() as served:

        async def go_on() -> None:
            while True:
                await call(served.url)

        calls = asyncio.create_task(go_on())
        await until(condition, seconds=SECONDS)
        os.killpg(served.process.pid, signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            await calls
    delivery.connection.execute("update platform.lanes set leased_until = '-infinity'")  # a minute later


async def die_planning(delivery: Delivery, school: Broadcasting, of: int) -> None:
    """Kill a dispatcher while it freezes the recipients."""
    with psycopg.connect(delivery.connection.info.dsn) as other:
        other.execute("select from courses.users where id = %s for update", [PEOPLE // 2])
        await die_when(delivery, lambda: waits_for_a_lock(delivery.connection))
    found = school.of(of)
    assert (found["status"], found["started_at"], school.recipients(of)) == ("pending", None, [])


async def die_sending(delivery: Delivery, user: int) -> None:
    """Kill a dispatcher while it waits for Telegram's answer about this person."""
    chat = FIRST_CHAT + user - 1
    delivery.fault(hang=True, chat_id=chat, times=1)
    await die_when(delivery, lambda: delivery.calls(chat=chat))


async def pause(school: Broadcasting, of: int) -> None:
    """Pause it until nothing is on its way any more, then let it go on."""
    school.set(of, paused_at="2026-01-01")
    on_their_way = "select from courses.broadcast_recipients where status = 'queued' and outbox_id is not null"
    while school.delivery.rows(on_their_way):
        await call(school.delivery.dispatcher.url)
    school.stats(of)
    school.set(of, paused_at=None)


async def test_it_goes_on_after_each_kill_with_whoever_is_next(delivery: Delivery) -> None:
    started = time.monotonic()
    school, everybody = Broadcasting(delivery, PEOPLE), {*range(1, PEOPLE + 1)}
    delivery.set_bot(rate_per_second=RATE)
    of = school.broadcast(created_by=None)

    await die_planning(delivery, school, of)
    killed = 1
    for left in range(KILLS, 0, -1):
        found = school.recipients(of)
        waiting = [row["user_id"] for row in found if row["status"] == "queued"] if found else sorted(everybody)
        if waiting:
            await die_sending(delivery, waiting[len(waiting) // (left + 1)])
            killed += 1
        await pause(school, of)
    delivery.set_bot(rate_per_second=1000)
    await finish(school, of)
    calls = got(delivery)
    flagged = Counter(user for user, error in school.reasons(of).items() if error == "unknown")
    print(SENTENCE.format(  # noqa: T201 - with -s
        people=PEOPLE, kills=killed, pauses=KILLS, seconds=time.monotonic() - started,
        lost=len(everybody - flagged.keys() - calls.keys()), doubled=sum(times > 1 for times in calls.values()),
        unknown=len(flagged),
    ))  # fmt: skip

    assert set(school.reasons(of).values()) == {"unknown"}
    assert set(calls.values()) == {1}
    assert everybody - flagged.keys() <= calls.keys()

    while school.reasons(of):  # on a machine that is too slow to note what it sent, some are flagged once more
        async with delivery.database.transaction() as connection:
            assert await broadcasts.change(connection, of, "retry")
        await finish(school, of)
        flagged.update(school.reasons(of).keys())
    calls = got(delivery)
    assert (school.of(of)["status"], school.stats(of)) == ("done", {"sent": PEOPLE})
    assert calls.keys() == everybody
    assert [user for user, times in calls.items() if times > 1 + flagged[user]] == []


async def finish(school: Broadcasting, of: int) -> None:
    """Let dispatchers send until it is over."""
    while school.of(of)["status"] == "sending":
        await call(school.delivery.dispatcher.url)


async def call(url: str) -> None:
    """Call a dispatcher as the scheduler does, who calls again where the database is busy."""
    async with httpx.AsyncClient(timeout=600, trust_env=False) as client:
        answer = await client.post(url, headers={"x-cron-secret": canaries.CRON_SECRET})
    assert answer.status_code in (200, 503), answer.text


def got(delivery: Delivery) -> Counter[int]:
    """How many messages each of the people got."""
    return Counter(call.chat_id - FIRST_CHAT + 1 for call in delivery.calls() if call.chat_id is not None)
