"""Who is not known by their account says what the school calls them, and a curator says who it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.telegram_webhook.courses.data.matches import MAX_DAILY, MAX_OPEN
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import School, Somebody


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    return school.person("curator", full_name="Ольга <куратор>")


@pytest.fixture(autouse=True)
def _without_requests(school: School) -> Iterator[None]:
    yield
    school.connection.execute("delete from courses.match_requests")


def known(school: School, name: str, **columns: Any) -> int:
    """A participant whose account nobody knows."""
    user = school.insert("users", full_name=name, **columns)
    school.insert("participants", user_id=user)
    return user


def outsider(school: School) -> Somebody:
    """An account that has agreed, that the school does not know, and that has begun to talk to the bot."""
    somebody = school.stranger()
    school.agree(somebody)
    school.write(somebody, "/start")
    return somebody


def ask(school: School, somebody: Somebody, written: str) -> int:
    """Ask the staff; the request's id."""
    school.write(somebody, written)
    school.press(somebody, "courses:join:ask:")
    query = "select id from courses.match_requests where telegram_id = %s order by id desc limit 1"
    [row] = rows(school.connection, query, somebody.telegram_id)
    return int(row["id"])


def state(school: School, request: int) -> str:
    [row] = rows(school.connection, "select state::text from courses.match_requests where id = %s", request)
    return str(row["state"])


def account_of(school: School, user: int) -> int | None:
    [row] = rows(school.connection, "select telegram_id from courses.users where id = %s", user)
    found: int | None = row["telegram_id"]
    return found


def notices(school: School, to: Somebody) -> list[dict[str, Any]]:
    return [message["payload"] for message in school.messages(to) if message["kind"] == "courses/notice"]


def test_a_curator_says_who_it_is(school: School, curator: Somebody) -> None:
    somebody, user = outsider(school), known(school, "Семёнов Пётр <Ильич>")
    other = known(school, "Семёнова Инна")

    school.write(somebody, "петр  Семенов")
    assert "«петр Семенов»?" in school.shown(somebody)
    assert notices(school, curator) == []
    school.press(somebody, school.buttons(somebody)["📨 Отправить"])
    assert "Запрос отправлен" in school.shown(somebody)

    card = notices(school, curator)[-1]
    assert "«петр Семенов»" in card["text"]
    assert "@anna_kim" in card["text"]
    data = {button["text"]: button["callback_data"] for [button] in card["reply_markup"]["inline_keyboard"]}
    assert [text for text in data if text.startswith("✅")] == ["✅ Семёнов Пётр <Ильич>"]
    assert school.press(curator, data["✅ Семёнов Пётр <Ильич>"], message=850) == "Готово, человеку сообщим"

    assert (account_of(school, user), account_of(school, other)) == (somebody.telegram_id, None)
    assert "Подтвердил(а): Ольга &lt;куратор&gt;" in school.shown(curator)
    [notice] = notices(school, somebody)
    assert "Куратор подтвердил" in notice["text"]
    school.press(somebody, notice["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert "Здравствуйте, Семёнов Пётр" in school.shown(somebody)


def test_a_curator_says_that_it_is_nobody(school: School, curator: Somebody) -> None:
    somebody = outsider(school)
    request = ask(school, somebody, "Никто Такой")

    assert "Похожих участников без аккаунта нет" in notices(school, curator)[-1]["text"]
    school.press(curator, f"courses:match:no:{request}")

    assert state(school, request) == "declined"
    assert "не нашёл вас" in notices(school, somebody)[-1]["text"]
    ask(school, somebody, "Иначе")


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("@svetlana", {"nickname": "Svetlana"}),
        ("кто-то", {"username": "anna_kim"}),  # the account's own username
        ("Зоя", {"full_name": "Ёлкина Зоя"}),
    ],
)
def test_people_are_found_by_nickname_username_and_any_part_of_a_name(
    school: School, curator: Somebody, written: str, columns: dict[str, str]
) -> None:
    user = known(school, name=columns.pop("full_name", "Другая Фамилия"), **columns)

    request = ask(school, outsider(school), written)
    school.press(curator, f"courses:match:open:{request}")

    assert f"courses:match:yes:{request}.{user}" in school.buttons(curator).values()


def test_staff_and_people_with_an_account_are_nobodys_match(school: School, curator: Somebody) -> None:
    admin = known(school, "Особый Админ", role="admin")
    owner = school.participant(full_name="Особый Участник")
    somebody = outsider(school)
    request = ask(school, somebody, "Особый")

    school.press(curator, f"courses:match:open:{request}")
    offered = {f"courses:match:yes:{request}.{user}" for user in (admin, owner.user)}
    assert offered.isdisjoint(school.buttons(curator).values())
    for user in (admin, owner.user, 10**17):
        assert "Уже решено" in school.press(curator, f"courses:match:yes:{request}.{user}")

    assert state(school, request) == "open"
    assert account_of(school, admin) is None


