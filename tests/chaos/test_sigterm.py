"""SIGTERM: what is under way ends, what is not begun goes back, and all of it within five seconds."""

import pytest

from tests.chaos import invariants
from tests.chaos.fleet import called_once, fleet, settings
from tests.chaos.scene import FIRST_CHAT, ONCE, USUAL, Scene, with_password
from tests.helpers.serving import take_away
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

MESSAGES = 60
STATES = "select state, count(*)::int as n from platform.outbox group by state order by state"
LEASED = "select count(*)::int as n from platform.lanes where leased_until > clock_timestamp()"


def states(scene: Scene) -> dict[str, int]:
    """How many messages are in each state."""
    return {row["state"]: row["n"] for row in scene.connection.execute(STATES).fetchall()}


async def test_what_is_under_way_ends_and_the_rest_goes_back_unharmed(scene: Scene, database_url: str) -> None:
    environment = settings(with_password(database_url), scene.sandbox.url)
    await scene.accept_for(*((FIRST_CHAT + number, USUAL) for number in range(MESSAGES)))
    async with called_once(scene.printed, environment) as (served, call):
        await until(lambda: scene.arrived >= 10, what="load")
        await take_away(served)
        assert await call == 200
    arrived = scene.arrived
    assert states(scene) == {"queued": MESSAGES - arrived, "sent": arrived}
    assert scene.one(LEASED)["n"] == 0

    async with fleet(1, scene.printed, environment):
        await scene.drained()
    assert invariants.violations(scene.history()) == []
    assert invariants.duplicates(scene.history()) == {}


async def test_what_gets_no_answer_in_time_is_noted_as_such(scene: Scene, database_url: str) -> None:
    environment = settings(with_password(database_url), scene.sandbox.url)
    scene.sandbox.telegram.faults.add(method="sendMessage", hang=True, times=2)
    keys = await scene.accept_for((FIRST_CHAT, USUAL), (FIRST_CHAT + 1, ONCE))
    patient = {**environment, "LEASE_SECONDS": "60", "SEND_DEADLINE_SECONDS": "20"}
    async with called_once(scene.printed, patient) as (served, call):
        await until(lambda: scene.arrived == 2, what="both calls")
        await take_away(served)
        assert await call == 200
    assert [(scene.row(key)["state"], scene.row(key)["maybe_duplicate"]) for key in keys] == [
        ("queued", True),
        ("unknown", True),
    ]
    assert scene.one(LEASED)["n"] == 0
