"""Where a screen is shown, and what is answered to whatever people send."""

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import Json, School, Somebody, toast
from tests.helpers import arrange

HOME = "courses:home:open:"


@pytest.fixture(scope="module")
def anna(school: School) -> Somebody:
    return school.person()


def test_words_are_answered_by_a_new_message_and_a_press_by_an_edit_of_its_own(school: School) -> None:
    somebody = school.person()

    school.write(somebody, "/start")
    school.press(somebody, HOME, message=777)

    sent, edit = school.messages(somebody)
    assert (sent["kind"], sent["method"]) == ("courses/screen", "sendMessage")
    assert (edit["kind"], edit["method"]) == ("courses/screen-edit", "editMessageText")
    assert (edit["payload"]["message_id"], edit["payload"]["text"]) == (777, sent["payload"]["text"])
    assert school.dialog(somebody)["version"] == 2


def test_a_press_that_names_no_message_edits_the_one_that_shows_the_screen(school: School) -> None:
    somebody = school.person()
    school.press(somebody, HOME, message=778)

    school.press(somebody, HOME, message=None)

    assert [message["payload"]["message_id"] for message in school.messages(somebody)] == [778, 778]


def test_a_message_out_of_reach_is_followed_by_a_new_one(school: School) -> None:
    somebody = school.person()

    school.press(somebody, HOME, date=0)
    school.press(somebody, HOME, message=None)

    assert [message["method"] for message in school.messages(somebody)] == ["sendMessage", "sendMessage"]


@pytest.mark.parametrize(
    "data",
    ["", "courses:", "courses:home", "courses:gone:open:1", "courses:home:fly:1", "support/take/7", None, 7,
     ["courses"], "courses:home:open:" + "9" * 60, "courses:__init__:open:", "courses:../home:open:", "курсы"],
)  # fmt: skip
def test_a_button_that_nobody_knows_draws_the_current_screen_anew(school: School, anna: Somebody, data: object) -> None:
    before = len(school.messages(anna))

    assert "не действует" in school.press(anna, data)
    assert len(school.messages(anna)) == before + 1
    assert "Здравствуйте" in school.shown(anna)


def test_a_screen_that_a_release_has_taken_away_becomes_the_first_one(school: School) -> None:
    somebody = school.person()
    school.press(somebody, HOME)
    school.connection.execute(
        """update courses.dialogs set screen = 'removed', data = '{"at": 7, "more": []}' where telegram_id = %s""",
        (somebody.telegram_id,),
    )

    school.press(somebody, "courses:removed:open:1")
    assert "Здравствуйте" in school.shown(somebody)


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "S", "emoji": "👍"}}, {"voice": {"file_id": "V", "duration": 1}},
        {"photo": [{"file_id": "P"}], "caption": "моё фото"}, {"text": "/help"}, {"text": "спасибо"},
        {"document": {"file_id": "D"}, "forward_origin": {"type": "hidden_user", "sender_user_name": "x"}},
        {"contact": {"phone_number": "+79990000000", "first_name": "X"}}, {"location": {"latitude": 1, "longitude": 1}},
        {"game": {"title": "?"}},
    ],
    ids=str,
)  # fmt: skip
def test_whatever_is_no_button_gets_the_current_screen_and_a_hint(
    school: School, anna: Somebody, content: Json
) -> None:
    before = len(school.messages(anna))

    school.write(anna, **content)

    assert len(school.messages(anna)) == before + 1
    assert school.shown(anna).startswith("Бот понимает только кнопки")


def test_an_album_is_answered_once(school: School) -> None:
    somebody = school.person()
    for _ in range(3):
        school.write(somebody, photo=[{"file_id": "P"}], media_group_id="13579")

    assert len(school.messages(somebody)) == 1


@pytest.mark.parametrize("words", ["/start", "/cancel", "/cancel@svet_bot"])
def test_start_and_cancel_lead_to_the_first_screen(school: School, anna: Somebody, words: str) -> None:
    school.write(anna, words)

    assert school.shown(anna).startswith("<b>Школа")


