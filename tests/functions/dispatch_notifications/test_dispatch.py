"""dispatch_notifications as it is deployed: real HTTP, real Postgres, the stand-in for Telegram."""

import asyncio

from infra.sandbox.server import SandboxServer
from tests.functions.dispatch_notifications.conftest import ADMIN_CHAT, TRAINING, Dispatcher, School, sent
from tests.helpers import arrange, canaries


async def test_an_answer_reaches_the_mentor_and_every_table_says_so(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    event = school.answer("1")

    report = await dispatcher.tick()

    assert report["done"] == 2
    assert report["remaining"] == 0
    [message] = sent(telegram)
    assert canaries.ANSWER in message["text"]
    assert canaries.STUDENT in message["text"]
    [notification] = school.connection.execute("select * from getcourse.notifications").fetchall()
    assert notification["status"] == "sent"
    assert notification["webhook_event_id"] == event
    assert notification["telegram_message_id"] is not None
    [row] = school.connection.execute("select * from platform.outbox").fetchall()
    assert (row["state"], row["attempt"], row["maybe_duplicate"]) == ("sent", 1, False)
    [processed] = school.connection.execute("select processed, processed_at from getcourse.webhook_events").fetchall()
    assert processed["processed"]
    assert school.connection.execute("select head_due from platform.lanes").fetchall() == [{"head_due": None}]


async def test_reprocessing_all_history_sends_nothing_new(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    for number in range(5):
        school.answer(str(number))
        await dispatcher.tick()
    school.connection.execute("update getcourse.webhook_events set processed = false, next_attempt_at = now()")

    await dispatcher.tick()

    assert len(sent(telegram)) == 5
    assert school.connection.execute("select from getcourse.webhook_events where not processed").fetchall() == []


async def test_answers_close_together_become_one_message_that_lists_them(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    school.connection.execute("update platform.webhook_sources set collapse_seconds = 1")
    for number in range(3):
        school.answer(str(number), answer_text=f"ответ номер {number}")

    await dispatcher.tick()

    [message] = sent(telegram)
    assert all(f"ответ номер {number}" in message["text"] for number in range(3))
    assert "3 новых ответа" in message["text"]
    statuses = school.connection.execute("select status from getcourse.notifications").fetchall()
    assert statuses == [{"status": "sent"}] * 3


async def test_an_answer_that_nobody_is_responsible_for_stays_visible_and_is_told_once(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    school.answer("1", user_id="599999999")
    school.answer("2", user_id="599999999")
    await dispatcher.tick()
    school.connection.execute("update getcourse.webhook_events set next_attempt_at = now()")
    school.answer("3", user_id="599999999")
    await dispatcher.tick()

    [alert] = sent(telegram, ADMIN_CHAT)
    assert "599999999" in alert["text"]
    waiting = school.connection.execute("select error_message from getcourse.v_pending_webhooks").fetchall()
    assert waiting == [{"error_message": "unknown_student"}] * 3


async def test_a_mapping_added_later_lets_the_backlog_go(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    school.answer("1", answer_training_id="another")
    await dispatcher.tick()
    assert sent(telegram) == []
    arrange.mapping(school.connection, school.student, school.mentor, "another")
    school.connection.execute("update getcourse.webhook_events set next_attempt_at = now()")

    await dispatcher.tick()

    assert len(sent(telegram)) == 1


async def test_the_mentor_valid_in_the_very_second_of_the_event_is_told(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    switch = "2026-03-01 12:00:00+00"
    successor = arrange.mentor(school.connection, getcourse_id="498000002", telegram_id=700_000_102)
    school.connection.execute("update getcourse.mapping set valid_to = %s", (switch,))
    arrange.mapping(school.connection, school.student, successor, TRAINING, valid_from=switch)
    school.answer("before", event_date="2026-03-01 11:59:59.999999+00")
    school.answer("at", event_date=switch, answer_text="в ту самую секунду")

    await dispatcher.tick()

    [former] = sent(telegram)
    [new] = sent(telegram, 700_000_102)
    assert canaries.ANSWER in former["text"]
    assert "в ту самую секунду" in new["text"]


async def test_two_mentors_are_both_told(school: School, telegram: SandboxServer, dispatcher: Dispatcher) -> None:
    second = arrange.mentor(school.connection, getcourse_id="498000003", telegram_id=700_000_103)
    arrange.mapping(school.connection, school.student, second, TRAINING)
    school.answer("1")

    await dispatcher.tick()

    assert len(sent(telegram)) == len(sent(telegram, 700_000_103)) == 1


async def test_a_new_version_of_the_mentor_is_written_to_at_the_new_address(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    school.connection.execute(
        "select getcourse.new_version('mentors', %s, '{\"telegram_id\": 700000199}')", (school.mentor,)
    )
    school.answer("1")

    await dispatcher.tick()

    assert len(sent(telegram, 700_000_199)) == 1


async def test_five_ticks_at_once_send_everything_once(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    for number in range(30):
        school.answer(str(number), answer_training_id=TRAINING, answer_text=f"текст {number}")

    await asyncio.gather(*(dispatcher.tick() for _ in range(5)))
    await dispatcher.tick()

    assert len(sent(telegram)) == 1  # thirty answers of one student, gathered
    hashes = school.connection.execute("select count(*) as n from getcourse.notifications").fetchall()
    assert hashes == [{"n": 30}]


async def test_one_poison_answer_is_put_aside_and_its_neighbours_go_on(
    school: School, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    school.connection.execute(
        "create function public.refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'no' using detail = new.message; end $$;"
        "create trigger refuse before insert on getcourse.notifications for each row"
        " when (new.message like '%poison%') execute function public.refuse()"
    )
    other = arrange.student(school.connection, getcourse_id="512000002")
    arrange.mapping(school.connection, other, school.mentor, TRAINING)
    school.answer("1", answer_text="poison " + canaries.ANSWER)
    school.answer("2", user_id="512000002")

    await dispatcher.tick()

    assert len(sent(telegram)) == 1
    [waiting] = school.connection.execute(
        "select answer_id, error_message from getcourse.v_pending_webhooks"
    ).fetchall()
    assert waiting == {"answer_id": "1", "error_message": "failed: RaiseException P0001"}
    [error] = school.connection.execute("select error_class, message from getcourse.error_logs").fetchall()
    assert error["error_class"] == "RaiseException P0001"
    assert canaries.ANSWER not in error["message"]
