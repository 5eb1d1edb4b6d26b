"""Each moment in which a dispatcher may die, hit exactly; how long until another has taken over."""

import select
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.chaos import invariants
from tests.chaos.conftest import Figures
from tests.chaos.fleet import LEASE_SECONDS, called_once, fleet, settings, strike
from tests.chaos.proxy import CLAIM, COMMIT, FINISH, proxied
from tests.chaos.scene import FIRST_CHAT, PASSWORD, USUAL, Scene, with_password
from tests.helpers.serving import ServedProcess
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

MARGIN_SECONDS = 3.0  # the machine is shared with the test beside it, which starts a dispatcher every second
LANE = "select head_due, next_at, leased_until::text, lease from platform.lanes"
WAITS = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
Rescue = Callable[..., Awaitable[None]]


@pytest.fixture
def environment(scene: Scene, database_url: str) -> dict[str, str]:
    """The settings of a dispatcher that reaches everything."""
    return settings(with_password(database_url), scene.sandbox.url)


@pytest.fixture
def rescue(scene: Scene, environment: dict[str, str], figures: Figures) -> Rescue:
    """Another dispatcher comes; it has to be there within a lease."""

    async def rescue(key: str, struck_at: float, disturbance: str = "kills") -> None:
        async with fleet(1, scene.printed, environment) as dispatchers:
            await until(lambda: dispatchers.at_work, seconds=60, what="the start")
            ready_at = time.monotonic()  # how long a busy machine starts a process says nothing about leases
            await until(lambda: scene.row(key)["state"] == "sent", seconds=60, what="the recovery")
            seconds = time.monotonic() - max(struck_at, ready_at - LEASE_SECONDS)
            await scene.drained()
        scene.disturbances += 1
        figures.recovered(seconds)
        figures.add(scene, **{disturbance: 1})
        assert seconds < LEASE_SECONDS + MARGIN_SECONDS
        assert invariants.violations(scene.history()) == []

    return rescue


async def one(scene: Scene) -> str:
    """One accepted message."""
    [key] = await scene.accept_for((FIRST_CHAT, USUAL))
    return key


def kill(served: ServedProcess) -> float:
    """SIGKILL; when that was."""
    strike(served, signal.SIGKILL)
    served.process.wait(300)
    return time.monotonic()


def printed(served: ServedProcess) -> str:
    """All that it said."""
    return Path(served.output).read_text(encoding="utf-8")


def copies(scene: Scene) -> int:
    """How many messages arrived."""
    return len(scene.sandbox.telegram.journal.find(method="sendMessage"))


def backend(scene: Scene) -> int | None:
    """The session that waits for a lock."""
    row = scene.connection.execute(WAITS).fetchone()
    return row["pid"] if row else None


