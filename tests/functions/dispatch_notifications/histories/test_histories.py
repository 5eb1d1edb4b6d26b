"""The engine under every history: hypothesis looks for one in which a promise of docs/delivery.md does not hold.

`make histories N=100000` tries as many; what was found is a test of its own in test_found.py.
"""

import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.functions.dispatch_notifications.histories.machine import Histories
from tests.functions.dispatch_notifications.histories.world import World

NUMBER = int(os.environ.get("HISTORIES", "120"))
# Whoever asks for a number gets new ones each time; all tests together try the same ones, so that a change is to blame.
FIRST_SEED = random.randrange(1, 10**9) if "HISTORIES" in os.environ else 1  # noqa: S311 - any will do
SEED = int(os.environ.get("HISTORIES_SEED") or FIRST_SEED)
AT_ONCE = 1000  # hypothesis remembers what it has tried
STEPS = 20


@pytest.fixture
def world(module_direct_url: str) -> Iterator[World]:
    world = World(module_direct_url)
    yield world
    world.close()


@pytest.mark.slow
@pytest.mark.timeout(max(600, 6 * NUMBER))
def test_the_promises_of_delivery_hold_in_every_history(world: World) -> None:
    machine = type("HistoriesOfThisDatabase", (Histories,), {"world": world})
    for number in range(0, NUMBER, AT_ONCE):
        print(f"make histories N={min(AT_ONCE, NUMBER - number)} SEED={SEED + number}")  # noqa: T201 - shown when it fails
        run_state_machine_as_test(
            seed(SEED + number)(machine),
            settings=settings(
                max_examples=min(AT_ONCE, NUMBER - number),
                stateful_step_count=STEPS,
                deadline=None,
                print_blob=True,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
