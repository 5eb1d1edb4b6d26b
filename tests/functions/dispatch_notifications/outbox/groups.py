"""A managers' group whose settings and rights change while messages for it wait."""

from typing import Any

import pytest

from infra.sandbox.telegram.models import Chat
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import IN_TOPIC, Kind
from tests.functions.dispatch_notifications.delivery import Delivery

GROUP = -1_001_500_000_402
DUTY = -1_001_500_000_603
TOPICS = [Topic(f"support/user/{number}", f"Клиент {number}") for number in range(5)]
# What has an hour to live or more, and would expire before the group is asked again: a tick was over before the answer.
UNKEPT = """
    select id from platform.outbox
    where state = 'queued' and expires_at < now() + interval '1 hour' and expires_at - created_at >= interval '1 hour'
"""
ASIDE = Kind("support/aside", ordered=False)


def group(delivery: Delivery) -> Chat:
    return delivery.telegram.telegram.chats[(0, GROUP)]


def change(delivery: Delivery, **changes: Any) -> None:
    """Somebody changes the group's settings or the bot's rights."""
    delivery.telegram.telegram.configure(GROUP, None, changes)


def lying(delivery: Delivery) -> list[tuple[str, int | None]]:
    """The texts in the group with their threads."""
    found = group(delivery).messages.values()
    return [(message["text"], message.get("message_thread_id")) for message in found if "text" in message]


def waiting(delivery: Delivery) -> list[tuple[str, int]]:
    """The class and the attempts of what is queued."""
    rows = delivery.rows("select error_class, attempt from platform.outbox where state = 'queued' order by id")
    return [(row["error_class"], row["attempt"]) for row in rows]


async def hours_pass(delivery: Delivery, hours: int) -> None:
    """Each hour the dispatcher comes by once; what would have expired meanwhile is older by an hour."""
    for _ in range(hours):
        delivery.connection.execute(
            "update platform.outbox set created_at = created_at - interval '1 hour',"
            " expires_at = expires_at - interval '1 hour' where state = 'queued'"
        )
        delivery.bring_forward()
        asked = delivery.requests(None, GROUP)  # an alert that is late would say nothing of the group
        for _ in range(60):  # a busy machine may need more than one tick to ask again
            await delivery.tick(seconds=0.5)
            if delivery.requests(None, GROUP) > asked and not delivery.rows(UNKEPT):
                break


async def all_wait(delivery: Delivery) -> None:
    """The dispatcher runs until all that is queued has learned why it waits: a busy machine may need several runs."""
    for _ in range(60):
        await delivery.tick(seconds=0.5)
        if all(error_class for error_class, _ in waiting(delivery)):
            break


async def in_topics(delivery: Delivery, *texts: str) -> None:
    """A message in each topic, in order."""
    for text in texts:
        await delivery.enqueue(
            *(delivery.message(f"{text} {n}", GROUP, topic=topic, kind=IN_TOPIC) for n, topic in enumerate(TOPICS))
        )


@pytest.fixture(autouse=True)
def on_duty(delivery: Delivery) -> None:
    delivery.set_bot(alert_chat_id=DUTY)
    change(delivery, type="supergroup", is_forum=True)