def test_one_answer_wins(school: School, curator: Somebody) -> None:
    users = [known(school, f"Общая Фамилия {number}") for number in range(2)]
    somebody, admin = outsider(school), school.person("admin")
    request = ask(school, somebody, "Общая")
    presses = [(curator, f"yes:{request}.{users[0]}"), (admin, f"yes:{request}.{users[1]}"), (admin, f"no:{request}")]

    with ThreadPoolExecutor(3) as pool:
        toasts = list(pool.map(lambda pair: school.press(pair[0], f"courses:match:{pair[1]}"), presses))

    assert sum("Уже решено" in toast for toast in toasts) == 2
    assert len(notices(school, somebody)) == 1
    assert len([user for user in users if account_of(school, user)]) == (state(school, request) == "accepted")


def test_two_accounts_do_not_become_one_person(school: School, curator: Somebody) -> None:
    user = known(school, "Единственный")
    requests = [ask(school, outsider(school), "Единственный") for _ in range(2)]
    admin = school.person("admin")

    with ThreadPoolExecutor(2) as pool:
        pairs = zip((curator, admin), requests, strict=True)
        list(pool.map(lambda pair: school.press(pair[0], f"courses:match:yes:{pair[1]}.{user}"), pairs))

    assert sorted(state(school, request) for request in requests) == ["accepted", "open"]


def test_there_is_one_open_request_an_account(school: School) -> None:
    somebody = outsider(school)
    first = ask(school, somebody, "Первое имя")

    school.write(somebody, "Второе имя")
    assert "уже отправлен" in school.shown(somebody)
    school.press(somebody, "courses:join:ask:")
    school.press(somebody, "courses:join:withdraw:")
    second = ask(school, somebody, "Второе имя")

    assert (state(school, first), state(school, second)) == ("withdrawn", "open")
    assert len(rows(school.connection, "select from courses.match_requests")) == 2


def test_requests_are_few_a_day_and_not_very_many(school: School) -> None:
    somebody, other = outsider(school), outsider(school)
    for number in range(MAX_DAILY + 1):
        school.write(somebody, f"Имя {number}")
        school.press(somebody, "courses:join:ask:")
        school.press(somebody, "courses:join:withdraw:")
    for number in range(MAX_OPEN):
        school.insert("match_requests", telegram_id=7_400_000_000 + number, written="Толпа")

    school.write(other, "Опоздавший")
    school.press(other, "courses:join:ask:")

    assert "слишком много" in school.shown(other)
    mine = rows(school.connection, "select from courses.match_requests where telegram_id = %s", somebody.telegram_id)
    assert len(mine) == MAX_DAILY


def test_who_is_recognised_otherwise_needs_no_request_any_more(school: School, curator: Somebody) -> None:
    somebody, phone = outsider(school), "+79990002001"
    user = known(school, "Телефон", phone=phone)
    request = ask(school, somebody, "Телефон")

    school.write(somebody, contact={"phone_number": phone, "user_id": somebody.telegram_id})

    assert (account_of(school, user), state(school, request)) == (somebody.telegram_id, "withdrawn")
    assert "Уже решено" in school.press(curator, f"courses:match:no:{request}")
    assert notices(school, somebody) == []


@pytest.mark.parametrize(
    "content", [{"sticker": {"file_id": "S", "emoji": "👍"}}, {"voice": {"file_id": "V", "duration": 1}}, {"text": "я"}]
)
def test_what_is_no_name_is_not_asked(school: School, content: dict[str, Any]) -> None:
    somebody = outsider(school)

    school.write(somebody, **content)
    assert "Так бот вас не найдёт" in school.shown(somebody)
    school.press(somebody, "courses:join:ask:")

    assert rows(school.connection, "select from courses.match_requests") == []


def test_participants_decide_nothing_and_strangers_see_nobody(school: School) -> None:
    somebody, user, participant = outsider(school), known(school, "Тайный"), school.participant()
    request = ask(school, somebody, "Тайный")

    for by in (participant, somebody):
        assert "не действует" in school.press(by, f"courses:match:yes:{request}.{user}")
        school.press(by, f"courses:match:open:{request}")
        assert "Пишет о себе" not in school.shown(by)

    assert (state(school, request), account_of(school, user)) == ("open", None)
