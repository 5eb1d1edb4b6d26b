"""Who presses Start hears what will come here, once, and gets what waited for it."""

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.starts.conftest import MENTOR, Start, people
from tests.helpers import arrange
from tests.helpers.worlds import salon as salons
from tests.helpers.worlds import support


def test_a_mentor_hears_that_answers_will_come(start: Start) -> None:
    person = next(people)
    start.mentor(person)

    start.write(person)

    assert start.received(person) == [MENTOR]


def test_a_stranger_hears_the_id_to_pass_on(start: Start) -> None:
    person, english = next(people), next(people)

    start.write(person, "/start ref_17", language_code="kk")
    start.write(english, language_code="en", bot="school-tg")

    assert start.received(person) == [
        f"Здравствуйте! Ваш id: {person}. Передайте его администратору: без этого бот ничего вам не пришлёт."
    ]
    assert [text.startswith("Здравствуйте!") for text in start.received(english)] == [True]  # the school reads Russian


def test_a_stranger_of_a_bot_that_works_for_nobody_reads_their_own_language(start: Start) -> None:
    person = next(people)
    arrange.bot(start.connection, "idle-tg", "7009000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr", system="learning")

    start.write(person, bot="idle-tg", language_code="en")

    assert [text.startswith(f"Hello! Your id: {person}.") for text in start.received(person)] == [True]


def test_a_hundred_presses_are_answered_once_and_again_later(start: Start) -> None:
    person = next(people)

    for _ in range(100):
        start.write(person)

    assert len(start.received(person)) == 1
    later = "update platform.starts set answered_at = answered_at - interval '6 minutes' where chat_id = %s"
    start.connection.execute(later, (person,))
    start.write(person)
    assert len(start.received(person)) == 2


def test_the_same_update_again_is_answered_once(start: Start) -> None:
    person = next(people)
    message = {"message_id": 1, "date": 1, "chat": {"id": person}, "text": "/start"}
    for _ in range(2):
        start.post({"update_id": 969_999_999, "message": message}, "school-tg")
        start.connection.execute("update platform.starts set answered_at = null where chat_id = %s", (person,))

    assert len(start.received(person)) == 1


def test_other_words_are_noted_and_not_answered(start: Start) -> None:
    person = next(people)

    start.write(person, "спасибо")

    assert start.received(person) == []
    query = "select bot_id, answered_at from platform.starts where chat_id = %s"
    assert rows(start.connection, query, person) == [{"bot_id": start.bot, "answered_at": None}]
    start.write(person)
    assert len(start.received(person)) == 1


@pytest.mark.parametrize("error_class", ["chat_not_found", "blocked"])
def test_what_died_for_want_of_a_start_and_is_still_worth_it_comes_now(start: Start, error_class: str) -> None:
    person = next(people)
    mentor = start.mentor(person)
    died, refused = start.dead(person, error_class), start.dead(person, "bad_request")
    notification = support.insert(
        start.connection, "getcourse.notifications", mentor_id=mentor, type="answerToLesson", message="Ответ",
        message_hash=f"hash{person}", outbox_id=died, status="failed",
    )  # fmt: skip

    start.write(person)

    assert start.received(person) == [f"{MENTOR}\n\nСообщений, которые вас ждали: 1. Сейчас придут."]
    assert (start.state(died), start.state(refused)) == ("queued", "dead")
    query = "select status from getcourse.notifications where id = %s"
    assert rows(start.connection, query, notification)[0]["status"] == "pending"
    [lane] = rows(start.connection, "select head_due, blocked_at from platform.lanes where lane = %s", str(person))
    assert lane["head_due"] is not None
    assert lane["blocked_at"] is None


def test_what_is_out_of_date_stays_and_those_who_look_after_the_bot_hear_the_command(start: Start) -> None:
    person, keeper = next(people), next(people)
    start.mentor(person)
    start.connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (keeper, start.bot))
    old = start.dead(person, expires_at="yesterday", created_at="2026-01-01")

    start.write(person)

    assert start.received(person) == [MENTOR]  # no word of what does not come
    assert start.state(old) == "dead"
    [alert] = start.received(keeper)
    assert f"Анна Ким (id {person})" in alert
    assert f"<code>carillon outbox redrive {old}</code>" in alert
    start.connection.execute("update platform.bots set alert_chat_id = null where id = %s", (start.bot,))


