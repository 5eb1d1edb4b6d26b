"""Who presses Start hears what will come here, once, and gets what waited for it."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import secret
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds import salon as salons
from tests.helpers.worlds import support

_numbers = itertools.count(1)
_people = itertools.count(7_200_000_001)

MENTOR = "Готово, сюда придут ответы учеников."


class Start:
    """The function's webhook, a school's bot, and whoever presses Start in it."""

    def __init__(self, connection: psycopg.Connection[DictRow], url: str) -> None:
        self.connection, self.url = connection, url
        self.bot = arrange.bot(connection, "school-tg", private_pace="0")
        self.source = arrange.source(connection, "school", bot_id=self.bot)

    def write(self, person: int, text: str = "/start", bot: str = "school-tg", **sender: Any) -> None:
        """A private message of a person."""
        author = {"id": person, "is_bot": False, "first_name": "Анна", "language_code": "ru", **sender}
        chat = {"id": person, "type": "private", "first_name": "Анна"}
        number = next(_numbers)
        message = {"message_id": number, "date": 1_770_000_000, "chat": chat, "from": author, "text": text}
        self.post({"update_id": 960_000_000 + number, "message": message}, bot)

    def let_in(self, person: int, bot: str = "school-tg") -> None:
        """A person lets the bot in again."""
        change = {"chat": {"id": person, "type": "private"}, "new_chat_member": {"status": "member"}}
        self.post({"update_id": 960_000_000 + next(_numbers), "my_chat_member": change}, bot)

    def post(self, update: dict[str, Any], bot: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret(bot)}
        answer = httpx.post(f"{self.url}/{bot}", json=update, headers=headers, trust_env=False, timeout=20)
        assert (answer.status_code, answer.text) == (200, "{}")

    def mentor(self, person: int, **columns: Any) -> int:
        names = {"first_name": "Анна", "last_name": "Ким"}
        return arrange.mentor(self.connection, getcourse_id=str(person), telegram_id=person, **names, **columns)

    def dead(self, person: int, error_class: str = "chat_not_found", **columns: Any) -> int:
        """A message that did not reach a person."""
        values = {
            "bot_id": self.bot, "chat_id": person, "lane": str(person), "kind": "getcourse/answer",
            "method": "sendMessage", "payload": '{"text": "Ответ"}', "dedup_key": f"start/test/{next(_numbers)}",
            "correlation_id": "c" * 32, "policy": "at_least_once", "expires_at": "tomorrow", "state": "dead",
            "finished_at": "now", "error_class": error_class, "attempt": 1, **columns,
        }  # fmt: skip
        identity: Any = support.insert(self.connection, "platform.outbox", **values)
        self.connection.execute(
            """insert into platform.lanes (bot_id, lane, blocked_at, blocked_class) values (%s, %s, now(), %s)
               on conflict do nothing""",
            (self.bot, str(person), error_class if error_class in ("blocked", "chat_not_found") else "blocked"),
        )
        return int(identity)

    def told(self, chat: int) -> list[str]:
        """What a chat is told by the bot itself."""
        query = "select payload from platform.outbox where chat_id = %s and kind like 'platform/%%' order by id"
        return [row["payload"]["text"] for row in rows(self.connection, query, chat)]

    def state(self, outbox_id: int) -> str:
        [row] = rows(self.connection, "select state from platform.outbox where id = %s", outbox_id)
        return str(row["state"])


@pytest.fixture(scope="module")
def start(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[Start]:
    """The function, with a school's bot."""
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "telegram_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
    ):
        yield Start(connection, served.url)


def test_a_mentor_hears_that_answers_will_come(start: Start) -> None:
    person = next(_people)
    start.mentor(person)

    start.write(person)

    assert start.told(person) == [MENTOR]


def test_a_stranger_hears_the_id_to_pass_on(start: Start) -> None:
    person, english = next(_people), next(_people)

    start.write(person, "/start ref_17", language_code="kk")
    start.write(english, language_code="en", bot="school-tg")

    assert start.told(person) == [
        f"Здравствуйте! Ваш id: {person}. Передайте его администратору: без этого бот ничего вам не пришлёт."
    ]
    assert [text.startswith("Здравствуйте!") for text in start.told(english)] == [True]  # the school reads Russian


def test_a_stranger_of_a_bot_that_works_for_nobody_reads_their_own_language(start: Start) -> None:
    person = next(_people)
    arrange.bot(start.connection, "idle-tg", "7009000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr", system="learning")

    start.write(person, bot="idle-tg", language_code="en")

    assert [text.startswith(f"Hello! Your id: {person}.") for text in start.told(person)] == [True]


def test_a_hundred_presses_are_answered_once_and_again_later(start: Start) -> None:
    person = next(_people)

    for _ in range(100):
        start.write(person)

    assert len(start.told(person)) == 1
    later = "update platform.starts set answered_at = answered_at - interval '6 minutes' where chat_id = %s"
    start.connection.execute(later, (person,))
    start.write(person)
    assert len(start.told(person)) == 2


def test_the_same_update_again_is_answered_once(start: Start) -> None:
    person = next(_people)
    message = {"message_id": 1, "date": 1, "chat": {"id": person}, "text": "/start"}
    for _ in range(2):
        start.post({"update_id": 969_999_999, "message": message}, "school-tg")
        start.connection.execute("update platform.starts set answered_at = null where chat_id = %s", (person,))

    assert len(start.told(person)) == 1


