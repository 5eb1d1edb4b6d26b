"""Bad news reaches those who look after a bot: once per bot, class and hour."""

import json
import time

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from shared.delivery.enqueue import Message
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_TOKEN, Delivery, message
from tests.helpers import arrange, canaries
from tests.helpers.worlds import support

DUTY = -1_001_500_000_601
OTHER_DUTY = -1_001_500_000_602
THIRD_TOKEN = "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
ONCE = Kind("support/once", policy="at_most_once")
REPLY = Kind("support/reply")

Plain = psycopg.Connection[DictRow]


@pytest.fixture(autouse=True)
def on_duty(delivery: Delivery) -> None:
    """Somebody looks after the bot."""
    if (left := 3600 - time.time() % 3600) < 45:  # a test whose hour ends meanwhile says nothing
        time.sleep(left + 1)
    delivery.set_bot(alert_chat_id=DUTY)


def close(delivery: Delivery, *chats: int) -> None:
    for chat in chats:
        delivery.telegram.telegram.configure(chat, None, {"blocked": "Forbidden: bot was blocked by the user"})


async def test_an_hour_of_dead_messages_raises_one_alert_of_each_class(delivery: Delivery) -> None:
    people = [CHAT + number for number in range(4)]
    close(delivery, *people[:3])
    for chat in people[:3]:
        await delivery.enqueue(delivery.message(f"to {chat}", chat), delivery.message(f"again to {chat}", chat))
    await delivery.tick()
    await delivery.enqueue(delivery.message("later", people[0]))
    await delivery.tick()

    [alert] = delivery.sent(DUTY)
    assert "«school»" in alert
    assert "нажать «Старт»" in alert

    await delivery.enqueue(delivery.message("no text", people[3], payload={}))
    await delivery.tick()
    assert len(delivery.sent(DUTY)) == 2
    assert "bad_request" in delivery.sent(DUTY)[1]
    assert delivery.row("no text")["state"] == "dead"
    ended = [json.loads(line) for line in delivery.log().splitlines() if '"message_dead"' in line]
    assert {line["level"] for line in ended} == {"WARNING"}


async def test_the_alert_about_people_names_them(delivery: Delivery) -> None:
    known, unknown = CHAT + 1, CHAT + 2
    arrange.mentor(delivery.connection, getcourse_id="1", telegram_id=known, first_name="Анна", last_name="<Ким>")
    close(delivery, known, unknown)
    await delivery.enqueue(delivery.message("one", known), delivery.message("two", unknown))
    await delivery.tick()

    [alert] = delivery.sent(DUTY)
    assert f"id {unknown}" in alert or f"Анна &lt;Ким&gt; (id {known})" in alert
    assert "carillon people list --without-start" in alert


async def test_the_next_hour_raises_the_alert_again(delivery: Delivery) -> None:
    close(delivery, CHAT)
    await delivery.enqueue("one")
    await delivery.tick()
    hour = 'YYYY-MM-DD"T"HH24'
    changed = delivery.rows(
        "update platform.outbox set dedup_key = replace(dedup_key, to_char(now() at time zone 'utc', %s),"
        " to_char(now() at time zone 'utc' - interval '1 hour', %s))"
        " where kind = 'platform/alert' returning dedup_key",
        hour,
        hour,
    )
    assert len(changed) == 1

    await delivery.enqueue("two")
    await delivery.tick()

    assert len(delivery.sent(DUTY)) == 2


