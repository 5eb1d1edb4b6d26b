"""The support desk's messages under way: cards that move on, vanish or arrive late, and what was lost."""

import psycopg
from psycopg.rows import DictRow

from shared.delivery.kinds import BOT_REPLY, MANAGER_REPLY
from tests.conftest import rows
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.desk_group import Group, buttons, group

Plain = psycopg.Connection[DictRow]
PHOTO = {"photo": "AgACAgIAAxkBAAIB"}  # what no WhatsApp gateway could fetch

__all__ = ["group"]


async def test_a_card_that_arrived_knows_where_it_hangs(group: Group, delivery: Delivery) -> None:
    await group.open()

    await delivery.tick()

    [(number, card)] = group.lying().items()
    assert group.handover()["telegram_message_id"] == number
    assert buttons(card) == ["✋ Беру", "🤖 Вернуть боту"]
    assert "Ждёт" in card["text"]
    assert card["message_thread_id"] in group.telegram.telegram.chats[(0, group.desk.chat)].topics


async def test_a_card_that_arrives_after_it_was_taken_shows_that(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.move("take")

    await delivery.tick()

    [card] = group.lying().values()
    assert "Иван" in card["text"]
    assert buttons(card) == ["✅ Решено", "🤖 Вернуть боту"]


async def test_a_card_is_edited_in_place_as_it_moves_on_and_loses_its_buttons(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    await group.move("take")
    await delivery.tick()
    await group.move("resolve")
    await delivery.tick()

    [card] = group.lying().values()
    assert "✅ Решено: Иван" in card["text"]
    assert buttons(card) == []
    assert group.states("support/card-edit") == ["sent", "sent"]


async def test_an_edit_that_changes_nothing_counts_as_sent(group: Group, delivery: Delivery) -> None:
    said = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    await group.open()
    await delivery.tick()
    delivery.fault("editMessageText", times=1, status=400, description=said)
    await group.move("take")

    await delivery.tick()

    assert group.states("support/card-edit") == ["sent"]
    assert group.states("support/card") == ["sent"]


async def test_a_card_that_somebody_deleted_is_hung_anew_once(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    former = group.handover()["telegram_message_id"]
    del group.telegram.telegram.chats[(0, group.desk.chat)].messages[former]
    await group.move("take")

    await delivery.tick()
    await delivery.tick()

    [(number, card)] = group.lying().items()
    assert number != former
    assert group.handover()["telegram_message_id"] == number
    assert buttons(card) == ["✅ Решено", "🤖 Вернуть боту"]
    assert group.states("support/card") == ["sent", "sent"]

    await group.move("resolve")
    await delivery.tick()
    assert "✅ Решено" in group.lying()[number]["text"]


async def test_a_deleted_card_of_a_request_that_is_over_is_not_missed(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    group.telegram.telegram.chats[(0, group.desk.chat)].messages.clear()
    await group.move("return_to_bot")

    await delivery.tick()

    assert group.lying() == {}
    assert group.states("support/card") == ["sent"]


async def test_a_card_for_a_topic_that_was_deleted_lands_in_a_new_one(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    await group.move("return_to_bot")
    await delivery.tick()
    chat = group.telegram.telegram.chats[(0, group.desk.chat)]
    [former] = chat.topics
    chat.topics.clear()
    chat.messages.clear()

    await group.open()
    await delivery.tick()

    [thread] = chat.topics
    [(number, card)] = group.lying().items()
    assert thread != former
    assert card["message_thread_id"] == thread
    [newest] = rows(group.connection, "select telegram_message_id from support.handovers where status = 'pending'")
    assert newest["telegram_message_id"] == number


async def test_a_reply_that_does_not_reach_the_customer_is_reported_in_the_topic(
    group: Group, delivery: Delivery
) -> None:
    await group.open()
    identity = await group.reply(MANAGER_REPLY, "sendPhoto", **PHOTO)

    await delivery.tick()
    await delivery.tick()

    assert group.states("support/manager-reply") == ["dead"]
    [told] = [text for text in group.texts() if text.startswith("⚠️")]
    assert told == (
        "⚠️ Сообщение не дошло до клиента: такое WhatsApp не принимает. Отправьте текстом или обычным файлом."
    )
    [line] = rows(group.connection, "select outbox_id from support.messages where id = %s", identity)
    assert line["outbox_id"] is not None


async def test_a_reply_that_arrives_is_reported_to_nobody(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.reply(MANAGER_REPLY)

    await delivery.tick()

    assert group.states("support/manager-reply") == ["sent"]
    assert len(group.texts()) == 1


async def test_a_reminder_that_died_was_never_sent(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    delivery.fault(times=1, status=400, description="Bad Request: whatever")
    await group.remind()
    assert group.handover()["reminder_1_sent_at"] is not None

    await delivery.tick()

    assert group.states("support/reminder") == ["dead"]
    assert group.handover()["reminder_1_sent_at"] is None


async def test_a_reminder_that_was_sent_has_the_time_of_its_sending(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.remind()

    await delivery.tick()

    [sent] = rows(group.connection, "select finished_at from platform.outbox where kind = 'support/reminder'")
    assert group.handover()["reminder_1_sent_at"] == sent["finished_at"]
    assert "Ждёт" in group.texts()


async def test_nobody_is_reminded_of_what_was_taken_meanwhile(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.remind()
    await group.move("take")

    await delivery.tick()

    assert group.states("support/reminder") == ["cancelled"]
    assert "Ждёт" not in group.texts()
    assert group.handover()["reminder_1_sent_at"] is None


async def test_the_bot_is_silent_once_a_person_has_it_and_a_manager_is_not(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.reply(BOT_REPLY)
    await group.move("take")
    await group.reply(MANAGER_REPLY)

    await delivery.tick()

    assert group.states("support/bot-reply") == ["cancelled"]
    assert group.states("support/manager-reply") == ["sent"]


async def test_the_bot_may_still_help_while_nobody_took_it(group: Group, delivery: Delivery) -> None:
    await group.open()
    await group.reply(BOT_REPLY)

    await delivery.tick()

    assert group.states("support/bot-reply") == ["sent"]


async def test_an_edit_does_not_wait_for_the_groups_pace(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick()
    group.set("platform.bots", group_pace="1 hour")
    await group.reply(MANAGER_REPLY, "sendPhoto", **PHOTO)
    await delivery.tick(seconds=2)  # it says in the topic that this was lost: the group has to rest now
    [lane] = rows(group.connection, "select next_at > now() + interval '50 minutes' as rests from platform.lanes"
                  " where lane = %s", str(group.desk.chat))  # fmt: skip
    assert lane["rests"]
    await group.move("take")

    await delivery.tick(seconds=2)

    assert group.states("support/card-edit") == ["sent"]
