"""A gateway takes a message and says later that it did not arrive: whoever waits for it hears that, once."""

import asyncio
from typing import Any

from functions.dispatch_notifications.outbox import delivery_failures, queue
from functions.dispatch_notifications.outbox.retry_policy import Decision
from functions.ingest_webhook.whatsapp.outgoing import delivery_failures as ingest
from infra.admin.outbox import changes
from infra.admin.outbox.selection import Selection
from shared.channels.outcome import Outcome
from shared.database import sql
from shared.delivery import failures as shared_failures
from shared.delivery.failures import Failure, apply
from shared.delivery.kinds import MANAGER_REPLY
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.desk_group import Group, group

__all__ = ["group"]

KEEP = sql.load(str(ingest.__file__))["keep"]
WAMID = "wamid.HBgLNzcwMTAwMDAwMDEVAgARGBI0"
OTHER_WAMID = "wamid.HBgLNzcwMTAwMDAwMDEVAgARGBI1"
DUTY = -1_001_500_000_601
CLOSED = (
    "⚠️ Сообщение не дошло до клиента: он не писал больше 24 часов, и WhatsApp ничего не пропускает. "
    "Дождитесь его сообщения или позвоните ему."
)


async def sent(group: Group, delivery: Delivery, external_id: str = WAMID) -> dict[str, Any]:
    """A manager's reply that the gateway took under `external_id`."""
    identity = await group.reply(MANAGER_REPLY)
    await delivery.tick()
    delivery.rows(
        "update platform.outbox set external_id = %s where dedup_key = %s returning id",
        external_id,
        f"support/message/{identity}",
    )
    return reply_row(delivery)


def reply_row(delivery: Delivery) -> dict[str, Any]:
    [row] = delivery.rows("select * from platform.outbox where kind = 'support/manager-reply'")
    assert isinstance(row, dict)
    return row


def news(group: Group, error_class: str = "window_closed", external_id: str = WAMID) -> None:
    """What ingest_webhook stores of it."""
    group.connection.execute(
        "insert into platform.delivery_failures (bot_id, external_id, error_class) values (%s, %s, %s)",
        (group.desk.whatsapp_bot, external_id, error_class),
    )


def kept(delivery: Delivery) -> list[str]:
    return [row["external_id"] for row in delivery.rows("select external_id from platform.delivery_failures")]


def notes(group: Group) -> list[str]:
    return [text for text in group.texts() if "не дошло до клиента" in text]


async def test_a_message_that_did_not_arrive_is_dead_and_the_topic_and_the_operator_hear_it_once(
    group: Group, delivery: Delivery
) -> None:
    group.set("platform.bots", alert_chat_id=DUTY)
    await group.open()
    assert (await sent(group, delivery))["state"] == "sent"

    news(group)
    await delivery.tick()
    news(group)  # a repetition
    await delivery.tick()

    row = reply_row(delivery)
    assert (row["state"], row["error_class"], row["error_code"]) == ("dead", "window_closed", None)
    assert notes(group) == [CLOSED]
    [alert] = delivery.sent(DUTY)
    assert "window_closed" in alert
    assert kept(delivery) == []


async def test_news_that_is_faster_than_our_own_note_of_the_id_waits_for_it(group: Group, delivery: Delivery) -> None:
    await group.open()
    await sent(group, delivery, OTHER_WAMID)
    news(group)
    await delivery.tick()
    assert (kept(delivery), reply_row(delivery)["state"]) == ([WAMID], "sent")

    delivery.connection.execute(
        "update platform.outbox set external_id = %s where external_id = %s", (WAMID, OTHER_WAMID)
    )
    await delivery.tick()

    assert (kept(delivery), reply_row(delivery)["state"]) == ([], "dead")
    assert notes(group) == [CLOSED]


