"""Postgres goes away in the middle, and answers to COMMIT get lost."""

import asyncio
import random
import signal
import tempfile
from pathlib import Path

import pytest

from tests.chaos import invariants
from tests.chaos.conftest import Figures
from tests.chaos.fleet import fleet, settings
from tests.chaos.proxy import COMMIT, proxied
from tests.chaos.scene import PASSWORD, Scene, playing, with_password
from tests.functions.ingest_webhook.getcourse.cluster import Cluster

pytestmark = pytest.mark.slow

MESSAGES = 120
MIN_SWALLOWED = 10
SHARE_AT_FIRST, SHARE_SWALLOWED = 0.4, 0.15  # until there are so many, and then


class Crashing(Cluster):
    """A cluster that can be told to drop everything."""

    def crash(self) -> None:
        """Immediate mode: no checkpoint, no goodbye; the next start recovers from the log."""
        self._signal(signal.SIGQUIT)


async def test_a_postgres_that_crashes_twice_in_mid_load_loses_nothing(
    printed: Path, chance: random.Random, figures: Figures
) -> None:
    moments = sorted(chance.sample(range(20, MESSAGES - 40), 2))
    # Its path has to be short: it is a socket's, too.
    with tempfile.TemporaryDirectory(prefix="carillon-") as folder, Crashing.at(Path(folder)) as cluster:
        async with playing(cluster.url, printed, chance) as scene:
            await scene.accept(MESSAGES)
            environment = settings(with_password(cluster.url), scene.sandbox.url)
            async with fleet(3, scene.printed, environment) as dispatchers:
                for moment in moments:
                    await scene.calls(moment)
                    await asyncio.to_thread(cluster.crash)
                    await asyncio.to_thread(cluster.start)
                    scene.disturbances += 1
                    scene.reconnect()
                await scene.drained()
                history, answers = scene.history(), dispatchers.answers
            figures.add(scene, restarts=len(moments))
            figures.recovered(scene.longest_recovery())
    assert invariants.violations(history) == []
    assert answers <= {200, 503}


async def test_a_lost_answer_to_commit_costs_no_copy(scene: Scene, direct_url: str, figures: Figures) -> None:
    await scene.accept(MESSAGES)
    async with proxied(direct_url, PASSWORD) as proxy:

        def is_lost(sent: bytes, _before: bytes) -> bool:
            share = SHARE_AT_FIRST if proxy.swallowed < MIN_SWALLOWED else SHARE_SWALLOWED
            return sent == COMMIT and scene.chance.random() < share

        proxy.swallows = is_lost
        async with fleet(3, scene.printed, settings(proxy.url, scene.sandbox.url)) as dispatchers:
            await scene.drained()
            answers = dispatchers.answers
    scene.disturbances += proxy.swallowed
    history = scene.history()
    figures.add(scene, lost_answers=proxy.swallowed)
    assert proxy.swallowed >= MIN_SWALLOWED
    assert invariants.violations(history) == []
    assert invariants.duplicates(history) == {}
    assert [message.key for message in history.messages if message.maybe_duplicate] == []
    assert answers <= {200, 503}