def test_a_message_that_comes_twice_is_answered_once(school: School) -> None:
    somebody, number = school.person(), 987_654
    for _ in range(2):
        school.write(somebody, "/start", number=number)

    assert len(school.messages(somebody)) == 1


def test_who_lets_the_bot_in_again_sees_the_screen_and_gets_what_waited(school: School) -> None:
    somebody = school.person()
    change = {"chat": {"id": somebody.telegram_id, "type": "private"}, "new_chat_member": {"status": "member"}}
    for number, is_blocked in ((960_000_001, True), (960_000_002, False)):
        if is_blocked:
            school.connection.execute(
                """insert into platform.lanes (bot_id, lane, blocked_at, blocked_class)
                   values (%s, %s, now(), 'blocked')""",
                (school.bot, str(somebody.telegram_id)),
            )
        assert school.post({"update_id": number, "my_chat_member": change}).text == "{}"

    [message] = school.messages(somebody)
    assert message["payload"]["text"].startswith("Снова на связи")


def test_an_edit_is_not_taken_and_said_so_where_words_are(school: School) -> None:
    somebody, curator = school.person(), school.person("curator")
    school.press(curator, "courses:find_person:open:")
    for number, by in ((960_000_003, somebody), (960_000_004, curator), (960_000_004, curator)):
        chat = {"id": by.telegram_id, "type": "private"}
        edited = {"message_id": 3, "date": 1_770_000_000, "edit_date": 1_770_000_045, "chat": chat, "text": "Ким"}
        update = {"update_id": number, "edited_message": {**edited, "from": school.account(by)}}
        assert school.post(update).text == "{}"

    assert school.messages(somebody) == []
    assert len(school.messages(curator)) == 2
    assert "Правок бот не замечает" in school.shown(curator)
    assert "Напишите часть имени" in school.shown(curator)


def test_who_blocks_the_bot_is_known_to_have(school: School) -> None:
    somebody = school.person()
    chat = {"id": somebody.telegram_id, "type": "private"}
    query = "select blocked_class from platform.lanes where lane = %s and blocked_at is not null"

    for number, status in ((960_000_005, "kicked"), (960_000_006, "kicked")):
        change = {"chat": chat, "new_chat_member": {"status": status}}
        assert school.post({"update_id": number, "my_chat_member": change}).text == "{}"
    assert rows(school.connection, query, str(somebody.telegram_id)) == [{"blocked_class": "blocked"}]

    school.write(somebody, "/start")
    assert rows(school.connection, query, str(somebody.telegram_id)) == []


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post"])
def test_what_is_posted_in_a_channel_is_nobodys_dialog(school: School, kind: str) -> None:
    post = {
        "message_id": 4,
        "date": 1_770_000_000,
        "chat": {"id": -1_001_900_000_002, "type": "channel"},
        "text": "/start",
    }
    before = rows(school.connection, "select from courses.dialogs")

    assert school.post({"update_id": 960_000_007, kind: post}).text == "{}"

    assert rows(school.connection, "select from courses.dialogs") == before


def test_a_press_in_a_group_or_through_another_bot_shows_nothing(school: School) -> None:
    somebody = school.person()
    arrange.bot(school.connection, "other-tg", "7003000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr", system="courses")

    in_group = toast(school.post(school.press_update(somebody, HOME, chat=-1_001_900_000_001)))
    of_another = toast(school.post(school.press_update(somebody, HOME), "other-tg"))

    assert "не действует" in in_group
    assert "не действует" in of_another
    assert school.messages(somebody) == []
    assert rows(school.connection, "select from courses.dialogs where telegram_id = %s", somebody.telegram_id) == []


def test_the_bot_speaks_the_schools_language(school: School) -> None:
    somebody = school.person()
    school.connection.execute("update courses.school set language = 'en'")
    try:
        assert school.press(somebody, "courses:gone:open:1") == "This button does not work any more"
    finally:
        school.connection.execute("update courses.school set language = 'ru'")
    assert "Hello, Ким" in school.shown(somebody)