def test_who_comes_back_is_answered_once_for_both_updates(start: Start) -> None:
    """Telegram brings both: the bot is let in again, and /start is said."""
    mentor, other = next(people), next(people)
    start.mentor(mentor)
    died = start.dead(mentor, "blocked")
    start.dead(other, "blocked", expires_at="yesterday")

    for person in (mentor, other):
        start.let_in(person)
        start.write(person)

    assert start.state(died) == "queued"
    assert start.received(mentor) == [f"{MENTOR}\n\nСообщений, которые вас ждали: 1. Сейчас придут."]
    assert start.received(other) == ["Снова на связи: сообщения опять приходят сюда."]


def test_a_mentor_who_left_or_has_another_telegram_is_a_stranger(start: Start) -> None:
    left = next(people)
    start.mentor(left, valid_to="2026-01-01")

    start.write(left)

    assert [text.startswith("Здравствуйте! Ваш id") for text in start.received(left)] == [True]


def test_the_schools_admin_and_whoever_gets_alerts_hear_so(start: Start) -> None:
    admin = next(people)
    start.connection.execute("update platform.webhook_sources set admin_chat_id = %s", (admin,))
    start.connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (admin, start.bot))

    start.write(admin)

    [text] = start.received(admin)
    assert sorted(line.split(":")[0] for line in text.split("\n\n")) == [
        "Готово, сюда придут предупреждения о сообщениях, которые не дошли.",
        "Готово, сюда придут предупреждения школы",
    ]
    start.connection.execute("update platform.webhook_sources set admin_chat_id = null")
    start.connection.execute("update platform.bots set alert_chat_id = null")


def test_a_desks_owner_and_managers_hear_that_requests_come_to_the_group(start: Start) -> None:
    owner, manager, stranger = (next(people) for _ in range(3))
    desk = support.desk(
        start.connection, "help", -1_001_950_000_001, "7009000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr",
        owner_telegram_id="@Vera_Owner",
    )  # fmt: skip
    start.connection.execute(
        "insert into platform.members (bot_id, chat_id, telegram_id) values (%s, %s, %s)",
        (desk.telegram_bot, desk.chat, manager),
    )

    start.write(owner, bot="help-tg", username="vera_owner")
    start.write(manager, bot="help-tg", username="petr")
    start.write(stranger, bot="help-tg")

    assert [start.received(person)[0].split(".")[0] for person in (owner, manager, stranger)] == [
        "Это бот поддержки «help»",
        "Это бот поддержки",
        "Здравствуйте! Ваш id: " + str(stranger),
    ]


def test_a_salons_owner_and_staff_hear_what_comes(start: Start) -> None:
    owner, staff = next(people), next(people)
    own, common = salons.salon(start.connection), salons.salon(start.connection, language="en")
    own.settings(chat_id=owner)
    start.connection.execute(
        "insert into platform.members (bot_id, chat_id, telegram_id) values (%s, %s, %s)",
        (common.bot, common.chat, staff),
    )

    start.write(owner, bot=own.bot_name)
    start.write(staff, bot=common.bot_name)

    assert start.received(owner) == ["Готово, сюда придут сводки и предупреждения салона."]
    assert start.received(staff) == [
        "Digests and alerts come to the salon's own chat; the bot does not send them here."
    ]


def test_start_in_a_group_is_not_answered(start: Start) -> None:
    chat = {"id": -1_001_950_000_777, "type": "supergroup"}
    message = {
        "message_id": 1,
        "date": 1,
        "chat": chat,
        "from": {"id": 1, "first_name": "А"},
        "text": "/start@school_bot",
    }

    start.post({"update_id": 968_000_001, "message": message}, "school-tg")

    assert start.received(chat["id"]) == []  # type: ignore[arg-type]
