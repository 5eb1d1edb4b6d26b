"""A pause of minutes that Telegram asks for is told once, and nobody takes it for a scheduler that does not call."""

import time
from typing import Any

import pytest

from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_TOKEN, Delivery

GROUP = -1_001_500_000_404
DUTY = -1_001_500_000_604
OTHER_DUTY = -1_001_500_000_605
LATE = """
    update platform.outbox set due_at = due_at - interval '1 hour' where state = 'queued';
    update platform.lanes set head_due = head_due - interval '1 hour'
"""


@pytest.fixture(autouse=True)
def on_duty(delivery: Delivery) -> None:
    if (left := 3600 - time.time() % 3600) < 45:  # a test whose hour ends meanwhile says nothing
        time.sleep(left + 1)
    delivery.set_bot(alert_chat_id=DUTY)


def refuse(delivery: Delivery, seconds: int, **fault: Any) -> None:
    delivery.fault(status=429, parameters={"retry_after": seconds}, **fault)


async def test_a_group_that_has_to_rest_for_long_is_told_of_once(delivery: Delivery) -> None:
    refuse(delivery, 600, chat_id=GROUP, times=1)
    await delivery.enqueue(delivery.message("one", GROUP), delivery.message("two", GROUP))
    await delivery.tick(seconds=1)
    delivery.connection.execute(LATE)
    await delivery.tick(seconds=1)

    [alert] = delivery.sent(DUTY)
    assert f"группа «{GROUP}»" in alert
    assert "закрыт для бота до" in alert
    assert delivery.requests(chat=GROUP) == 1
    assert "messages_overdue" not in delivery.log()

    delivery.connection.execute("update platform.lanes set next_at = '-infinity', paused_until = '-infinity'")
    await delivery.tick(seconds=1)
    assert delivery.sent(GROUP) == ["one", "two"]


async def test_a_short_pause_is_nobodys_business(delivery: Delivery) -> None:
    refuse(delivery, 60, chat_id=GROUP, times=1)
    await delivery.enqueue(delivery.message("one", GROUP))
    await delivery.tick(seconds=1)

    assert delivery.sent(DUTY) == []


async def test_a_bot_that_has_to_rest_is_told_of_by_another(delivery: Delivery) -> None:
    delivery.add_bot(name="sister", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    people = [CHAT + number for number in range(4)]
    for chat in people[:3]:
        refuse(delivery, 1200, chat_id=chat, times=1)
    await delivery.enqueue(*(delivery.message(f"to {chat}", chat) for chat in people[:3]))
    await delivery.tick(seconds=1)
    await delivery.enqueue(delivery.message("later", people[3]))
    delivery.connection.execute(LATE)
    await delivery.tick(seconds=1)

    [alert] = delivery.sent(OTHER_DUTY)
    assert "Бот «school»: слишком много сообщений, бот должен молчать до" in alert
    assert delivery.states("later") == ["queued"]
    assert "messages_overdue" not in delivery.log()


async def test_a_bot_alone_tells_of_its_pause_when_it_is_over(delivery: Delivery) -> None:
    for number in range(3):
        refuse(delivery, 1200, chat_id=CHAT + number, times=1)
    await delivery.enqueue(*(delivery.message(f"to {n}", CHAT + n) for n in range(3)))
    await delivery.tick(seconds=1)
    delivery.connection.execute("update platform.bot_limits set paused_until = '-infinity'")
    await delivery.tick(seconds=1)

    assert sum("бот должен молчать" in text for text in delivery.sent(DUTY)) == 1
