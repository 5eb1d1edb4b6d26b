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
Costs = dict[Statement, tuple[Measured, Measured]]


@pytest.fixture(scope="module")
def costs(clones: Clones) -> Iterator[Costs]:
    """What every statement costs after a short and after a long history."""
    with clones.one() as few, clones.one() as many:
        measured = []
        for url, life in ((few.url, SHORT), (many.url, LONG)):
            for _ in fill(url, life):
                pass
            measured.append(dict(buffers.measure(url, life, buffers.STATEMENTS)))
        yield {statement: (measured[0][statement], measured[1][statement]) for statement in buffers.STATEMENTS}


def test_every_statement_runs_with_its_parameters(costs: Costs) -> None:
    failed = {str(statement): cost.error for statement, both in costs.items() for cost in both if cost.error}

    assert failed == {}, "tests/growth/parameters says what they are run with"


def test_ten_times_the_history_costs_at_most_twice_as_much(costs: Costs) -> None:
    grown = [
        f"{statement}: {short.buffers} buffers, {long.buffers} with ten times the history\n{long.plan}"
        for statement, (short, long) in costs.items()
        if str(statement) not in GROWERS and _times(short, long) > MAX_GROWTH
    ]

    assert grown == [], "\n\n".join(grown)


def test_the_list_of_those_that_grow_is_no_longer_than_it_must_be(costs: Costs) -> None:
    known = {str(statement): both for statement, both in costs.items()}

    assert [name for name in GROWERS if name not in known] == [], "no such statements any more: take them from GROWERS"
    mended = [name for name, reason in GROWERS.items() if reason and _times(*known[name]) <= MAX_GROWTH * 0.75]
    assert not mended, "\n".join(["they grow no more: take them from GROWERS", *mended])


def _times(short: Measured, long: Measured) -> float:
    return long.buffers / max(short.buffers, FLOOR)
