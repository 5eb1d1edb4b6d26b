"""What managers write in a person's topic, and what becomes of it."""

import random

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.managers import IVAN, OLGA, Managers
from tests.helpers import desk

PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]


def test_an_answer_goes_to_the_client_and_takes_the_request(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, OLGA, text="Здравствуйте! <Готово> & ждём вас")

    stands = managers.stands(case)
    assert managers.to_client(case) == ["Здравствуйте! <Готово> & ждём вас"]
    assert (stands["status"], stands["assigned_to_name"], stands["assigned_to_id"]) == (
        "active",
        "Ольга Сон",
        OLGA["id"],
    )
    assert stands["first_response_at"] is not None
    assert (stands["bot_status"], managers.events(case)) == ("muted", ["taken"])
    assert ["в работе" in edit["text"] for edit in managers.edits(case)] == [True]
    [line] = managers.lines(case)
    assert (line["content"], line["metadata"]["from"]) == ("Здравствуйте! <Готово> & ждём вас", "telegram")
    assert isinstance(line["metadata"]["telegram_message_id"], int)
    assert line["outbox_id"] is not None
    assert managers.notes(case) == []


def test_whoever_answers_what_another_took_does_not_take_it_away(managers: Managers) -> None:
    case = managers.case("active")

    managers.say(case, OLGA, text="Ещё минуту")

    stands = managers.stands(case)
    assert (stands["assigned_to_name"], managers.events(case), managers.edits(case)) == ("Иван", [], [])
    assert stands["first_response_at"] is not None
    assert managers.to_client(case) == ["Ещё минуту"]


@pytest.mark.parametrize("status", [None, "resolved", "bot_handling", "timeout"])
def test_an_answer_without_an_open_request_goes_out_and_silences_the_bot(
    managers: Managers, status: str | None
) -> None:
    case = managers.case(status)

    managers.say(case, text="Кстати, мы открылись")

    assert managers.to_client(case) == ["Кстати, мы открылись"]
    stands = managers.stands(case)
    assert (stands["status"], stands["bot_status"]) == (status, "muted")
    assert managers.edits(case) == []


def test_t1_a_repeated_message_goes_out_once_also_a_day_later(managers: Managers) -> None:
    case = managers.case()
    update = managers.saying(case, text="Один раз")

    managers.bring(update)
    managers.connection.execute("update platform.updates set received_at = received_at - interval '23 hours'")
    again = managers.bring(update)

    assert again.text == "{}"
    assert managers.to_client(case) == ["Один раз"]
    assert len(managers.lines(case)) == 1


@pytest.mark.parametrize("text", ["// между нами", "//", "/note x", "/start@echo_bot", "/unknown", "/stats@other_bot"])
def test_notes_and_commands_stay_in_the_group(managers: Managers, text: str) -> None:
    case = managers.case()
    managers.connection.execute("update platform.bots set username = 'echo_bot'")

    managers.say(case, text=text)
    managers.say(case, photo=PHOTO, caption="// для своих")

    assert (managers.stands(case)["status"], managers.to_client(case), managers.notes(case)) == ("pending", [], [])


def test_messages_in_general_in_foreign_topics_and_of_bots_are_nobodys(managers: Managers) -> None:
    case = managers.case()
    general, foreign, other_group = (managers.saying(case, text="кому это?") for _ in range(3))
    for name in ("message_thread_id", "is_topic_message"):
        del general["message"][name]
    foreign["message"]["message_thread_id"] = 999_999
    other_group["message"]["chat"]["id"] = -1_001_900_000_111
    of_a_bot = managers.saying(case, {"id": 7_000_000_009, "is_bot": True, "first_name": "Бот"}, text="бип")
    before = rows(managers.connection, "select count(*) as n from platform.outbox")

    assert {managers.bring(one).text for one in (general, foreign, other_group, of_a_bot)} == {"{}"}

    assert rows(managers.connection, "select count(*) as n from platform.outbox") == before
    assert managers.stands(case)["status"] == "pending"


