"""The safety net of each run looks at what is under way, not at everybody who was ever written to."""

from functions.dispatch_notifications.outbox import backlog
from shared.database import sql
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery
from tests.functions.dispatch_notifications.outbox.test_claim_cost import pages

WRONG = sql.load(backlog.__file__)["lock_wrong_lanes"]


async def test_idle_chats_cost_the_safety_net_nothing(delivery: Delivery) -> None:
    await delivery.enqueue(*(delivery.message(f"{n}", CHAT + n) for n in range(20)))
    alone = cost(delivery)

    delivery.connection.execute(
        "insert into platform.lanes (bot_id, lane) select %s, n::text from generate_series(1, 50000) n", (delivery.bot,)
    )

    assert cost(delivery) < 4 * alone, "the primary key is deeper, and nothing is scanned"


def cost(delivery: Delivery) -> int:
    """How many pages it looks at."""
    delivery.connection.execute("vacuum analyze platform.lanes")
    [found] = delivery.rows(f"explain (analyze, buffers, format json) {WRONG}")
    return pages(found["QUERY PLAN"][0]["Plan"])
