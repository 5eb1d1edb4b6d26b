"""So many calls at once, then so many a second, for each caller."""

import pytest

from shared.errors import HttpProblem
from shared.http.paces import Paces


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(paces: Paces, whose: str, calls: int) -> int:
    """How many of so many calls are let in."""
    count = 0
    for _ in range(calls):
        try:
            paces.take(whose)
        except HttpProblem:
            continue
        count += 1
    return count


def test_a_burst_is_let_in_and_then_so_many_a_second_of_each_caller() -> None:
    clock = Clock()
    paces = Paces(burst=20, per_second=4, clock=clock)

    assert taken(paces, "loop", 100) == 20
    clock.now += 2
    assert taken(paces, "loop", 100) == 8
    assert taken(paces, "other", 100) == 20
    clock.now += 3600
    assert taken(paces, "loop", 100) == 20


def test_who_is_refused_hears_when_to_call_again() -> None:
    clock = Clock()
    paces = Paces(burst=1, per_second=0.2, clock=clock)
    paces.take("loop")

    with pytest.raises(HttpProblem) as refused:
        paces.take("loop")

    assert (refused.value.status, refused.value.headers["retry-after"]) == (429, "5")
    clock.now += 5
    paces.take("loop")


def test_who_has_not_called_for_long_is_forgotten() -> None:
    clock = Clock()
    paces = Paces(burst=2, per_second=1, clock=clock)
    for number in range(10_000):
        paces.take(number)
    clock.now += 3
    paces.take("new")

    assert len(vars(paces)["_next"]) == 1
