"""Credentials that are kept: who asks for them, how often they are read, and what is found that was made just now."""

import asyncio
import time
from contextlib import suppress

import pytest

from shared.credentials.cache import MIN_REFRESH_SECONDS, CredentialCache, may_wait
from shared.errors import DatabaseUnavailable


class Table:
    """Names that are valid, and how often they were read."""

    def __init__(self, *names: str) -> None:
        self.names = set(names)
        self.reads = 0
        self.is_away = False
        self.flows = asyncio.Event()
        self.flows.set()

    async def read(self) -> frozenset[str]:
        """All names as they are now; they arrive once `flows` is set."""
        self.reads += 1
        names, is_away = frozenset(self.names), self.is_away
        await self.flows.wait()
        if is_away:
            raise DatabaseUnavailable
        return names


class Guests:
    """A cache of the table's names."""

    def __init__(self, table: Table, ttl: float | None = None) -> None:
        self._cache = CredentialCache(table.read) if ttl is None else CredentialCache(table.read, ttl)

    async def find(self, name: str) -> str | None:
        """The name, if it is valid."""
        return await self._cache.find(lambda names: name if name in names else None)


async def test_a_crowd_of_those_who_are_valid_reads_once() -> None:
    table = Table("ann")
    guests = Guests(table)

    assert await asyncio.gather(*(guests.find("ann") for _ in range(50))) == ["ann"] * 50
    assert [await guests.find("ann") for _ in range(50)] == ["ann"] * 50
    assert table.reads == 1


async def test_crowds_of_strangers_share_four_reads_a_second() -> None:
    table = Table("ann")
    guests = Guests(table)
    began = time.monotonic()
    for _ in range(3):
        assert await asyncio.gather(*(guests.find(f"stranger-{n}") for n in range(200))) == [None] * 200

    assert table.reads <= 2 + (time.monotonic() - began) / MIN_REFRESH_SECONDS


async def test_who_was_added_right_after_a_stranger_asked_waits_and_is_found() -> None:
    table = Table()
    guests = Guests(table)
    await guests.find("stranger")
    await guests.find("stranger")
    table.names.add("bob")

    assert await guests.find("bob") == "bob"


async def test_who_was_added_while_the_names_are_read_is_found() -> None:
    table = Table()
    table.flows.clear()
    guests = Guests(table)
    first = asyncio.create_task(guests.find("stranger"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert table.reads == 1
    table.names.add("bob")
    second = asyncio.create_task(guests.find("bob"))
    await asyncio.sleep(0)
    table.flows.set()

    assert [await first, await second] == [None, "bob"]


async def test_many_who_were_just_added_wait_for_nobody() -> None:
    """What is found by a search was no stranger's: it takes nobody's turn."""
    table = Table()
    guests = Guests(table)
    may_wait.set(False)
    for name in map(str, range(20)):
        table.names.add(name)
        assert await guests.find(name) == name


async def test_who_may_not_wait_for_a_turn_is_refused_at_once() -> None:
    table = Table("ann")
    guests = Guests(table)
    may_wait.set(False)
    began = time.monotonic()

    assert [await guests.find("stranger") for _ in range(200)] == [None] * 200
    assert table.reads <= 2 + (time.monotonic() - began) / MIN_REFRESH_SECONDS
    assert await guests.find("ann") == "ann"


async def test_who_was_taken_out_is_refused_when_the_time_is_over() -> None:
    table = Table("ann")
    kept, expired = Guests(table), Guests(table, ttl=0.0)
    assert [await guests.find("ann") for guests in (kept, expired)] == ["ann"] * 2
    table.names.clear()

    assert await kept.find("ann") == "ann"
    assert await expired.find("ann") is None


async def test_without_a_database_nobody_is_called_a_stranger_and_afterwards_all_is_well() -> None:
    table = Table("ann")
    guests = Guests(table)
    table.is_away = True
    for name in ("ann", "stranger"):
        with pytest.raises(DatabaseUnavailable):
            await guests.find(name)
    table.is_away = False

    assert await guests.find("ann") == "ann"
    assert await guests.find("stranger") is None


async def test_who_asks_after_an_outage_does_not_share_the_end_of_what_was_asked_in_it() -> None:
    table = Table("ann")
    table.is_away = True
    table.flows.clear()
    guests = Guests(table)
    before = asyncio.create_task(guests.find("ann"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert table.reads == 1
    table.is_away = False
    after = [asyncio.create_task(guests.find("ann")) for _ in range(20)]
    await asyncio.sleep(0)
    table.flows.set()

    assert await asyncio.gather(*after) == ["ann"] * 20
    assert table.reads == 2
    with pytest.raises(DatabaseUnavailable):
        await before


async def test_whoever_gives_up_takes_nothing_from_those_who_wait_with_them() -> None:
    table = Table("ann")
    table.flows.clear()
    guests = Guests(table)
    leaving, staying = (asyncio.create_task(guests.find("ann")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    with suppress(asyncio.CancelledError):
        await leaving
    table.flows.set()

    assert await staying == "ann"
    assert table.reads == 1


async def test_a_crowd_of_strangers_leaves_room_for_others_between_every_two_of_them() -> None:
    table = Table("ann")
    guests = Guests(table)
    left = 0

    async def leave(name: str) -> None:
        nonlocal left
        await guests.find(name)
        left += 1

    await guests.find("stranger")
    await guests.find("stranger")
    crowd = [asyncio.create_task(leave(f"stranger-{n}")) for n in range(200)]
    most, before = 0, 0
    while not all(stranger.done() for stranger in crowd):
        await asyncio.sleep(0)
        most, before = max(most, left - before), left

    assert left == 200
    assert most <= 2
