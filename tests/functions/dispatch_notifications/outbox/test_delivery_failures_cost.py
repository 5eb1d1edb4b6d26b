"""News of messages that did not arrive cost the same however many were sent."""

import json

import pytest

from functions.dispatch_notifications.outbox import delivery_failures
from functions.ingest_webhook.whatsapp.outgoing import delivery_failures as ingest
from shared.database import sql
from shared.delivery import failures as shared_failures
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.desk_group import Group, group
from tests.functions.dispatch_notifications.outbox.test_claim_cost import pages
from tests.functions.dispatch_notifications.outbox.test_delivery_failures import news

__all__ = ["group"]

STATEMENTS = {
    name: text
    for path in (delivery_failures.__file__, str(shared_failures.__file__), str(ingest.__file__))
    for name, text in sql.load(path).items()
    if name != "has_news"
}


@pytest.mark.parametrize("statement", STATEMENTS, ids=STATEMENTS)
async def test_news_cost_the_same_however_many_messages_were_sent(
    group: Group, delivery: Delivery, statement: str
) -> None:
    """With statistics from before most of them."""
    delivery.connection.execute("alter table platform.outbox set (autovacuum_enabled = off)")
    fill(delivery, group, 0, 100)
    delivery.connection.execute("analyze platform.outbox")
    for number in range(5):
        news(group, external_id=f"wamid.{number}")
    few = cost(delivery, group, statement)
    fill(delivery, group, 101, 20_000)

    assert cost(delivery, group, statement) < 2 * few + 60


def fill(delivery: Delivery, group: Group, first: int, last: int) -> None:
    delivery.connection.execute(
        """insert into platform.outbox (bot_id, recipient, lane, kind, method, payload, dedup_key, correlation_id,
                                        policy, state, finished_at, external_id)
           select %(bot)s, 'r', 'r', 'support/manager-reply', 'sendMessage', '{}', 'filled/' || n, 'c',
                  'at_least_once', 'sent', now(), 'wamid.' || n
           from generate_series(%(first)s::int, %(last)s::int) n""",
        {"bot": group.desk.whatsapp_bot, "first": first, "last": last},
    )


def cost(delivery: Delivery, group: Group, statement: str) -> int:
    """How many pages a statement looks at."""
    text = STATEMENTS[statement]
    failures = [{"bot_id": group.desk.whatsapp_bot, "external_id": f"wamid.{n}", "error_class": "x"} for n in range(5)]
    for _ in range(2):
        with delivery.connection.transaction(force_rollback=True):
            [found] = delivery.rows(f"explain (analyze, buffers, format json) {text}", failures=json.dumps(failures))
    return pages(found["QUERY PLAN"][0]["Plan"])
