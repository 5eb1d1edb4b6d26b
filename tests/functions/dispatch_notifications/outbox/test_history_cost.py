"""What is over costs what goes on nothing: refusals of last week, moves of last year, chats that nobody writes to."""

import json
from typing import Any

from functions.dispatch_notifications.outbox import backlog, holds, pauses
from shared.database import sql
from shared.delivery import chat_states, chats
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery
from tests.functions.dispatch_notifications.outbox.test_claim_cost import MESSAGES, pages
from tests.functions.dispatch_notifications.outbox.test_repair_cost import START

OLD, NEW = -500_000_901, -1_001_500_000_901
REFUSED = [{"bot_id": 1, "chat": str(OLD), "lane": str(OLD), "method": "sendMessage", "state": "no_right_to_write",
            "scope": "chat"}]  # fmt: skip
CLEARED = [{"bot_id": 1, "chat": str(OLD), "state": None}]
PAST = """
    insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, ended_at, outcome, retry_after)
    select gen_random_uuid(), o.id, now() - interval '1 day', now() - interval '1 day', 'rate_limited', 5
    from platform.outbox o where o.state = 'sent';
    insert into platform.lanes (bot_id, lane, chat)
    select distinct bot_id, lane || case when n > 0 then '/' || n else '' end, case when n > 0 then lane end
    from platform.outbox, generate_series(0, 3) n where state = 'sent';
    insert into platform.chat_moves (bot_id, chat_id, new_chat_id, moved_at)
    select bot_id, chat_id, -chat_id, now() - interval '1 year'
    from (select distinct bot_id, chat_id from platform.outbox where state = 'sent') m
"""


async def test_what_is_over_costs_what_goes_on_nothing(delivery: Delivery) -> None:
    delivery.connection.execute("alter table platform.chat_moves disable trigger user")
    await delivery.enqueue(*(delivery.message(f"{n}", chat) for n in range(10) for chat in (OLD, CHAT + n)))
    delivery.connection.execute(
        "insert into platform.chat_moves (bot_id, chat_id, new_chat_id) values (%s, %s, %s)", (delivery.bot, OLD, NEW)
    )
    before = costs(delivery)
    many = {"bot": delivery.bot, "state": "sent", "priority": 1, "first": CHAT + 1000, "chats": 4000, "many": 20_000}
    delivery.connection.execute(MESSAGES, many)
    delivery.connection.execute(PAST)

    after = costs(delivery)

    assert {name: (before[name], after[name]) for name in before if after[name] > 3 * before[name] + 40} == {}


def costs(delivery: Delivery) -> dict[str, int]:
    """How many pages each statement looks at."""
    delivery.connection.execute("vacuum analyze")
    bot, moved = delivery.bot, {"bot": delivery.bot, "old": OLD, "new": NEW}
    refused, cleared = ([{**row, "bot_id": bot} for row in rows] for rows in (REFUSED, CLEARED))
    return {
        "refused_bots": cost(delivery, pauses.__file__, "refused_bots", bots=[bot], bot_wide=[bot]),
        "hold": cost(delivery, holds.__file__, "hold", refused=json.dumps(refused), probe=45.0, most="7 days"),
        "restore": cost(delivery, holds.__file__, "restore_topics", refused=json.dumps(refused)),
        "release": cost(delivery, chat_states.__file__, "release", cleared=json.dumps(cleared), states=["topics_off"]),
        "wrong": cost(delivery, backlog.__file__, "find_wrong_lanes", most=500, **START),
        "next": cost(delivery, backlog.__file__, "next_due_in", bot=None, within=6.5),
        "remaining": cost(delivery, backlog.__file__, "remaining", most=backlog.MAX_COUNTED),
        "overdue": cost(delivery, backlog.__file__, "overdue"),
        **{
            name: cost(delivery, chats.__file__, name, **moved)
            for name in ("note_move", "lock_chat", "move_messages", "refresh_new_chat")
        },
        "left": cost(delivery, chats.__file__, "moves_with_pending"),
    }


def cost(delivery: Delivery, module: str, name: str, **parameters: Any) -> int:
    """The second time, when nothing is left to clean up."""
    for _ in range(2):
        with delivery.connection.transaction(force_rollback=True):
            [found] = delivery.rows(f"explain (analyze, buffers, format json) {sql.load(module)[name]}", **parameters)
    return pages(found["QUERY PLAN"][0]["Plan"])
