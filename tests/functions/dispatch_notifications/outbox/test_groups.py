"""Groups that are not ready for what is sent to them: it waits, somebody hears why, and it arrives in order."""

from datetime import timedelta
from typing import Any

import pytest

from infra.sandbox.telegram.state import Chat
from shared.delivery import chats
from shared.delivery.enqueue import Topic
from shared.delivery.kinds import CARD, IN_TOPIC, Kind
from tests.functions.dispatch_notifications.delivery import Delivery, message
from tests.helpers.worlds import support

GROUP = -1_001_500_000_402
DUTY = -1_001_500_000_603
OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
TOPICS = [Topic(f"support/user/{number}", f"Клиент {number}") for number in range(5)]
SHORT_LIVED = Kind("support/short-lived", ttl=timedelta(minutes=10))
ASIDE = Kind("support/aside", ordered=False)
CALLING = Kind("support/calling", ttl=timedelta(hours=2), ordered=False, priority="urgent")  # as reminders are


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


def threads_of(delivery: Delivery) -> dict[str, int]:
    rows = delivery.rows("select key, thread_id from platform.topics where thread_id is not null")
    return {row["key"]: row["thread_id"] for row in rows}


async def hours_pass(delivery: Delivery, hours: int) -> None:
    """Each hour the dispatcher comes by once; what would have expired meanwhile is older by an hour."""
    for _ in range(hours):
        delivery.connection.execute(
            "update platform.outbox set created_at = created_at - interval '1 hour',"
            " expires_at = expires_at - interval '1 hour' where state = 'queued'"
        )
        delivery.bring_forward()
        asked = delivery.requests(None, None)
        for _ in range(6):  # a busy machine may need more than one tick to ask again
            await delivery.tick(seconds=0.5)
            if delivery.requests(None, None) > asked:
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


async def test_what_is_sent_while_topics_are_off_arrives_in_its_old_topics_once_they_are_on(
    delivery: Delivery,
) -> None:
    await in_topics(delivery, "before")
    await delivery.tick(seconds=5)
    former = threads_of(delivery)
    assert len(former) == len(TOPICS)
    delivery.telegram.telegram.journal.clear()

    change(delivery, is_forum=False)
    await in_topics(delivery, "one", "two")
    await delivery.enqueue(
        delivery.message("card", GROUP, topic=TOPICS[0], kind=CARD),
        delivery.message("reminder", GROUP, topic=TOPICS[0], kind=CALLING),
        delivery.message("a new person", GROUP, topic=Topic("support/user/new", "Новый"), kind=CARD),
        delivery.message("general", GROUP),
    )
    await delivery.tick(seconds=3)
    await hours_pass(delivery, 9)
    await delivery.tick(seconds=2)  # whatever was under way has ended

    [alert] = delivery.sent(DUTY)
    assert "в группе выключены темы" in alert
    assert "включите «Темы» в настройках группы" in alert
    assert delivery.sent(GROUP) == ["general"], "nothing goes into General instead"
    assert {attempt for _, attempt in waiting(delivery)} == {0}
    kept = delivery.rows("select distinct state from platform.outbox where kind like 'support/%%' order by state")
    assert [row["state"] for row in kept] == ["queued", "sent"]

    change(delivery, is_forum=True)
    delivery.bring_forward()
    await delivery.tick(seconds=10)

    assert waiting(delivery) == []
    found = {text: thread for text, thread in lying(delivery) if text != "general"}
    for number, topic in enumerate(TOPICS):
        inside = [text for text, thread in lying(delivery) if thread == former[topic.key] and text[-1].isdigit()]
        assert inside == [f"before {number}", f"one {number}", f"two {number}"]
    assert found["card"] == found["reminder"] == former[TOPICS[0].key]
    assert found["a new person"] not in former.values()
    assert len(group(delivery).topics) == len(TOPICS) + 1, "no topic was made twice"


async def test_one_message_of_a_group_is_tried_however_many_topics_it_has(delivery: Delivery) -> None:
    change(delivery, is_forum=False)
    await delivery.enqueue(
        *(delivery.message(f"m{n}", GROUP, topic=Topic(f"support/user/{n}", "К"), kind=IN_TOPIC) for n in range(30))
    )

    await delivery.tick(seconds=3)

    assert delivery.requests(None, GROUP) <= 3
    assert '"event": "chat_not_ready", "bot": "school", "state": "topics_off"' in delivery.log()
    rows = delivery.rows("select head_due > now() + interval '30 seconds' as later from platform.lanes"
                         " where head_due is not null")  # fmt: skip
    assert {row["later"] for row in rows} == {True}


async def test_the_first_message_that_arrives_lets_the_others_go_at_once(delivery: Delivery) -> None:
    change(delivery, is_forum=False)
    await in_topics(delivery, "one", "two")
    await delivery.tick(seconds=2)
    change(delivery, is_forum=True)
    delivery.connection.execute(  # only the first one's minute is over
        "with first as (update platform.lanes set head_due = now() where lane = (select lane from platform.lanes"
        " where head_due is not null order by head_due limit 1) returning lane)"
        " update platform.outbox o set due_at = now() from first f where o.lane = f.lane and o.state = 'queued'"
    )

    await delivery.tick(seconds=8)

    assert waiting(delivery) == []
    assert len(lying(delivery)) == 2 * len(TOPICS)


async def test_a_topic_that_was_deleted_while_topics_were_off_is_made_anew(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("before", GROUP, topic=TOPICS[0]))
    await delivery.tick(seconds=2)
    change(delivery, is_forum=False)
    await delivery.enqueue(delivery.message("meanwhile", GROUP, topic=TOPICS[0]))
    await delivery.tick(seconds=2)
    await hours_pass(delivery, 2)
    group(delivery).topics.clear()
    change(delivery, is_forum=True)
    delivery.bring_forward()

    await delivery.tick(seconds=3)

    [thread] = group(delivery).topics
    assert lying(delivery)[-1] == ("meanwhile", thread)
    creations = delivery.rows("select state from platform.outbox where method = 'createForumTopic'")
    assert [row["state"] for row in creations] == ["sent", "sent"], "given up and taken up again, not added"


async def test_topics_that_may_not_be_created_wait_with_all_that_belongs_to_them(delivery: Delivery) -> None:
    change(delivery, manages_topics=False)
    await in_topics(delivery, "one")
    await delivery.enqueue(delivery.message("aside", GROUP, topic=TOPICS[1], kind=ASIDE))
    await delivery.tick(seconds=3)
    await hours_pass(delivery, 9)

    [alert] = delivery.sent(DUTY)
    assert "нет права создавать темы" in alert
    assert {state for state, _ in waiting(delivery)} == {"no_right_to_topics"}
    assert delivery.states("aside", "one 0") == ["queued", "queued"]

    change(delivery, manages_topics=True)
    delivery.bring_forward()
    await delivery.tick(seconds=8)
    assert waiting(delivery) == []
    assert sorted(text for text, _ in lying(delivery)) == ["aside", *(f"one {number}" for number in range(5))]


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