def test_other_words_are_noted_and_not_answered(start: Start) -> None:
    person = next(_people)

    start.write(person, "спасибо")

    assert start.told(person) == []
    query = "select bot_id, answered_at from platform.starts where chat_id = %s"
    assert rows(start.connection, query, person) == [{"bot_id": start.bot, "answered_at": None}]
    start.write(person)
    assert len(start.told(person)) == 1


@pytest.mark.parametrize("error_class", ["chat_not_found", "blocked"])
def test_what_died_for_want_of_a_start_and_is_still_worth_it_comes_now(start: Start, error_class: str) -> None:
    person = next(_people)
    mentor = start.mentor(person)
    died, refused = start.dead(person, error_class), start.dead(person, "bad_request")
    notification = support.insert(
        start.connection, "getcourse.notifications", mentor_id=mentor, type="answerToLesson", message="Ответ",
        message_hash=f"hash{person}", outbox_id=died, status="failed",
    )  # fmt: skip

    start.write(person)

    assert start.told(person) == [f"{MENTOR}\n\nСообщений, которые вас ждали: 1. Сейчас придут."]
    assert (start.state(died), start.state(refused)) == ("queued", "dead")
    query = "select status from getcourse.notifications where id = %s"
    assert rows(start.connection, query, notification)[0]["status"] == "pending"
    [lane] = rows(start.connection, "select head_due, blocked_at from platform.lanes where lane = %s", str(person))
    assert lane["head_due"] is not None
    assert lane["blocked_at"] is None


def test_what_is_out_of_date_stays_and_those_who_look_after_the_bot_hear_the_command(start: Start) -> None:
    person, keeper = next(_people), next(_people)
    start.mentor(person)
    start.connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (keeper, start.bot))
    old = start.dead(person, expires_at="yesterday", created_at="2026-01-01")

    start.write(person)

    assert start.told(person) == [MENTOR]  # no word of what does not come
    assert start.state(old) == "dead"
    [alert] = start.told(keeper)
    assert f"Анна Ким (id {person})" in alert
    assert f"<code>carillon outbox redrive {old}</code>" in alert
    start.connection.execute("update platform.bots set alert_chat_id = null where id = %s", (start.bot,))


def test_who_comes_back_is_answered_once_for_both_updates(start: Start) -> None:
    """Telegram brings both: the bot is let in again, and /start is said."""
    mentor, other = next(_people), next(_people)
    start.mentor(mentor)
    died = start.dead(mentor, "blocked")
    start.dead(other, "blocked", expires_at="yesterday")

    for person in (mentor, other):
        start.let_in(person)
        start.write(person)

    assert start.state(died) == "queued"
    assert start.told(mentor) == [f"{MENTOR}\n\nСообщений, которые вас ждали: 1. Сейчас придут."]
    assert start.told(other) == ["Снова на связи: сообщения опять приходят сюда."]


def test_a_mentor_who_left_or_has_another_telegram_is_a_stranger(start: Start) -> None:
    left = next(_people)
    start.mentor(left, valid_to="2026-01-01")

    start.write(left)

    assert [text.startswith("Здравствуйте! Ваш id") for text in start.told(left)] == [True]


def test_the_schools_admin_and_whoever_gets_alerts_hear_so(start: Start) -> None:
    admin = next(_people)
    start.connection.execute("update platform.webhook_sources set admin_chat_id = %s", (admin,))
    start.connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (admin, start.bot))

    start.write(admin)

    [text] = start.told(admin)
    assert sorted(line.split(":")[0] for line in text.split("\n\n")) == [
        "Готово, сюда придут предупреждения о сообщениях, которые не дошли.",
        "Готово, сюда придут предупреждения школы",
    ]
    start.connection.execute("update platform.webhook_sources set admin_chat_id = null")
    start.connection.execute("update platform.bots set alert_chat_id = null")


def test_a_desks_owner_and_managers_hear_that_requests_come_to_the_group(start: Start) -> None:
    owner, manager, stranger = (next(_people) for _ in range(3))
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

    assert [start.told(person)[0].split(".")[0] for person in (owner, manager, stranger)] == [
        "Это бот поддержки «help»",
        "Это бот поддержки",
        "Здравствуйте! Ваш id: " + str(stranger),
    ]


def test_a_salons_owner_and_staff_hear_what_comes(start: Start) -> None:
    owner, staff = next(_people), next(_people)
    own, common = salons.salon(start.connection), salons.salon(start.connection, language="en")
    own.settings(chat_id=owner)
    start.connection.execute(
        "insert into platform.members (bot_id, chat_id, telegram_id) values (%s, %s, %s)",
        (common.bot, common.chat, staff),
    )

    start.write(owner, bot=own.bot_name)
    start.write(staff, bot=common.bot_name)

    assert start.told(owner) == ["Готово, сюда придут сводки и предупреждения салона."]
    assert start.told(staff) == ["Digests and alerts come to the salon's own chat; the bot does not send them here."]


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

    assert start.told(chat["id"]) == []  # type: ignore[arg-type]
