"""Many answers at once: in batches of a bounded size, school by school, with messages leaving in between."""

from collections import Counter

from functions.dispatch_notifications.getcourse import notify
from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, TRAINING, School
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_TOKEN, Delivery, message
from tests.functions.dispatch_notifications.getcourse.crowd import add_answers
from tests.helpers import arrange


async def test_the_answer_of_one_school_does_not_wait_for_the_thousands_of_another(
    school: School, delivery: Delivery
) -> None:
    add_answers(delivery.connection, 1500, source=school.source, students=1500)
    other = arrange.source(delivery.connection, name="other", secret="another secret")
    late, by_hand = (
        arrange.event(
            delivery.connection, source_id=source, answer_id="1", user_id="512000001", answer_training_id=TRAINING
        )
        for source in (other, None)
    )

    assert await notify.create_notifications(delivery.database) <= notify.MAX_GROUPS + 2

    processed = delivery.rows("select id from getcourse.webhook_events where processed order by id")
    assert processed == [{"id": late}, {"id": by_hand}]


async def test_a_batch_takes_whole_groups_and_no_more_than_so_many_answers(school: School, delivery: Delivery) -> None:
    add_answers(delivery.connection, 100 * 30, source=school.source, students=100)

    assert await notify.create_notifications(delivery.database) <= notify.MAX_ANSWERS

    looked_at = delivery.rows("select user_id from getcourse.webhook_events where attempts = 1")
    assert set(Counter(row["user_id"] for row in looked_at).values()) == {30}


async def test_a_group_that_alone_is_too_much_is_told_of_in_parts(school: School, delivery: Delivery) -> None:
    add_answers(delivery.connection, notify.MAX_ANSWERS + 30, source=school.source, students=1)

    batches = [await notify.create_notifications(delivery.database) for _ in range(3)]

    assert batches == [notify.MAX_ANSWERS, 30, 0]


async def test_messages_leave_between_the_batches(school: School, delivery: Delivery) -> None:
    """Four batches: the message that was there is sent before the last of them is made."""
    other = delivery.add_bot(name="other", token=OTHER_TOKEN, system="salon")
    await delivery.enqueue(message(other, "due already", CHAT))
    add_answers(delivery.connection, 3 * notify.MAX_GROUPS, source=school.source, students=3 * notify.MAX_GROUPS)
    school.answer("last", answer_training_id=TRAINING)

    report = await delivery.tick()

    assert report["events"] == 3 * notify.MAX_GROUPS + 1
    assert len(delivery.sent(MENTOR_CHAT)) == 1
    [others] = delivery.rows("select o.send_started_at from platform.outbox o where o.dedup_key = 'due already'")
    batches = delivery.rows("select created_at from getcourse.application_logs order by id")
    assert len(batches) == 4
    assert others["send_started_at"] < batches[-1]["created_at"]
