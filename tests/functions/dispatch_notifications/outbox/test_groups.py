"""Groups that are not ready for what is sent to them: it waits, somebody hears why, and it arrives in order."""

from datetime import timedelta
from typing import Any

import pytest

from shared.delivery import chats
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import Delivery, message
from tests.functions.dispatch_notifications.outbox.groups import (
    ASIDE,
    DUTY,
    GROUP,
    TOPICS,
    change,
    hours_pass,
    lying,
    on_duty,
    waiting,
)
from tests.helpers.worlds import support

__all__ = ["on_duty"]

OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
SHORT_LIVED = Kind("support/short-lived", ttl=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("taken", "given", "state", "cause"),
    [
        ({"bot_status": "member", "members_write": False}, {"bot_status": "administrator"}, "no_right_to_write",
         "запрещено писать"),
        ({"blocked": "Forbidden: bot was kicked from the supergroup chat"}, {"blocked": None}, "removed_from_group",
         "бота нет в группе"),
        ({"blocked": "Forbidden: the group chat was deleted"}, {"blocked": None}, "group_deleted", "группа удалена"),
        ({"known": False}, {"known": True}, "group_not_found", "группа не найдена"),
    ],
)  # fmt: skip
async def test_a_group_that_cannot_be_written_to_gets_everything_in_order_once_it_can(
    delivery: Delivery, taken: dict[str, Any], given: dict[str, Any], state: str, cause: str
) -> None:
    change(delivery, **taken)
    await delivery.enqueue(*(delivery.message(f"m{number}", GROUP) for number in range(4)))
    await delivery.tick(seconds=2)
    await hours_pass(delivery, 3)

    [alert] = delivery.sent(DUTY)
    assert cause in alert
    assert set(waiting(delivery)) == {(state, 0)}

    change(delivery, **given)
    delivery.bring_forward()
    await delivery.tick(seconds=3)
    assert [text for text, _ in lying(delivery)] == ["m0", "m1", "m2", "m3"]


async def test_files_that_members_may_not_send_wait_and_texts_of_other_topics_go(delivery: Delivery) -> None:
    change(delivery, bot_status="member", members_send_files=False)
    photo = {"photo": "AgACAgIAAxkBAAIBexample", "caption": "📷"}
    await delivery.enqueue(
        delivery.message("photo", GROUP, thread_id=None, method="sendPhoto", payload=photo, kind=ASIDE),
        delivery.message("text", GROUP),
    )
    await delivery.tick(seconds=2)

    assert delivery.states("photo", "text") == ["queued", "sent"]
    assert waiting(delivery) == [("no_right_to_files", 0)]

    change(delivery, members_send_files=True)
    delivery.bring_forward()
    await delivery.tick(seconds=2)
    assert delivery.states("photo") == ["sent"]


async def test_the_alert_names_the_desk_and_goes_elsewhere_than_into_the_group(delivery: Delivery) -> None:
    desk = support.desk(delivery.connection, "studio", token=OTHER_TOKEN)
    delivery.connection.execute(
        "update platform.bots set alert_chat_id = %s where id = %s", (desk.chat, desk.telegram_bot)
    )
    delivery.connection.execute("update support.clients set name = 'Студия <1>'")
    delivery.telegram.telegram.configure(desk.chat, None, {"type": "supergroup", "is_forum": False})

    await delivery.enqueue(message(desk.telegram_bot, "m", desk.chat, topic=TOPICS[0]))
    await delivery.tick(seconds=2)

    [alert] = delivery.sent(DUTY)
    assert "группа «Студия &lt;1&gt;»" in alert
    assert delivery.sent(desk.chat) == []


async def test_what_is_worth_minutes_only_expires_and_what_waited_a_week_says_why(delivery: Delivery) -> None:
    change(delivery, is_forum=False)
    await delivery.enqueue(
        delivery.message("week", GROUP, topic=TOPICS[0]),
        delivery.message("minutes", GROUP, topic=TOPICS[1], kind=SHORT_LIVED),
    )
    await delivery.tick(seconds=2)
    await hours_pass(delivery, 1)
    assert delivery.states("week", "minutes") == ["queued", "queued"]
    delivery.connection.execute("update platform.outbox set created_at = created_at - interval '7 days',"
                                " expires_at = expires_at - interval '7 days' where state = 'queued'")  # fmt: skip
    for _ in range(3):
        delivery.bring_forward()
        await delivery.tick(seconds=2)

    assert delivery.row("week")["state"] == "dead"
    assert delivery.row("week")["error_class"] == "topics_off"


async def test_a_bot_that_is_let_in_again_sends_at_once(delivery: Delivery) -> None:
    change(delivery, blocked="Forbidden: bot was kicked from the supergroup chat")
    await delivery.enqueue(delivery.message("m", GROUP))
    await delivery.tick(seconds=1)
    change(delivery, blocked=None)

    async with delivery.database.transaction() as connection:
        await chats.unblock(connection, delivery.bot, GROUP)
    await delivery.tick(seconds=2)

    assert delivery.states("m") == ["sent"]


async def test_an_unknown_refusal_is_kept_and_told_in_telegrams_own_words(delivery: Delivery) -> None:
    said = "Bad Request: the moon is at 12345678 'Иванов' https://files.example.com/x"
    delivery.fault(times=1, status=400, description=said)
    await delivery.enqueue("one")
    await delivery.tick(seconds=2)

    row = delivery.row("one")
    assert (row["state"], row["error_class"]) == ("dead", "bad_request")
    assert row["error_text"] == "the moon is at … … …"
    [alert] = delivery.sent(DUTY)
    assert "the moon is at … … …" in alert
