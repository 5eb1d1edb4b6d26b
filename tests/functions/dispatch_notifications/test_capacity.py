"""Senders take turns to claim, and claim no more than the run can send."""

import asyncio

from functions.dispatch_notifications.capacity import MAX_CLAIMS, MAX_IN_FLIGHT, MIN_CLAIM, Capacity


async def test_a_claim_waits_until_there_is_room_for_many() -> None:
    capacity, given = Capacity(), list[int]()

    async def claim() -> None:
        async with capacity.turn() as room:
            given.append(room)
            capacity.take(room)

    await claim()
    waiting = asyncio.create_task(claim())
    for _ in range(MIN_CLAIM):
        await asyncio.sleep(0)
        assert given == [MAX_IN_FLIGHT]
        capacity.give_back()
    await waiting

    assert given == [MAX_IN_FLIGHT, MIN_CLAIM]


async def test_few_claim_at_once_and_in_the_order_in_which_they_came() -> None:
    capacity, order, goes_on = Capacity(), list[int](), asyncio.Event()

    async def claim(number: int) -> None:
        async with capacity.turn():
            order.append(number)
            await goes_on.wait()

    claims = [asyncio.create_task(claim(number)) for number in range(10)]
    for _ in claims:
        await asyncio.sleep(0)
    assert order == list(range(MAX_CLAIMS))
    goes_on.set()
    await asyncio.gather(*claims)

    assert order == list(range(10))
