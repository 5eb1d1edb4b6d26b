"""What became of messages of several bots is noted together, and no bot pays for another's locks."""

import asyncio

import psycopg

from functions.dispatch_notifications.finisher import Finisher
from functions.dispatch_notifications.outbox import queue
from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.retry_policy import Decision
from functions.dispatch_notifications.shutdown import Deadline
from shared.errors import DatabaseUnavailable
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_TOKEN, Delivery, message
from tests.helpers.waiting import until

SENT = Decision("sent", "sent")


async def claimed(delivery: Delivery) -> list[Attempt]:
    """A message of each of two bots, on its way."""
    other = delivery.add_bot(name="other", token=OTHER_TOKEN)
    await delivery.enqueue("one", message(other, "two"))
    async with delivery.database.connection() as claiming:
        return [attempt for bot in (delivery.bot, other) for attempt in await queue.claim(claiming, bot, 10, 60.0)]


def lock_lane(lock: psycopg.Connection, attempt: Attempt) -> None:
    lock.execute("select from platform.lanes where bot_id = %s and lane = %s for update", (attempt.bot_id, str(CHAT)))


async def test_what_ends_at_once_is_noted_in_one_transaction_whosever_it_is(delivery: Delivery) -> None:
    finisher = Finisher(delivery.database, Deadline(20))

    ours = await asyncio.gather(*(finisher.finish(attempt, SENT) for attempt in await claimed(delivery)))

    assert ours == [True, True]
    assert delivery.states("one", "two") == ["sent", "sent"]
    assert len(delivery.rows("select distinct xmin::text from platform.outbox_attempts")) == 1


async def test_a_lane_that_somebody_has_locked_holds_up_no_other_bot(delivery: Delivery, direct_url: str) -> None:
    locked, free = await claimed(delivery)
    finisher = Finisher(delivery.database, Deadline(60))
    with psycopg.connect(direct_url) as lock:
        lock_lane(lock, locked)
        finishing = asyncio.gather(finisher.finish(locked, SENT), finisher.finish(free, SENT))
        await until(lambda: delivery.states("two") == ["sent"])
        assert delivery.states("one") == ["sending"]

    assert list(await finishing) == [True, True]
    assert delivery.states("one") == ["sent"]


async def test_a_process_that_has_to_go_notes_what_it_can_and_says_what_it_could_not(
    delivery: Delivery, direct_url: str
) -> None:
    locked, free = await claimed(delivery)
    deadline = Deadline(60)
    deadline.expire()
    finisher = Finisher(delivery.database, deadline)
    with psycopg.connect(direct_url) as lock:
        lock_lane(lock, locked)
        unnoted, noted = await asyncio.gather(
            finisher.finish(locked, SENT), finisher.finish(free, SENT), return_exceptions=True
        )

    assert isinstance(unnoted, DatabaseUnavailable)
    assert noted is True
    assert delivery.states("one", "two") == ["sending", "sent"]
