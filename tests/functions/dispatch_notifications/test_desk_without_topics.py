"""A desk whose group loses its topics: cards, reminders and customers' words wait, and hang where they belong later."""

from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.desk_group import Group, group

__all__ = ["group"]


async def test_a_desk_loses_neither_card_nor_reminder_while_topics_are_off(group: Group, delivery: Delivery) -> None:
    group.telegram.telegram.configure(group.desk.chat, None, {"type": "supergroup", "is_forum": False})
    await group.open()
    await group.remind()
    for _ in range(10):
        delivery.connection.execute(
            "update platform.outbox set created_at = created_at - interval '1 hour',"
            " expires_at = expires_at - interval '1 hour' where state = 'queued'"
        )
        delivery.bring_forward()
        await delivery.tick(seconds=0.5)
    assert group.texts() == []
    assert (group.states("support/card"), group.states("support/reminder")) == (["queued"], ["queued"])

    group.telegram.telegram.configure(group.desk.chat, None, {"is_forum": True})
    for _ in range(2):
        delivery.bring_forward()
        await delivery.tick(seconds=2)

    assert (group.states("support/card"), group.states("support/reminder")) == (["sent"], ["sent"])
    assert {message["message_thread_id"] for message in group.lying().values()} == set(
        group.telegram.telegram.chats[(0, group.desk.chat)].topics
    )
    assert group.handover()["telegram_message_id"] in group.lying()


async def test_a_card_that_cannot_be_edited_any_more_hangs_anew(group: Group, delivery: Delivery) -> None:
    await group.open()
    await delivery.tick(seconds=2)
    [former] = group.lying()
    delivery.fault("editMessageText", times=1, status=400, description="Bad Request: message can't be edited")

    await group.move("take")
    await delivery.tick(seconds=3)

    assert len(group.lying()) == 2
    assert group.handover()["telegram_message_id"] not in (None, former)
