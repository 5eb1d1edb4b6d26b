"""What a finish looks at does not grow with what else waits."""

import json
from typing import Any

from functions.dispatch_notifications.outbox import queue
from functions.dispatch_notifications.outbox.retry_policy import Decision
from shared.database import sql
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery
from tests.functions.dispatch_notifications.outbox.test_claim_cost import MESSAGES, pages

FINISH = sql.load(queue.__file__)["finish"]


async def test_a_finish_costs_about_the_same_however_many_messages_wait(delivery: Delivery) -> None:
    """With statistics from before a broadcast, the planner took everything that waits for next to nothing."""
    delivery.connection.execute("alter table platform.outbox set (autovacuum_enabled = off)")
    past = {"bot": delivery.bot, "state": "sent", "priority": 1, "first": CHAT + 1000, "chats": 20, "many": 20_000}
    delivery.connection.execute(MESSAGES, past)
    delivery.connection.execute("vacuum analyze platform.outbox")
    await delivery.enqueue(*(delivery.message(f"{n}", CHAT + n) for n in range(20)))
    async with delivery.database.connection() as claiming:
        attempts = await queue.claim(claiming, delivery.bot, 10, 65.0)
    sent = Decision("sent", "sent")
    rows = [
        {"id": attempt.id, "attempt_id": str(attempt.attempt_id), "bot_id": delivery.bot, "lane": attempt.lane,
         "chat": attempt.chat, "started_at": attempt.send_started_at.isoformat(), **sent._asdict(),
         "outcome": sent.result}
        for attempt in attempts
    ]  # fmt: skip
    decisions = {"decisions": json.dumps(rows)}
    alone = cost(delivery, decisions)

    broadcast = """
        insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
        select %(bot)s, n, n::text, 'a/b', 'sendMessage', '{}', 'broadcast/' || n, 'c', 'at_least_once'
        from generate_series(690000000, 690020000) n
    """
    delivery.connection.execute(broadcast, {"bot": delivery.bot})

    assert cost(delivery, decisions) < 2 * alone


def cost(delivery: Delivery, decisions: dict[str, str]) -> int:
    """How many pages a finish of ten looks at."""
    for _ in range(2):
        with delivery.connection.transaction(force_rollback=True):
            [found] = delivery.rows(f"explain (analyze, buffers, format json) {FINISH}", **decisions)
    whole: dict[str, Any] = found["QUERY PLAN"][0]["Plan"]
    assert whole["Actual Rows"] == 10
    return pages(whole)
