"""The safety net of each run looks at what is under way, not at everybody who was ever written to."""

import psycopg
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import backlog
from shared.database import sql
from shared.database.pool import Database
from tests.functions.dispatch_notifications.outbox.test_claim_cost import pages
from tests.functions.dispatch_notifications.outgoing import CHAT, hand_over, message, patient_bot

WRONG = sql.load(backlog.__file__)["lock_wrong_lanes"]


async def test_idle_chats_cost_the_safety_net_nothing(
    connection: psycopg.Connection[DictRow], database: Database
) -> None:
    bot = patient_bot(connection)
    await hand_over(database, *(message(bot, f"{n}", CHAT + n) for n in range(20)))
    alone = cost(connection)

    connection.execute(
        "insert into platform.lanes (bot_id, lane) select %s, n::text from generate_series(1, 50000) n", (bot,)
    )

    assert cost(connection) < 4 * alone, "the primary key is deeper, and nothing is scanned"


def cost(connection: psycopg.Connection[DictRow]) -> int:
    """How many pages it looks at."""
    connection.execute("vacuum analyze platform.lanes")
    [found] = connection.execute(f"explain (analyze, buffers, format json) {WRONG}").fetchall()
    return pages(found["QUERY PLAN"][0]["Plan"])