async def test_news_that_comes_while_the_id_is_being_written_down_is_not_lost(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    await group.reply(MANAGER_REPLY)
    async with delivery.database.connection() as claiming:
        [attempt] = await queue.claim(claiming, group.desk.whatsapp_bot, 1, 65.0)
    taken = Outcome("sent", http_status=201, external_id=WAMID)
    failure = Failure(group.desk.whatsapp_bot, WAMID, "window_closed")

    async with delivery.database.transaction() as finishing:
        await queue.finish(finishing, [(attempt, Decision("sent", "sent", taken))])
        async with delivery.database.transaction() as ingesting:
            await ingesting.execute(KEEP, {"failures": shared_failures.to_json([failure])})
            assert await apply(ingesting, [failure]) == 0
        await delivery_failures.announce(delivery.database)
        assert kept(delivery) == [WAMID]
    assert reply_row(delivery)["state"] == "sent"
    await delivery.tick()

    assert (kept(delivery), reply_row(delivery)["state"]) == ([], "dead")
    assert notes(group) == [CLOSED]


async def test_news_of_what_nobody_knows_is_forgotten_after_a_quarter_of_an_hour(
    group: Group, delivery: Delivery
) -> None:
    news(group)
    news(group, external_id=OTHER_WAMID)
    delivery.connection.execute(
        "update platform.delivery_failures set received_at = received_at - interval '16 minutes'"
        " where external_id = %s",
        (OTHER_WAMID,),
    )

    await delivery.tick()

    assert kept(delivery) == [WAMID]


async def test_old_news_does_not_end_a_message_that_was_redriven(
    group: Group, delivery: Delivery, database_url: str
) -> None:
    await group.open()
    row = await sent(group, delivery)
    news(group)
    await delivery.tick()
    await redrive(delivery, database_url, row["id"])

    async with delivery.database.transaction() as connection:  # while it waits, and still has its old id
        assert await apply(connection, [Failure(row["bot_id"], WAMID, "window_closed")]) == 0
    await delivery.tick()
    news(group)
    await delivery.tick()

    again = reply_row(delivery)
    assert (again["state"], again["redrives"]) == ("sent", 1)
    assert again["external_id"] != WAMID
    assert notes(group) == [CLOSED]


async def test_a_message_that_was_redriven_and_fails_again_is_told_again(
    group: Group, delivery: Delivery, database_url: str
) -> None:
    await group.open()
    row = await sent(group, delivery)
    news(group)
    await delivery.tick()
    await redrive(delivery, database_url, row["id"])
    await delivery.tick()
    delivery.connection.execute("update platform.outbox set external_id = %s where id = %s", (OTHER_WAMID, row["id"]))

    news(group, "undeliverable", OTHER_WAMID)
    await delivery.tick()

    assert (reply_row(delivery)["state"], reply_row(delivery)["error_class"]) == ("dead", "undeliverable")
    assert len(notes(group)) == 2


async def test_a_part_of_a_long_reply_that_fails_is_told_once_with_the_others(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.reply(MANAGER_REPLY, text="Длинный ответ. " * 600)
    await delivery.tick()
    parts = delivery.rows(
        "with parts as (update platform.outbox set external_id = 'wamid.' || id where kind = %s"
        " returning id, external_id) select external_id from parts order by id",
        MANAGER_REPLY.name,
    )
    assert len(parts) == 3

    for part in parts[1:]:
        news(group, external_id=part["external_id"])
        await delivery.tick()

    assert group.states("support/manager-reply") == ["sent", "dead", "dead"]
    assert notes(group) == [CLOSED]


async def test_two_dispatchers_that_read_the_same_news_tell_it_once(group: Group, delivery: Delivery) -> None:
    await group.open()
    await sent(group, delivery)
    news(group)

    await asyncio.gather(*(delivery_failures.announce(delivery.database) for _ in range(4)))

    told = delivery.rows("select id from platform.outbox where dedup_key like 'support/lost/%'")
    assert len(told) == 1
    assert reply_row(delivery)["state"] == "dead"


async def test_an_account_that_may_not_send_raises_one_alert_and_goes_on(group: Group, delivery: Delivery) -> None:
    """A status may be days old: it does not close an account that works again."""
    group.set("platform.bots", alert_chat_id=DUTY)
    await group.open()
    for number in range(3):
        await group.reply(MANAGER_REPLY)
        await delivery.tick()
        delivery.connection.execute(
            "update platform.outbox set external_id = 'wamid.' || %s where kind = %s and external_id is null",
            (number, MANAGER_REPLY.name),
        )
        news(group, "account_refused", f"wamid.{number}")

    await delivery.tick()

    assert group.states("support/manager-reply") == ["dead"] * 3
    [alert] = delivery.sent(DUTY)
    assert "carillon outbox redrive --class account_refused" in alert
    assert {row["status"] for row in delivery.rows("select status from platform.bots")} == {"active"}


async def redrive(delivery: Delivery, database_url: str, number: int) -> None:
    """What `carillon outbox redrive` does."""
    planned = changes.plan(delivery.connection, "redrive", Selection(ids=[number], states=["dead"]))
    assert await asyncio.to_thread(changes.carry_out, database_url, planned) == [number]
