"""dispatch_notifications as it is deployed: real HTTP, real Postgres, the stand-in for Telegram."""

import asyncio

from tests.functions.dispatch_notifications.conftest import ADMIN_CHAT, MENTOR_CHAT, TRAINING, School
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import arrange, canaries


async def test_an_answer_reaches_the_mentor_and_every_table_says_so(school: School, delivery: Delivery) -> None:
    event = school.answer("1")

    report = await delivery.tick()

    assert report["done"] == 2
    assert report["remaining"] == 0
    [message] = delivery.sent(MENTOR_CHAT)
    assert canaries.ANSWER in message
    assert canaries.STUDENT in message
    [notification] = delivery.rows("select * from getcourse.notifications")
    assert notification["status"] == "sent"
    assert notification["webhook_event_id"] == event
    assert notification["telegram_message_id"] is not None
    [row] = delivery.rows("select * from platform.outbox")
    assert (row["state"], row["attempt"], row["maybe_duplicate"]) == ("sent", 1, False)
    [processed] = delivery.rows("select processed, processed_at from getcourse.webhook_events")
    assert processed["processed"]
    assert delivery.rows("select head_due from platform.lanes") == [{"head_due": None}]


async def test_reprocessing_all_history_sends_nothing_new(school: School, delivery: Delivery) -> None:
    for number in range(5):
        school.answer(str(number))
        await delivery.tick()
    delivery.connection.execute("update getcourse.webhook_events set processed = false, next_attempt_at = now()")

    await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == 5
    assert delivery.rows("select from getcourse.webhook_events where not processed") == []


async def test_answers_close_together_become_one_message_that_lists_them(school: School, delivery: Delivery) -> None:
    delivery.connection.execute("update platform.webhook_sources set collapse_seconds = 1")
    for number in range(3):
        school.answer(str(number), answer_text=f"ответ номер {number}")

    await delivery.tick()

    [message] = delivery.sent(MENTOR_CHAT)
    assert all(f"ответ номер {number}" in message for number in range(3))
    assert "3 новых ответа" in message
    statuses = delivery.rows("select status from getcourse.notifications")
    assert statuses == [{"status": "sent"}] * 3


async def test_an_answer_that_nobody_is_responsible_for_stays_visible_and_raises_one_alert(
    school: School, delivery: Delivery
) -> None:
    school.answer("1", user_id="599999999")
    school.answer("2", user_id="599999999")
    await delivery.tick()
    delivery.connection.execute("update getcourse.webhook_events set next_attempt_at = now()")
    school.answer("3", user_id="599999999")
    await delivery.tick()

    [alert] = delivery.sent(ADMIN_CHAT)
    assert "599999999" in alert
    waiting = delivery.rows("select error_message from getcourse.v_pending_webhooks")
    assert waiting == [{"error_message": "unknown_student"}] * 3


async def test_a_mapping_added_later_lets_the_backlog_go(school: School, delivery: Delivery) -> None:
    school.answer("1", answer_training_id="another")
    await delivery.tick()
    assert delivery.sent(MENTOR_CHAT) == []
    arrange.mapping(delivery.connection, school.student, school.mentor, "another")
    delivery.connection.execute("update getcourse.webhook_events set next_attempt_at = now()")

    await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == 1


async def test_the_mentor_valid_in_the_very_second_of_the_event_is_notified(school: School, delivery: Delivery) -> None:
    switch = "2026-03-01 12:00:00+00"
    successor = arrange.mentor(delivery.connection, getcourse_id="498000002", telegram_id=700_000_102)
    delivery.connection.execute("update getcourse.mapping set valid_to = %s", (switch,))
    arrange.mapping(delivery.connection, school.student, successor, TRAINING, valid_from=switch)
    school.answer("before", event_date="2026-03-01 11:59:59.999999+00")
    school.answer("at", event_date=switch, answer_text="в ту самую секунду")

    await delivery.tick()

    [former] = delivery.sent(MENTOR_CHAT)
    [new] = delivery.sent(700_000_102)
    assert canaries.ANSWER in former
    assert "в ту самую секунду" in new


async def test_two_mentors_are_both_notified(school: School, delivery: Delivery) -> None:
    second = arrange.mentor(delivery.connection, getcourse_id="498000003", telegram_id=700_000_103)
    arrange.mapping(delivery.connection, school.student, second, TRAINING)
    school.answer("1")

    await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == len(delivery.sent(700_000_103)) == 1


async def test_a_new_version_of_the_mentor_is_written_to_at_the_new_address(school: School, delivery: Delivery) -> None:
    delivery.connection.execute(
        "select getcourse.new_version('mentors', %s, '{\"telegram_id\": 700000199}')", (school.mentor,)
    )
    school.answer("1")

    await delivery.tick()

    assert len(delivery.sent(700_000_199)) == 1


async def test_five_ticks_at_once_send_everything_once(school: School, delivery: Delivery) -> None:
    for number in range(30):
        school.answer(str(number), answer_training_id=TRAINING, answer_text=f"текст {number}")

    await asyncio.gather(*(delivery.tick() for _ in range(5)))
    await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == 1  # thirty answers of one student, gathered
    hashes = delivery.rows("select count(*) as n from getcourse.notifications")
    assert hashes == [{"n": 30}]


async def test_one_poison_answer_is_quarantined_and_its_neighbours_go_on(school: School, delivery: Delivery) -> None:
    delivery.connection.execute(
        "create function public.refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'no' using detail = new.message; end $$;"
        "create trigger refuse before insert on getcourse.notifications for each row"
        " when (new.message like '%poison%') execute function public.refuse()"
    )
    other = arrange.student(delivery.connection, getcourse_id="512000002")
    arrange.mapping(delivery.connection, other, school.mentor, TRAINING)
    school.answer("1", answer_text="poison " + canaries.ANSWER)
    school.answer("2", user_id="512000002")

    await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == 1
    [waiting] = delivery.rows("select answer_id, error_message from getcourse.v_pending_webhooks")
    assert waiting == {"answer_id": "1", "error_message": "failed: RaiseException P0001"}
    [error] = delivery.rows("select error_class, message from getcourse.error_logs")
    assert error["error_class"] == "RaiseException P0001"
    assert canaries.ANSWER not in error["message"]
