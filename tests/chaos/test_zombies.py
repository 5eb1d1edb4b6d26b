"""Dispatchers that are frozen past their lease and wake up: they change nothing, and say so."""

import asyncio
import signal
import time

import pytest

from tests.chaos import invariants
from tests.chaos.conftest import Figures
from tests.chaos.fleet import LEASE_SECONDS, Instance, called_once, fleet, settings, strike
from tests.chaos.proxy import COMMIT, FINISH, proxied
from tests.chaos.scene import FIRST_CHAT, ONCE, PASSWORD, USUAL, Scene, with_password
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

MESSAGES = 180
STOPS = 3
BATCH = MESSAGES // STOPS
ENDED = "select id, state, attempt_id, finished_at, message_id from platform.outbox where finished_at is not null"
INSIDE_SECONDS = 12.0
LEASED = "select count(*)::int as n from platform.lanes where leased_until > clock_timestamp()"
INSIDE = """
    select pid, xact_start from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
"""
HELD = "select count(*)::int as n from platform.outbox where state = 'sending' and attempt_id = any(%s)"
ZOMBIE = '"zombie": true'


async def is_inside_a_transaction(scene: Scene) -> bool:
    """Whether somebody stays in one, once what Postgres was told to do is done."""
    await asyncio.sleep(0.1)
    before = scene.connection.execute(INSIDE).fetchall()
    await asyncio.sleep(0.2)
    return any(row in before for row in scene.connection.execute(INSIDE).fetchall())


async def freeze(scene: Scene, victim: Instance) -> None:
    """Stop `victim` until all that it may have held was taken over, then wake it."""
    victim.stop()
    while await is_inside_a_transaction(scene):  # that is another story, see below
        victim.wake()
        await asyncio.sleep(scene.chance.uniform(0.05, 0.1))
        victim.stop()
    scene.disturbances += 1
    rows = scene.connection.execute("select attempt_id from platform.outbox where state = 'sending'").fetchall()
    held = [row["attempt_id"] for row in rows]
    await until(lambda: not scene.one(HELD, held)["n"], seconds=LEASE_SECONDS + 10, what="the takeover")
    ended = scene.connection.execute(ENDED).fetchall()
    victim.wake()
    await until(lambda: not victim.at_work, seconds=10, what="the zombie's end")
    after = {row["id"]: row for row in scene.connection.execute(ENDED).fetchall()}
    assert [row for row in ended if after[row["id"]] != row] == []


def printed(scene: Scene) -> str:
    """All that the dispatchers have logged."""
    return "".join(path.read_text(encoding="utf-8") for path in scene.printed.glob("*.log"))


async def test_a_frozen_dispatcher_that_wakes_up_changes_nothing(
    scene: Scene, database_url: str, figures: Figures
) -> None:
    environment = settings(with_password(database_url), scene.sandbox.url)
    scene.late = 0.5  # so long may it be frozen and still be in time
    async with fleet(3, scene.printed, environment) as dispatchers:
        stops = 0
        # Whoever is frozen between two messages wakes up as no zombie: then another one is frozen.
        while stops < STOPS or (ZOMBIE not in printed(scene) and stops < 3 * STOPS):
            moment = scene.arrived + scene.chance.randrange(5, 30)
            await scene.accept(BATCH)
            await scene.calls(moment)
            await until(lambda: dispatchers.at_work, what="work")
            await freeze(scene, scene.chance.choice(dispatchers.at_work))
            stops += 1
        await scene.drained()
        history, answers = scene.history(), dispatchers.answers
    figures.add(scene, stops=stops)
    figures.recovered(scene.longest_recovery())
    assert invariants.violations(history) == []
    assert answers == {200}
    assert ZOMBIE in printed(scene)


async def test_what_a_frozen_dispatcher_had_not_sent_it_does_not_send_when_it_wakes_up(
    scene: Scene, database_url: str
) -> None:
    """Its permits and its lease are long gone: a broadcast would be sent after a person had heard "unknown"."""
    environment = settings(with_password(database_url), scene.sandbox.url)
    scene.connection.execute("update platform.bots set rate_per_second = 4, burst = 1")
    keys = await scene.accept_for(
        *((FIRST_CHAT + number, kind) for number, kind in enumerate((USUAL, USUAL, ONCE, ONCE)))
    )
    async with called_once(scene.printed, environment) as (served, call):
        await until(lambda: scene.arrived, what="the first call")
        strike(served, signal.SIGSTOP)  # the others wait for their permits, a quarter of a second each
        assert [scene.row(key)["state"] for key in keys].count("sending") >= 2
        await until(lambda: not scene.one(LEASED)["n"], seconds=LEASE_SECONDS + 1, what="the end of the leases")
        async with fleet(1, scene.printed, environment):
            await scene.drained()
        before = scene.arrived
        strike(served, signal.SIGCONT)
        assert await call == 200
    scene.disturbances += 1
    assert scene.arrived == before
    assert invariants.violations(scene.history()) == []


async def test_a_dispatcher_that_is_frozen_inside_its_transaction_holds_up_its_chat_for_seconds(
    scene: Scene, direct_url: str, database_url: str
) -> None:
    """A machine that vanishes does not close its connections: Postgres has to give up on them."""
    environment = settings(with_password(database_url), scene.sandbox.url)
    [key] = await scene.accept_for((FIRST_CHAT, USUAL))
    async with (
        proxied(direct_url, PASSWORD) as proxy,
        called_once(scene.printed, {**environment, "DATABASE_URL": proxy.url}) as (served, _),
    ):
        proxy.holds = lambda sent, before: sent == COMMIT and FINISH in before
        await until(lambda: proxy.held, what="the note of its end")
        strike(served, signal.SIGSTOP)
        struck_at = time.monotonic()
        try:
            async with fleet(1, scene.printed, environment):
                await until(lambda: scene.row(key)["state"] == "sent", seconds=INSIDE_SECONDS, what="the recovery")
        finally:
            strike(served, signal.SIGKILL)
    assert time.monotonic() - struck_at < INSIDE_SECONDS
    scene.disturbances += 1
    assert invariants.violations(scene.history()) == []
