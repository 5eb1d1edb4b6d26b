"""What a finish looks at does not grow with what else waits."""

import json
from typing import Any

import psycopg
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import queue
from functions.dispatch_notifications.outbox.retry_policy import Decision
from shared.database import sql
from shared.database.pool import Database
from tests.functions.dispatch_notifications.outbox.test_claim_cost import MESSAGES, pages
from tests.functions.dispatch_notifications.outgoing import CHAT, hand_over, message, patient_bot

FINISH = sql.load(queue.__file__)["finish"]


async def test_a_finish_costs_about_the_same_however_many_messages_wait(
    connection: psycopg.Connection[DictRow], database: Database
) -> None:
    """With statistics from before a broadcast, the planner took everything that waits for next to nothing."""
    bot = patient_bot(connection)
    connection.execute("alter table platform.outbox set (autovacuum_enabled = off)")
    past = {"bot": bot, "state": "sent", "priority": 1, "first": CHAT + 1000, "chats": 20, "many": 20_000}
    connection.execute(MESSAGES, past)
    connection.execute("vacuum analyze platform.outbox")
    await hand_over(database, *(message(bot, f"{n}", CHAT + n) for n in range(20)))
    async with database.connection() as claiming:
        attempts = await queue.claim(claiming, bot, 10, 65.0)
    sent = Decision("sent", "sent")
    rows = [
        {"id": attempt.id, "attempt_id": str(attempt.attempt_id), "bot_id": bot, "lane": attempt.lane,
         "chat": attempt.chat, "started_at": attempt.send_started_at.isoformat(), **vars(sent),
         "outcome": sent.result}
        for attempt in attempts
    ]  # fmt: skip
    decisions = {"decisions": json.dumps(rows)}
    alone = cost(connection, decisions)

    broadcast = """
        insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
        select %(bot)s, n, n::text, 'a/b', 'sendMessage', '{}', 'broadcast/' || n, 'c', 'at_least_once'
        from generate_series(690000000, 690020000) n
    """
    connection.execute(broadcast, {"bot": bot})

    assert cost(connection, decisions) < 2 * alone


def cost(connection: psycopg.Connection[DictRow], decisions: dict[str, str]) -> int:
    """How many pages a finish of ten looks at."""
    for _ in range(2):
        with connection.transaction(force_rollback=True):
            [found] = connection.execute(f"explain (analyze, buffers, format json) {FINISH}", decisions).fetchall()
    whole: dict[str, Any] = found["QUERY PLAN"][0]["Plan"]
    assert whole["Actual Rows"] == 10
    return pages(whole)
