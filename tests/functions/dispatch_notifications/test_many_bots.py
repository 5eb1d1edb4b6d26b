"""Many bots, one dispatcher, a slow database: what the messenger took is noted before the run ends."""

import asyncio
import time

from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, Delivery, fast_bot, message
from tests.helpers import canaries
from tests.helpers.moody_proxy import moody
from tests.helpers.waiting import until

BOTS = 40
SECONDS = 3.0
LATENCY = 0.06  # of each answer of the database, of which a transaction needs several
SENDING = "select from platform.outbox where state = 'sending'"


async def test_a_run_whose_time_is_up_notes_what_many_bots_have_sent(delivery: Delivery, direct_url: str) -> None:
    """If each bot's were noted alone, that would take three times as long as a run may take to end."""
    bots = [
        fast_bot(delivery.connection, name=f"bot-{n}", token=f"{n}{canaries.BOT_TOKEN}") for n in range(1, BOTS + 1)
    ]
    messages = [message(bot, f"{bot}/{chat}", chat) for bot in bots for chat in (CHAT, OTHER_CHAT)]
    async with moody(direct_url) as proxy:
        delivery.settings["DATABASE_URL"] = proxy.url
        await delivery.enqueue(messages[0])
        assert (await delivery.tick())["sent"] == 1  # what a first call loads takes no time of the next run
        await delivery.enqueue(*messages[1:])
        delivery.telegram.telegram.latency = SECONDS + 1  # nobody has an answer before the time is up
        until_then = time.monotonic() + SECONDS
        run = asyncio.create_task(delivery.tick(seconds=SECONDS))
        await until(lambda: delivery.requests(chat=None) == len(messages) or time.monotonic() > until_then)
        proxy.latency = LATENCY
        await until(lambda: run.done() or not delivery.rows(SENDING))
        proxy.latency = 0.0  # the report is made of other statements
        report = await run

    sent = sorted(call.params["text"] for call in delivery.calls())
    assert report["sent"] == len(sent) - 1
    noted = delivery.rows("select dedup_key from platform.outbox where state = 'sent' order by dedup_key collate \"C\"")
    assert [row["dedup_key"] for row in noted] == sent
    assert delivery.rows(SENDING) == delivery.rows("select from platform.outbox where maybe_duplicate") == []
