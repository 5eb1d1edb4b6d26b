"""Isolating what fails: all together, then each alone, then given up alone."""

from collections.abc import Sequence

import pytest

from shared.database import isolate
from shared.errors import DatabaseUnavailable


class Recorder:
    """Settles numbers but the poison ones, and remembers every call."""

    def __init__(self, poison: Sequence[int] = (), error: type[Exception] = ValueError) -> None:
        self.poison = set(poison)
        self.error = error
        self.calls: list[list[int]] = []
        self.given_up: list[int] = []

    async def settle_all(self, rows: Sequence[int]) -> int:
        """How many rows were settled."""
        self.calls.append(list(rows))
        if self.poison & set(rows):
            raise self.error
        return len(rows)

    async def give_up(self, row: int, error: Exception) -> int:
        """None was settled."""
        assert isinstance(error, self.error)
        self.given_up.append(row)
        return 0


async def settled(recorder: Recorder, rows: Sequence[int]) -> list[int]:
    return await isolate.settle(rows, recorder.settle_all, recorder.give_up)


async def test_what_succeeds_together_is_settled_in_one_call() -> None:
    recorder = Recorder()
    assert await settled(recorder, [1, 2, 3]) == [3]
    assert recorder.calls == [[1, 2, 3]]


async def test_a_poison_row_is_given_up_alone_and_its_neighbours_are_settled() -> None:
    recorder = Recorder(poison=[2])
    assert await settled(recorder, [1, 2, 3]) == [1, 0, 1]
    assert (recorder.calls, recorder.given_up) == ([[1, 2, 3], [1], [2], [3]], [2])


async def test_a_row_that_was_alone_is_not_tried_twice() -> None:
    recorder = Recorder(poison=[2])
    assert await settled(recorder, [2]) == [0]
    assert recorder.calls == [[2]]


async def test_an_unavailable_database_is_no_rows_fault() -> None:
    recorder = Recorder(poison=[2], error=DatabaseUnavailable)
    with pytest.raises(DatabaseUnavailable):
        await settled(recorder, [1, 2, 3])
    assert (recorder.calls, recorder.given_up) == ([[1, 2, 3]], [])


async def test_a_database_that_goes_away_between_rows_ends_the_run() -> None:
    class Away(Recorder):
        async def settle_all(self, rows: Sequence[int]) -> int:
            if list(rows) == [2]:
                raise DatabaseUnavailable
            return await super().settle_all(rows)

    recorder = Away(poison=[1])
    with pytest.raises(DatabaseUnavailable):
        await settled(recorder, [1, 2, 3])
    assert recorder.given_up == [1]


async def test_rows_that_were_claimed_in_the_failed_transaction_are_tried_alone() -> None:
    recorder = Recorder(poison=[2])
    results = await isolate.settle_each([1, 2], ValueError("together"), recorder.settle_all, recorder.give_up)
    assert (results, recorder.calls) == ([1, 0], [[1], [2]])


async def test_an_error_before_anything_was_claimed_is_raised() -> None:
    recorder = Recorder()
    with pytest.raises(ValueError, match="claim"):
        await isolate.settle_each([], ValueError("claim"), recorder.settle_all, recorder.give_up)


async def test_the_log_says_how_many_failed_together_and_in_which_unit(capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder(poison=[2])
    await isolate.settle([1, 2, 3], recorder.settle_all, recorder.give_up, unit="salons")
    [line] = capsys.readouterr().out.splitlines()
    assert '"event": "batch_failed", "salons": 3, "error": "ValueError at ' in line
