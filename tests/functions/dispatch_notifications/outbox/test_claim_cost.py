"""What a claim looks at does not grow with what else waits, or was sent."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue
from shared.database import sql
from shared.delivery.kinds import ANSWER_TO_LESSON, PRIORITY_RANK, Kind
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery

CLAIMED = 10
NEWS = Kind("salon/news", priority="bulk")
CLAIM = sql.load(queue.__file__)["claim"]
# Handed over one by one they would take minutes.
MESSAGES = """
    insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,
                                 state, priority, finished_at)
    select %(bot)s, chat_id, chat_id::text, 'a/b', 'sendMessage', '{"text": "x"}', 'crowd/' || n, 'c',
           'at_least_once', %(state)s, %(priority)s, case when %(state)s = 'sent' then clock_timestamp() end
    from (select n, %(first)s + n %% %(chats)s as chat_id from generate_series(1, %(many)s) n) crowd"""
LANES = """
    insert into platform.lanes (bot_id, lane, head_due, priority)
    select bot_id, lane, min(due_at), min(priority)
    from platform.outbox where dedup_key like 'crowd/%' and state = 'queued' group by bot_id, lane"""

Plain = psycopg.Connection[DictRow]


def pages(plan: dict[str, Any]) -> int:
    """Of each step of a plan, with what is under it."""
    here = int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])
    return here + sum(pages(child) for child in plan.get("Plans", []))


def cost(delivery: Delivery) -> int:
    """How many pages a claim looks at; the second one, which finds nothing to clean up."""
    parameters = {"bot": delivery.bot, "most": CLAIMED, "lease": 60.0, "most_wait": queue.MAX_WAIT_SECONDS}
    for _ in range(2):
        with delivery.connection.transaction(force_rollback=True):
            [found] = delivery.rows(f"explain (analyze, buffers, format json) {CLAIM}", **parameters)
    whole: dict[str, Any] = found["QUERY PLAN"][0]["Plan"]
    assert whole["Actual Rows"] == CLAIMED
    return pages(whole)


@pytest.mark.parametrize("statistics", ["fresh", "none"])
@pytest.mark.parametrize(
    "crowd",
    [
        {"state": "sent", "first": CHAT, "chats": 20, "many": 50_000},
        {"first": 690_000_000, "chats": 10_000, "many": 10_000},
        {"first": 690_000_000, "chats": 10_000, "many": 10_000, "priority": 2},
    ],
    ids=["all that was sent", "ten thousand chats", "a broadcast"],
)
async def test_a_claim_costs_about_the_same_whatever_else_there_is(
    delivery: Delivery, crowd: dict[str, Any], statistics: str
) -> None:
    """Measured: three times at most, and that because the indexes are deeper; a scan of them is a hundred times."""
    kind = NEWS if crowd.get("priority") == PRIORITY_RANK["bulk"] else ANSWER_TO_LESSON
    await delivery.enqueue(*(delivery.message(f"{n}", CHAT + n, kind=kind) for n in range(20)))
    alone = cost(delivery)

    delivery.connection.execute(MESSAGES, {"bot": delivery.bot, "state": "queued", "priority": 1, **crowd})
    delivery.connection.execute(LANES)
    if statistics == "fresh":
        delivery.connection.execute("analyze platform.outbox; analyze platform.lanes")

    assert cost(delivery) < 4 * alone