async def test_two_bots_alert_their_own_people(delivery: Delivery) -> None:
    other = delivery.add_bot(name="other", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    close(delivery, CHAT)

    await delivery.enqueue("one", message(other, "two"))
    await delivery.tick()

    assert ["«school»" in text for text in delivery.sent(DUTY)] == [True]
    assert ["«other»" in text for text in delivery.sent(OTHER_DUTY)] == [True]


async def test_a_message_that_may_or_may_not_have_arrived_raises_an_alert_too(delivery: Delivery) -> None:
    delivery.fault(chat_id=CHAT, times=1, reset=True)

    await delivery.enqueue(delivery.message("once", kind=ONCE))
    await delivery.tick()

    assert delivery.states("once") == ["unknown"]
    [alert] = delivery.sent(DUTY)
    assert "неизвестно, дошло ли" in alert


async def test_what_ended_as_it_should_raises_no_alert(delivery: Delivery) -> None:
    await delivery.enqueue("late", "good")
    delivery.connection.execute(
        "update platform.outbox set expires_at = clock_timestamp() - interval '1 minute' where dedup_key = 'late'"
    )
    delivery.fault(times=1, status=429, parameters={"retry_after": 1})

    await delivery.tick()

    assert delivery.states("late", "good") == ["cancelled", "sent"]
    assert delivery.sent(DUTY) == []


async def test_the_alert_about_a_refused_bot_comes_from_another_of_its_system(delivery: Delivery) -> None:
    delivery.add_bot(name="stranger", token=THIRD_TOKEN, system="salon", alert_chat_id=-600)
    delivery.add_bot(name="sister", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    delivery.telegram.telegram.bot_of(int(canaries.BOT_TOKEN.split(":")[0])).revoked = True

    await delivery.enqueue("one", delivery.message("two", CHAT + 1))
    await delivery.tick()

    assert delivery.rows("select name from platform.bots where status = 'auth_failed'") == [{"name": "school"}]
    [alert] = delivery.sent(OTHER_DUTY)
    assert "carillon bots check school" in alert
    assert delivery.sent(DUTY) == delivery.sent(-600) == []
    assert [delivery.row(key)["attempt"] for key in ("one", "two")] == [0, 0]
    assert delivery.states("one", "two") == ["queued", "queued"]


async def test_a_refused_bot_without_another_to_send_the_alert_is_only_logged(delivery: Delivery) -> None:
    delivery.add_bot(name="mute", token=OTHER_TOKEN)
    delivery.add_bot(name="paused", token=THIRD_TOKEN, alert_chat_id=OTHER_DUTY, status="paused")
    delivery.telegram.telegram.bot_of(int(canaries.BOT_TOKEN.split(":")[0])).revoked = True

    await delivery.enqueue("one")
    await delivery.tick()

    assert delivery.rows("select from platform.outbox where kind = 'platform/alert'") == []
    assert "bot_refused" in delivery.log()


async def test_an_alert_that_fails_raises_no_alert(delivery: Delivery) -> None:
    delivery.add_bot(name="sister", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    delivery.fault(chat_id=DUTY, times=-1, status=400,
                                 description="Bad Request: BUTTON_DATA_INVALID")  # fmt: skip
    close(delivery, CHAT)

    await delivery.enqueue("one")
    await delivery.tick()
    await delivery.tick()

    alerts = delivery.rows("select state from platform.outbox where kind = 'platform/alert'")
    assert alerts == [{"state": "dead"}]
    assert delivery.requests(chat=DUTY) == 1
    assert delivery.sent(OTHER_DUTY) == []


async def test_managers_hear_that_the_key_of_their_account_is_refused(delivery: Delivery) -> None:
    """Once an hour, in their group; the messages wait."""
    desk = support.desk(delivery.connection, token=OTHER_TOKEN)
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(f"{delivery.telegram.url}/_sandbox/whatsapp/faults", json={"does": "refuse", "times": 2})
    for number in range(2):
        reply = Message(desk.whatsapp_bot, REPLY, f"reply {number}", {"text": "…"}, "c", recipient=support.JID)
        await delivery.enqueue(reply)
        await delivery.tick()
        delivery.connection.execute("update platform.bots set status = 'active'")
        delivery.bring_forward()
        await delivery.tick()

    [alert] = delivery.sent(desk.chat)
    assert "не принимает ключ «echo-wa»" in alert
    assert "carillon bots check echo-wa" in alert
    assert len(delivery.sent(DUTY)) == 1
    assert delivery.states("reply 0", "reply 1") == ["sent", "sent"]