@contextmanager
def deaf_listener() -> Iterator[socket.socket]:
    """Somebody who lets callers ring and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


async def test_killed_before_the_claim_is_committed_nothing_has_happened(
    scene: Scene, direct_url: str, environment: dict[str, str], rescue: Rescue
) -> None:
    key = await one(scene)
    with psycopg.connect(direct_url) as locker:
        locker.execute("select from platform.bot_limits for update")
        async with called_once(scene.printed, environment) as (served, _):
            await until(lambda: backend(scene), what="the claim's waiting")
            struck_at = kill(served)
            # The machine took its connections along.
            scene.connection.execute("select pg_terminate_backend(%s, 5000)", (backend(scene),))
    assert (scene.row(key)["state"], copies(scene)) == ("queued", 0)
    await rescue(key, struck_at)
    assert (scene.row(key)["maybe_duplicate"], copies(scene)) == (False, 1)


async def test_killed_between_the_claim_and_the_first_byte_it_is_flagged_and_not_copied(
    scene: Scene, environment: dict[str, str], rescue: Rescue
) -> None:
    key = await one(scene)
    with deaf_listener() as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with called_once(scene.printed, {**environment, "TELEGRAM_API_URL": address}) as (served, _):
            await until(lambda: select.select([listener], [], [], 0)[0], what="the ring")
            struck_at = kill(served)
    assert (scene.row(key)["state"], copies(scene)) == ("sending", 0)
    await rescue(key, struck_at)
    assert (scene.row(key)["maybe_duplicate"], copies(scene)) == (True, 1)


async def test_a_claim_whose_answer_is_lost_is_taken_over_as_if_it_was_killed(
    scene: Scene, direct_url: str, environment: dict[str, str], rescue: Rescue
) -> None:
    key = await one(scene)
    async with proxied(direct_url, PASSWORD) as proxy:
        proxy.swallow_one(CLAIM)
        async with called_once(scene.printed, {**environment, "DATABASE_URL": proxy.url}) as (_, call):
            assert await call == 503
            struck_at = time.monotonic()
    assert (proxy.swallowed, scene.row(key)["state"], copies(scene)) == (1, "sending", 0)
    await rescue(key, struck_at, "lost_answers")
    assert (scene.row(key)["maybe_duplicate"], copies(scene)) == (True, 1)


async def test_killed_between_the_request_and_its_answer_it_is_copied_and_flagged(
    scene: Scene, environment: dict[str, str], rescue: Rescue
) -> None:
    scene.sandbox.telegram.faults.add(method="sendMessage", hang=True)
    key = await one(scene)
    async with called_once(scene.printed, environment) as (served, call):
        await until(lambda: copies(scene), what="the call")
        struck_at = kill(served)
        assert await call == 0
    assert (scene.row(key)["state"], copies(scene)) == ("sending", 1)
    await rescue(key, struck_at)
    assert (scene.row(key)["maybe_duplicate"], copies(scene)) == (True, 2)


async def test_killed_between_the_answer_and_its_commit_it_is_copied_and_flagged(
    scene: Scene, direct_url: str, environment: dict[str, str], rescue: Rescue
) -> None:
    scene.sandbox.telegram.faults.add(method="sendMessage", delay_s=0.7)
    key = await one(scene)
    with psycopg.connect(direct_url) as locker:
        async with called_once(scene.printed, environment) as (served, _):
            await until(lambda: copies(scene), what="the call")
            locker.execute("select from platform.lanes for update")
            await until(lambda: backend(scene), what="the note's waiting")
            struck_at = kill(served)
    assert (scene.row(key)["state"], copies(scene)) == ("sending", 1)
    await rescue(key, struck_at)
    assert (scene.row(key)["maybe_duplicate"], copies(scene)) == (True, 2)


@pytest.mark.parametrize("killed", [True, False], ids=["and_killed", "and_alive"])
async def test_a_finish_whose_commit_is_never_confirmed_is_neither_copied_nor_flagged(
    scene: Scene, direct_url: str, environment: dict[str, str], figures: Figures, *, killed: bool
) -> None:
    scene.sandbox.telegram.faults.add(method="sendMessage", delay_s=0.7)
    key = await one(scene)
    async with (
        proxied(direct_url, PASSWORD) as proxy,
        called_once(scene.printed, {**environment, "DATABASE_URL": proxy.url}) as (served, call),
    ):
        await until(lambda: copies(scene), what="the call")
        if killed:
            proxy.then = lambda: strike(served, signal.SIGKILL)
        proxy.swallow_one(COMMIT, after=FINISH)
        assert await call == (0 if killed else 200)
    assert proxy.swallowed == 1
    async with fleet(1, scene.printed, environment) as dispatchers:
        await until(lambda: dispatchers.answers, what="another run")
    figures.add(scene, kills=int(killed), lost_answers=1)
    assert invariants.violations(scene.history()) == []
    row = scene.row(key)
    assert (row["state"], row["maybe_duplicate"], copies(scene)) == ("sent", False, 1)


async def test_a_zombie_changes_nothing_and_leaves_its_evidence(
    scene: Scene, environment: dict[str, str], rescue: Rescue
) -> None:
    scene.sandbox.telegram.faults.add(method="sendMessage", delay_s=0.3)
    key = await one(scene)
    async with called_once(scene.printed, environment) as (served, call):
        await until(lambda: copies(scene), what="the call")
        strike(served, signal.SIGSTOP)
        struck_at, held = time.monotonic(), scene.row(key)["attempt_id"]
        await rescue(key, struck_at, "stops")
        rested = scene.row(key), scene.one(LANE)

        strike(served, signal.SIGCONT)
        assert await call == 200
        assert (scene.row(key), scene.one(LANE)) == rested
    assert (rested[0]["maybe_duplicate"], copies(scene)) == (True, 2)
    evidence = scene.one("select outcome from platform.outbox_attempts where attempt_id = %s", held)
    assert evidence["outcome"] == "lost"
    assert '"zombie": true' in printed(served)
