"""Group commit: together, in order, to each their own, and nobody pays for a neighbour."""

import asyncio
from typing import Any

import psycopg
import pytest

from shared.database import time_limit
from shared.database.group_commit import MAX_WRITERS, RETRY_WITHIN_SECONDS, STUCK_AFTER_SECONDS, GroupCommit
from shared.database.pool import Database
from shared.database.time_limit import TimeLimit
from shared.errors import DatabaseUnavailable


class Recorder:
    """A write that remembers its groups, takes a moment, and fails as told."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.poison: set[int] = set()
        self.away = 0  # how many of the next writes find no database
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, rows: list[int]) -> list[int]:
        """Ten times each row."""
        self.groups.append(rows)
        await self.gate.wait()
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise DatabaseUnavailable
        if self.poison & set(rows):
            raise ValueError("poison")
        return [row * 10 for row in rows]


@pytest.fixture
def recorder() -> Recorder:
    """A write."""
    return Recorder()


async def all_of(commit: GroupCommit[int, int], rows: range | list[int]) -> list[Any]:
    """What the submitters of `rows` get, all at once."""
    return await asyncio.gather(*(commit.submit(row) for row in rows), return_exceptions=True)


async def test_each_of_many_callers_gets_its_own_result(recorder: Recorder) -> None:
    assert await all_of(GroupCommit(recorder.write), range(1000)) == [row * 10 for row in range(1000)]
    assert sorted(row for group in recorder.groups for row in group) == list(range(1000))


async def test_what_arrives_during_a_write_goes_together_into_the_next(recorder: Recorder) -> None:
    commit = GroupCommit(recorder.write)
    recorder.gate.clear()
    first = asyncio.create_task(commit.submit(0))
    await asyncio.sleep(0.01)
    rest = asyncio.create_task(all_of(commit, range(1, 50)))
    await asyncio.sleep(0.01)
    recorder.gate.set()
    assert await first == 0
    assert await rest == [row * 10 for row in range(1, 50)]
    assert recorder.groups == [[0], list(range(1, 50))]


async def test_a_group_has_a_limit(recorder: Recorder) -> None:
    await all_of(GroupCommit(recorder.write, max_rows=7), range(50))
    assert max(len(group) for group in recorder.groups) == 7


async def test_a_lone_caller_does_not_wait_for_company(recorder: Recorder) -> None:
    commit = GroupCommit(recorder.write)
    assert [await commit.submit(row) for row in range(5)] == [0, 10, 20, 30, 40]
    assert recorder.groups == [[0], [1], [2], [3], [4]]


async def test_one_poison_row_never_costs_its_neighbours(recorder: Recorder) -> None:
    recorder.poison = {3, 17}
    results = await all_of(GroupCommit(recorder.write), range(30))
    for row, result in enumerate(results):
        if row in recorder.poison:
            assert isinstance(result, ValueError)
        else:
            assert result == row * 10


async def test_a_connection_that_broke_is_tried_again_and_nobody_notices(recorder: Recorder) -> None:
    recorder.away = 1
    assert await all_of(GroupCommit(recorder.write), range(10)) == [row * 10 for row in range(10)]


async def test_a_database_that_stays_away_is_told_to_all_and_not_tried_row_by_row(recorder: Recorder) -> None:
    recorder.away = 2
    commit = GroupCommit(recorder.write)
    results = await all_of(commit, range(10))
    assert all(isinstance(result, DatabaseUnavailable) for result in results)
    assert len(recorder.groups) == 2
    assert await commit.submit(5) == 50


async def test_a_database_that_was_long_in_going_away_is_not_tried_again() -> None:
    tries = 0

    async def slow(_: list[int]) -> list[int]:
        nonlocal tries
        tries += 1
        await asyncio.sleep(RETRY_WITHIN_SECONDS + 0.1)
        raise DatabaseUnavailable

    with pytest.raises(DatabaseUnavailable):
        await GroupCommit(slow).submit(1)
    assert tries == 1


async def test_a_caller_who_went_away_costs_nobody_anything_and_its_row_is_still_written(recorder: Recorder) -> None:
    commit = GroupCommit(recorder.write)
    recorder.gate.clear()
    first = asyncio.create_task(commit.submit(0))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(commit.submit(row)) for row in range(1, 6)]
    await asyncio.sleep(0.01)
    first.cancel()
    others[1].cancel()
    recorder.gate.set()
    results = await asyncio.gather(first, *others, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert isinstance(results[2], asyncio.CancelledError)
    assert [results[row] for row in (1, 3, 4, 5)] == [10, 30, 40, 50]
    assert sorted(row for group in recorder.groups for row in group) == list(range(6))
    assert await commit.submit(7) == 70


async def test_a_caller_who_went_away_before_a_failure_is_not_told(recorder: Recorder) -> None:
    commit = GroupCommit(recorder.write)
    recorder.poison, recorder.away = {0}, 0
    recorder.gate.clear()
    tasks = [asyncio.create_task(commit.submit(row)) for row in range(2)]
    await asyncio.sleep(0.01)
    tasks[0].cancel()
    recorder.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1] == 10


async def test_a_real_transaction_of_a_group_with_poison_keeps_all_the_others(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("create table numbers (n int primary key check (n <> 13))")

    async def write(rows: list[int]) -> list[int]:
        async with database.transaction() as connection:
            await connection.execute("insert into numbers select unnest(%s::int[]) on conflict do nothing", (rows,))
        return rows

    results = await all_of(GroupCommit(write), range(40))

    assert [row for row, result in enumerate(results) if isinstance(result, psycopg.errors.CheckViolation)] == [13]
    async with database.connection() as connection:
        stored = await (await connection.execute("select n from numbers order by n")).fetchall()
    assert [row["n"] for row in stored] == [n for n in range(40) if n != 13]


async def test_a_write_that_is_stuck_holds_up_its_own_group_alone() -> None:
    lock = asyncio.Event()
    groups: list[list[int]] = []

    async def write(rows: list[int]) -> list[int]:
        groups.append(rows)
        if 0 in rows:
            await lock.wait()
            raise DatabaseUnavailable
        return [row * 10 for row in rows]

    commit = GroupCommit(write)
    stuck = asyncio.create_task(commit.submit(0))
    await asyncio.sleep(0.01)
    beside = asyncio.create_task(commit.submit(1))

    assert await beside == 10
    assert await commit.submit(2) == 20
    assert not stuck.done()
    waiting = asyncio.create_task(commit.submit(3))
    await asyncio.sleep(0)
    lock.set()
    assert await waiting == 30  # what is stuck says nothing about the others
    with pytest.raises(DatabaseUnavailable):
        await stuck
    assert groups[:4] == [[0], [1], [2], [3]]


async def test_as_many_as_are_stuck_at_once_the_next_goes_on_when_one_of_them_ends(recorder: Recorder) -> None:
    commit = GroupCommit(recorder.write)
    recorder.gate.clear()
    stuck = []
    for row in range(MAX_WRITERS):
        stuck.append(asyncio.create_task(commit.submit(row)))
        await asyncio.sleep(STUCK_AFTER_SECONDS + 0.05)
    late = asyncio.create_task(commit.submit(MAX_WRITERS))
    await asyncio.sleep(0.01)
    assert len(recorder.groups) == MAX_WRITERS
    recorder.gate.set()

    assert await asyncio.gather(*stuck, late) == [row * 10 for row in range(MAX_WRITERS + 1)]


async def test_a_caller_with_little_time_left_waits_no_longer(recorder: Recorder) -> None:
    commit = GroupCommit(recorder.write)
    recorder.gate.clear()
    time_limit.current.set(TimeLimit(0.1))
    with pytest.raises(DatabaseUnavailable):
        await commit.submit(1)
    recorder.gate.set()
    time_limit.current.set(TimeLimit())
    assert await commit.submit(2) == 20