def test_a_topic_of_a_client_of_another_bot_is_not_written_to(managers: Managers) -> None:
    """A row that leads to another tenant's person leads nowhere."""
    other = desk.desk(
        managers.connection, "hotel", -1_001_900_000_555, "7000000004:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    )
    case = managers.case(of=other)
    managers.connection.execute(
        "update platform.topics set bot_id = %s, chat_id = %s where thread_id = %s",
        (managers.desk.telegram_bot, managers.desk.chat, case.thread),
    )

    managers.say(case, text="чужому")

    assert managers.to_client(case) == []


def test_a_client_without_whatsapp_is_not_answered_and_the_manager_hears_it(managers: Managers) -> None:
    token = "7000000005:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    other = desk.desk(managers.connection, "india", managers.desk.chat, token, whatsapp_bot_id=None)
    case = managers.case(of=other)

    managers.bring(managers.saying(case, text="Слышно?"), "india-tg")

    [note] = managers.notes(case)
    assert note.startswith("⚠️ Клиенту не ушло")
    assert (managers.lines(case), managers.stands(case)["status"]) == ([], "pending")


def test_handover_opens_a_request_by_hand_and_joins_one_that_is_open(managers: Managers) -> None:
    case = managers.case(None)

    managers.say(case, text="/handover")
    managers.say(case, OLGA, text="/handover@echo_bot")

    stands = managers.stands(case)
    assert (stands["status"], stands["trigger_type"], stands["joined"]) == ("pending", "manual", 1)
    assert managers.events(case) == ["opened", "joined"]
    assert managers.notes(case) == [f"Заявка № {stands['number']} уже открыта."]
    assert stands["remind_at"] is not None
    query = "select kind from platform.outbox where id = %s"
    assert rows(managers.connection, query, stands["outbox_id"]) == [{"kind": "support/card"}]


def test_a_long_answer_is_written_down_once_and_goes_in_parts(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, text="слово " * 1000)

    assert len(managers.lines(case)) == 1
    assert len(managers.to_client(case)) > 1
    assert " ".join(managers.to_client(case)).split() == ["слово"] * 1000


def test_t21_updates_of_several_people_in_any_order_end_alike(managers: Managers) -> None:
    """Each chat's updates are in order, all together are not, nor do their numbers rise."""
    dice = random.Random(21)  # noqa: S311 - no secret
    cases = [managers.case() for _ in range(6)]
    queues = [
        [managers.pressing(case, "take", OLGA), managers.saying(case, OLGA, text="Решаем"),
         managers.saying(case, OLGA, text="Решили"), managers.pressing(case, "resolve", OLGA)]
        for case in cases
    ]  # fmt: skip
    while queue := dice.choice([queue for queue in queues if queue] or [[]]):
        managers.bring({**queue.pop(0), "update_id": dice.randrange(10**9, 2**52)})

    for case in cases:
        assert managers.events(case) == ["taken", "resolved"]
        assert managers.to_client(case) == ["Решаем", "Решили"]
        assert len(managers.edits(case)) == 2


def test_t21_a_message_before_its_topic_is_known_is_nobodys_and_the_next_one_arrives(managers: Managers) -> None:
    case = managers.case()
    thread = "update platform.topics set thread_id = %s where thread_id is not distinct from %s"
    managers.connection.execute(thread, (None, case.thread))
    managers.say(case, text="рано")
    managers.connection.execute(thread, (case.thread, None))

    managers.say(case, text="вовремя")

    assert managers.to_client(case) == ["вовремя"]


def test_what_is_written_first_wins_over_a_later_press(managers: Managers) -> None:
    case = managers.case()
    managers.say(case, OLGA, text="Я отвечу")

    assert managers.press(case, "take", IVAN) == "Уже взял(а) Ольга Сон"
