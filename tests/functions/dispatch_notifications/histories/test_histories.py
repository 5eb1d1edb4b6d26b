"""The engine under every history: hypothesis looks for one in which a promise of docs/delivery.md does not hold.

`make histories N=100000` tries as many; what was found is a test of its own in test_found.py.
"""

import os
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from shared.database import sql
from shared.delivery.enqueue import Message
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.histories.choices import ALERT_CHAT, ANSWERS, DAY, FORUM, TOPIC
from tests.functions.dispatch_notifications.histories.engine import Engine
from tests.functions.dispatch_notifications.histories.machine import Histories
from tests.functions.dispatch_notifications.histories.world import World

NUMBER = int(os.environ.get("HISTORIES", "1000"))
# Whoever asks for a number gets new ones each time; all tests together try the same ones, so that a change is to blame.
FIRST_SEED = random.randrange(1, 10**9) if "HISTORIES" in os.environ else 1  # noqa: S311 - any will do
SEED = int(os.environ.get("HISTORIES_SEED") or FIRST_SEED)
EARLIEST = """
    select least(min(o.created_at), min(o.due_at), min(o.send_started_at), min(o.finished_at), min(a.started_at),
                 min(a.ended_at), min(t.created_at)) - pg_catalog.now()
    from platform.outbox o
    join platform.outbox_attempts a on a.outbox_id = o.id
    join platform.topics t on t.bot_id = o.bot_id
"""
AT_ONCE = 1000  # hypothesis remembers what it has tried
STEPS = 20


@pytest.fixture(scope="module")
def world(module_direct_url: str) -> Iterator[World]:
    world = World(module_direct_url)
    yield world
    world.close()


def test_the_clock_of_a_history_is_that_of_every_statement_and_default(world: World) -> None:
    engine = Engine(world, ALERT_CHAT)
    world.pass_time(40 * DAY)
    engine.enqueue(Message(world.telegram, Kind("courses/plain"), "one", {"text": "one"}, "one", FORUM, topic=TOPIC))
    while held := engine.claim(0, world.telegram, 5):
        for each in held:
            engine.send(each, ANSWERS["sent"])
        engine.finish(held)

    earliest = world.run(sql.fetch_value(world.connection, EARLIEST))

    assert earliest > timedelta(days=39)


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
