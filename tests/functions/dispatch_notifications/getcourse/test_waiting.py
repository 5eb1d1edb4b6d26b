"""Answers that nobody can be told of yet: tried ever more seldom, and at once when somebody corrects the tables."""

from collections.abc import Callable

import pytest

from functions.dispatch_notifications.getcourse import notify
from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, TRAINING, School
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import arrange

STRANGER, STRANGER_EMAIL = "599999999", "stranger@example.com"

Correction = Callable[[School], object]


def minutes_left(delivery: Delivery) -> list[int]:
    """Of the answers that wait, in the order in which they came."""
    found = delivery.rows(
        "select extract(epoch from next_attempt_at - clock_timestamp()) / 60 as minutes"
        " from getcourse.webhook_events where not processed order by id"
    )
    return [round(row["minutes"]) for row in found]


async def test_an_answer_is_tried_again_after_twice_as_long_each_time_a_day_at_most(
    school: School, delivery: Delivery
) -> None:
    school.answer("1", user_id=STRANGER)
    waits = []
    for _ in range(4):
        delivery.connection.execute("update getcourse.webhook_events set next_attempt_at = now()")
        await notify.create_notifications(delivery.database)
        waits += minutes_left(delivery)
    assert waits == [1, 2, 4, 8]

    delivery.connection.execute("update getcourse.webhook_events set next_attempt_at = now(), attempts = 100")
    await notify.create_notifications(delivery.database)

    assert minutes_left(delivery) == [24 * 60]


def add_student(school: School) -> None:
    student = arrange.student(school.connection, getcourse_id=STRANGER)
    arrange.mapping(school.connection, student, school.mentor, TRAINING)


def add_student_by_email(school: School) -> None:
    student = arrange.student(school.connection, email=STRANGER_EMAIL.upper())
    arrange.mapping(school.connection, student, school.mentor, TRAINING)


def give_student_the_email(school: School) -> None:
    school.connection.execute("update getcourse.students set email = %s", (STRANGER_EMAIL,))


def map_student(school: School) -> None:
    arrange.mapping(school.connection, school.student, school.mentor, "another")


def mend_mapping(school: School) -> None:
    school.connection.execute("update getcourse.mapping set training_id = 'another'")


def mend_lesson(school: School) -> None:
    columns = "(getcourse_id, training_id, lesson_title, valid_from)"
    school.connection.execute(
        f"insert into getcourse.lessons {columns} values ('334000001', %s, 'Первые шаги', '2020-01-01')", (TRAINING,)
    )


@pytest.mark.parametrize(
    ("answer", "correction"),
    [
        ({"user_id": STRANGER}, add_student),
        ({"user_id": STRANGER, "user_email": STRANGER_EMAIL}, add_student_by_email),
        ({"user_id": STRANGER, "user_email": STRANGER_EMAIL}, give_student_the_email),
        ({"answer_training_id": "another"}, map_student),
        ({"answer_training_id": "another"}, mend_mapping),
        ({"answer_training_id": None, "answer_lesson_id": "334000001"}, mend_lesson),
    ],
)
async def test_a_correction_lets_the_answer_go_at_once(
    school: School, delivery: Delivery, answer: dict[str, str], correction: Correction
) -> None:
    school.answer("1", **answer)
    school.answer("other", user_id="598888888", user_email="other@example.com", answer_lesson_id="334000009")
    await notify.create_notifications(delivery.database)
    assert minutes_left(delivery) == [1, 1]

    correction(school)

    assert minutes_left(delivery) == [0, 1]
    await delivery.tick()
    assert len(delivery.sent(MENTOR_CHAT)) == 1


async def test_a_mentor_who_gets_a_telegram_id_hears_of_what_waited(school: School, delivery: Delivery) -> None:
    delivery.connection.execute("update getcourse.mentors set telegram_id = null")
    school.answer("1")
    await notify.create_notifications(delivery.database)

    delivery.connection.execute(
        "select getcourse.new_version('mentors', %s, jsonb_build_object('telegram_id', %s::bigint))",
        (school.mentor, MENTOR_CHAT),
    )

    await delivery.tick()
    assert len(delivery.sent(MENTOR_CHAT)) == 1


async def test_what_was_gathered_once_is_not_gathered_again_when_it_is_woken(
    school: School, delivery: Delivery
) -> None:
    delivery.connection.execute("update platform.webhook_sources set collapse_seconds = 3600")
    school.answer("1", user_id=STRANGER, next_attempt_at="2026-01-01 00:00+00")
    assert await notify.create_notifications(delivery.database) == 1
    school.answer("2", user_id="598888888")

    add_student(school)

    assert await notify.create_notifications(delivery.database) == 1
    assert delivery.rows("select answer_id from getcourse.webhook_events where processed") == [{"answer_id": "1"}]


async def test_a_first_bot_and_a_first_admin_chat_wake_what_waits_for_them(school: School, delivery: Delivery) -> None:
    delivery.connection.execute("update platform.bots set system = 'salon'")
    delivery.connection.execute("update platform.webhook_sources set admin_chat_id = null")
    school.answer("1")
    await notify.create_notifications(delivery.database)

    delivery.connection.execute("update platform.webhook_sources set admin_chat_id = -1001900000777")
    assert minutes_left(delivery) == [0]
    await notify.create_notifications(delivery.database)
    assert minutes_left(delivery) == [2]

    arrange.bot(delivery.connection, name="another", token="7000000009:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr")
    assert minutes_left(delivery) == [0]


async def test_what_is_held_after_a_restore_waits_for_replay(school: School, delivery: Delivery) -> None:
    school.answer("1", user_id=STRANGER, error_message="restored", next_attempt_at="9999-01-01 00:00+00")

    add_student(school)

    assert minutes_left(delivery)[0] > 24 * 60
