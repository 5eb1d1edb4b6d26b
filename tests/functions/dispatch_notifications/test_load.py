"""What a claim costs behind a long queue: counted in buffers, which a busy machine leaves alone."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue
from functions.dispatch_notifications.outbox.sender import MAX_IN_FLIGHT
from shared.database import sql
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery

CLAIM = sql.load(queue.__file__)["claim"]
AFTERWARDS = ("CTE lost", "CTE leased", "CTE spent")  # run when the rows are out, so the whole does not count them

FILL = """
insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
select %(bot)s, %(chat)s, %(chat)s::text, 'getcourse/answer', 'sendMessage', '{"text": "long"}', 'long/' || n, 'c',
       'at_least_once'
from generate_series(1, 50000) n
"""
CHURN = """
update platform.lanes set next_at = clock_timestamp() - interval '1 ms', lease = gen_random_uuid();
update platform.outbox set attempt_id = gen_random_uuid(), due_at = clock_timestamp() - interval '1 ms';
"""

Plain = psycopg.Connection[DictRow]


def buffers(delivery: Delivery, lanes: int) -> int:
    """How many pages a claim of all that is due looks at or changes."""
    parameters = {"bot": delivery.bot, "most": MAX_IN_FLIGHT, "lease": 60.0, "most_wait": queue.MAX_WAIT_SECONDS}
    with delivery.connection.transaction(force_rollback=True):
        [found] = delivery.rows(f"explain (analyze, buffers, format json) {CLAIM}", **parameters)
    whole = found["QUERY PLAN"][0]["Plan"]
    assert whole["Actual Rows"] == lanes, "there was something to claim"
    afterwards = [plan for plan in whole["Plans"] if plan.get("Subplan Name") in AFTERWARDS]
    assert len(afterwards) == len(AFTERWARDS)
    return sum(_pages(plan) for plan in (whole, *afterwards))


def _pages(plan: dict[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def settled(delivery: Delivery, lanes: int) -> int:
    """The least of three: the first one still cleans up behind what was changed."""
    delivery.connection.execute("vacuum analyze")
    return min(buffers(delivery, lanes) for _ in range(3))


@pytest.mark.slow
async def test_a_claim_behind_a_chat_with_fifty_thousand_messages_costs_what_it_costs_behind_an_empty_one(
    delivery: Delivery,
) -> None:
    """Measured: 84 pages behind it, 61 without."""
    await delivery.enqueue(delivery.message("of many", CHAT), delivery.message("other", CHAT + 1))
    empty = settled(delivery, 2)

    delivery.connection.execute(FILL, {"bot": delivery.bot, "chat": CHAT})

    assert settled(delivery, 2) <= 2 * empty


@pytest.mark.slow
async def test_a_long_transaction_elsewhere_makes_a_claim_dearer_within_reason(
    delivery: Delivery, direct_url: str
) -> None:
    """Its dead rows stay in the way however often VACUUM comes. Measured: 5,600 pages for 150 lanes, then 12,800."""
    await delivery.enqueue(*(delivery.message(f"{n}", CHAT + n) for n in range(500)))
    churn(delivery)
    quiet = settled(delivery, MAX_IN_FLIGHT)

    with psycopg.connect(direct_url) as analyst:
        analyst.execute("set transaction isolation level repeatable read")
        analyst.execute("select count(*) from platform.outbox")
        churn(delivery)
        held = settled(delivery, MAX_IN_FLIGHT)

    assert held > 1.2 * quiet, "there was something in the way"
    assert held <= 4 * quiet
    assert held <= 150 * MAX_IN_FLIGHT, "each lane meets its own dead rows alone"


def churn(delivery: Delivery) -> None:
    """Each of 500 lanes and messages is written ten times, as claims and finishes do."""
    for _ in range(10):
        delivery.connection.execute(CHURN)


@pytest.mark.slow
async def test_fifty_thousand_messages_that_are_due_tomorrow_cost_a_claim_nothing(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("one", CHAT), delivery.message("other", CHAT + 1))
    empty = settled(delivery, 2)

    delivery.connection.execute(
        "insert into platform.lanes (bot_id, lane, head_due)"
        " select %s, n::text, clock_timestamp() + interval '1 day' from generate_series(1, 50000) n",
        (delivery.bot,),
    )

    assert settled(delivery, 2) <= 2 * empty
