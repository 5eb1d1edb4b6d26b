"""Groups whose topics are off or may not be made: what is sent waits, and arrives in order in its own topics."""

from datetime import timedelta

from shared.delivery.enqueue import Topic
from shared.delivery.kinds import CARD, IN_TOPIC, Kind
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.outbox.groups import (
    ASIDE,
    DUTY,
    GROUP,
    TOPICS,
    all_wait,
    change,
    group,
    hours_pass,
    in_topics,
    lying,
    on_duty,
    waiting,
)

__all__ = ["on_duty"]

CALLING = Kind("support/calling", ttl=timedelta(hours=2), ordered=False, priority="urgent")  # as reminders are


def threads_of(delivery: Delivery) -> dict[str, int]:
    rows = delivery.rows("select key, thread_id from platform.topics where thread_id is not null")
    return {row["key"]: row["thread_id"] for row in rows}


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
    await all_wait(delivery)
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
