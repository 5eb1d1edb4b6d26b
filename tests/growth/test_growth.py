"""Ten times the history, the same people, the same day: what does each statement touch?

Buffers are counted, not milliseconds: they are the same on a busy machine.
"""

from collections.abc import Iterator

import pytest

from tests.conventions.tree import Statement
from tests.growth import buffers
from tests.growth.buffers import FLOOR, Measured
from tests.growth.filling import Life, fill
from tests.growth.growers import GROWERS
from tests.helpers.clones import Clones

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # a third of a minute by itself

SHORT = Life(rows=10_000, days=100)
LONG = Life(rows=100_000, days=1000)
MAX_GROWTH = 2  # times as much, for ten times the history
Costs = dict[Statement, tuple[Measured, Measured, Measured]]
# Their plan for any values touches more pages than that for these, with a reason.
WORSE_PREPARED = {
    "shared/courses/write_back.sql:forget_message": "few dialogs are read whole; of many it reads the index",
    "shared/delivery/chats.sql:move_messages": "a bot's queue is read whole; no connection meets six groups that move",
}


@pytest.fixture(scope="module")
def costs(clones: Clones) -> Iterator[Costs]:
    """What every statement costs after a short and after a long history, and by a prepared plan after the long one."""
    with clones.one() as few, clones.one() as many:
        measured = []
        for url, life in ((few.url, SHORT), (many.url, LONG)):
            for _ in fill(url, life):
                pass
            measured.append(dict(buffers.measure(url, life, buffers.STATEMENTS)))
        measured.append(dict(buffers.measure(many.url, LONG, buffers.STATEMENTS, prepared=True)))
        short, long, prepared = measured
        yield {statement: (short[statement], long[statement], prepared[statement]) for statement in buffers.STATEMENTS}


def test_every_statement_runs_with_its_parameters(costs: Costs) -> None:
    failed = {str(statement): cost.error for statement, each in costs.items() for cost in each if cost.error}

    assert failed == {}, "tests/growth/parameters says what they are run with"


def test_ten_times_the_history_costs_at_most_twice_as_much(costs: Costs) -> None:
    grown = [
        f"{statement}: {short.buffers} buffers, {long.buffers} with ten times the history\n{long.plan}"
        for statement, (short, long, _) in costs.items()
        if str(statement) not in GROWERS and _times(short, long) > MAX_GROWTH
    ]

    assert grown == [], "\n\n".join(grown)


def test_the_list_of_those_that_grow_is_no_longer_than_it_must_be(costs: Costs) -> None:
    known = {str(statement): each[:2] for statement, each in costs.items()}

    assert [name for name in GROWERS if name not in known] == [], "no such statements any more: take them from GROWERS"
    mended = [name for name, reason in GROWERS.items() if reason and _times(*known[name]) <= MAX_GROWTH * 0.75]
    assert not mended, "\n".join(["they grow no more: take them from GROWERS", *mended])


def test_a_plan_that_was_made_for_any_values_is_as_good(costs: Costs) -> None:
    worse = {
        str(statement): f"{long.buffers} buffers, {prepared.buffers} prepared\n{prepared.plan}"
        for statement, (_, long, prepared) in costs.items()
        if _times(long, prepared) > MAX_GROWTH
    }

    assert worse.keys() == WORSE_PREPARED.keys(), "\n\n".join(worse.values())


def _times(short: Measured, long: Measured) -> float:
    return long.buffers / max(short.buffers, FLOOR)
