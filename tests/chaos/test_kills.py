"""SIGKILL under load, forty times: nothing is lost, and every copy too many is flagged."""

import asyncio

import pytest

from tests.chaos import invariants
from tests.chaos.conftest import Figures
from tests.chaos.fleet import LEASE_SECONDS, called_once, fleet, settings
from tests.chaos.scene import FIRST_CHAT, LIMITS, USUAL, Scene, with_password
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

MESSAGES = 600
BATCH = 30
KILLS = 40
DISPATCHERS = 4
CROWD = 120
COLD_SECONDS = 0.12
TURN_SECONDS = MESSAGES / LIMITS.rate  # a lane that is free again stands in line: at worst all others go first


async def feed(scene: Scene) -> None:
    """Messages come while others leave, and the last before the last kill."""
    for batch in range(MESSAGES // BATCH):
        await scene.calls(batch * BATCH * 3 // 5)
        await scene.accept(BATCH)


async def test_forty_kills_lose_nothing_and_flag_every_copy(scene: Scene, database_url: str, figures: Figures) -> None:
    moments = sorted(scene.chance.sample(range(10, MESSAGES * 9 // 10), KILLS))
    environment = settings(with_password(database_url), scene.sandbox.url)
    async with fleet(DISPATCHERS, scene.printed, environment) as dispatchers:
        feeding = asyncio.create_task(feed(scene))
        for moment in moments:
            await scene.calls(moment)
            await until(lambda: dispatchers.at_work, what="work")
            scene.chance.choice(dispatchers.at_work).kill()
            scene.disturbances += 1
        await feeding
        await scene.drained()
        history = scene.history()
        answers = dispatchers.answers

    figures.add(scene, kills=KILLS)
    figures.recovered(scene.longest_recovery())
    assert invariants.violations(history) == []
    assert answers == {200}
    assert len(history.accepted) == MESSAGES
    assert scene.longest_recovery() < LEASE_SECONDS + TURN_SECONDS


async def test_a_permit_that_a_cold_dispatcher_takes_is_used_at_once(scene: Scene, database_url: str) -> None:
    """Whatever it loads for its first call it loads before: permits that are used late come in a crowd."""
    late = []
    for chat in range(FIRST_CHAT, FIRST_CHAT + 3):  # the best of three: this machine may be busy
        [key] = await scene.accept_for((chat, USUAL))
        async with called_once(scene.printed, settings(with_password(database_url), scene.sandbox.url)) as (_, call):
            assert await call == 200
        [arrival] = scene.sandbox.telegram.journal.find(chat_id=chat)
        late.append(arrival.unix - scene.row(key)["send_started_at"].timestamp())
    assert min(late) < COLD_SECONDS, late


async def test_without_kills_nothing_is_sent_twice_or_flagged_and_the_rate_is_shared(
    scene: Scene, database_url: str
) -> None:
    await scene.accept_for(*((FIRST_CHAT + number, USUAL) for number in range(CROWD)))  # no chat's pace is in the way
    environment = settings(with_password(database_url), scene.sandbox.url)
    async with fleet(DISPATCHERS, scene.printed, environment) as dispatchers:
        await scene.drained()
        history, answers = scene.history(), dispatchers.answers
    assert invariants.violations(history) == []
    assert invariants.duplicates(history) == {}
    assert answers <= {200}
