"""The safety net of each run looks at some of what is under way, not at everybody who was ever written to."""

from typing import Any

from functions.dispatch_notifications.outbox import backlog
from functions.dispatch_notifications.outbox.backlog import SafetyNet
from shared.database import sql
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery
from tests.functions.dispatch_notifications.outbox.test_claim_cost import LANES, MESSAGES, pages

WRONG = sql.load(backlog.__file__)["find_wrong_lanes"]
START: dict[str, Any] = {"bot": 0, "lane": "", "head_bot": 0, "head_priority": 0, "head_due": "-infinity"}


async def test_idle_chats_cost_the_safety_net_nothing(delivery: Delivery) -> None:
    await delivery.enqueue(*(delivery.message(f"{n}", CHAT + n) for n in range(20)))
    alone = cost(delivery)

    delivery.connection.execute(
        "insert into platform.lanes (bot_id, lane) select %s, n::text from generate_series(1, 50000) n", (delivery.bot,)
    )

    assert cost(delivery) < 4 * alone, "the primary key is deeper, and nothing is scanned"


async def test_busy_chats_are_looked_at_some_at_a_time(delivery: Delivery) -> None:
    """Ten times as many wait: a look costs the same, and what is wrong among the last is found after some looks."""
    crowd(delivery, 600)
    some = cost(delivery, most=100)
    crowd(delivery, 6000)

    assert cost(delivery, most=100) < 2 * some

    last = "select max(lane) from platform.lanes"
    delivery.connection.execute(f"update platform.lanes set head_due = null where lane = ({last})")
    delivery.connection.execute("delete from platform.outbox where lane = (select min(lane) from platform.lanes)")
    net = SafetyNet()
    repaired = 0
    async with delivery.database.connection() as connection:
        for _ in range(6000 // backlog.LANES_PER_LOOK + 1):
            repaired += await net.repair(connection)
    assert repaired == 2
    assert delivery.rows("select lane from platform.lanes where head_due is null") == delivery.rows(
        "select min(lane) as lane from platform.lanes"
    )


def crowd(delivery: Delivery, many: int) -> None:
    """So many chats with a message each, instead of those that there were."""
    delivery.connection.execute("truncate platform.outbox cascade; truncate platform.lanes")
    messages = {"bot": delivery.bot, "state": "queued", "priority": 1, "first": CHAT, "chats": many, "many": many}
    delivery.connection.execute(MESSAGES, messages)
    delivery.connection.execute(LANES)


def cost(delivery: Delivery, most: int = backlog.LANES_PER_LOOK) -> int:
    """How many pages it looks at."""
    delivery.connection.execute("vacuum analyze platform.lanes, platform.outbox")
    [found] = delivery.rows(f"explain (analyze, buffers, format json) {WRONG}", most=most, **START)
    return pages(found["QUERY PLAN"][0]["Plan"])
