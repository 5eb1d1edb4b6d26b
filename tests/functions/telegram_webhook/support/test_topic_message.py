"""What managers write in a person's topic, and what becomes of it."""

import random

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import IVAN, OLGA, Managers
from tests.helpers.worlds import support

PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]


def test_an_answer_goes_to_the_client_and_takes_the_request(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, OLGA, text="Здравствуйте! <Готово> & ждём вас")

    handover_row = managers.handover_row(case)
    assert managers.customer_texts(case) == ["Здравствуйте! <Готово> & ждём вас"]
    assert (handover_row["status"], handover_row["assigned_to_name"], handover_row["assigned_to_id"]) == (
        "active",
        "Ольга Сон",
        OLGA["id"],
    )
    assert handover_row["first_response_at"] is not None
    assert (handover_row["bot_status"], managers.events(case)) == ("muted", ["taken"])
    assert ["в работе" in edit["text"] for edit in managers.edits(case)] == [True]
    [line] = managers.manager_messages(case)
    assert (line["content"], line["metadata"]["from"]) == ("Здравствуйте! <Готово> & ждём вас", "telegram")
    assert isinstance(line["metadata"]["telegram_message_id"], int)
    assert line["outbox_id"] is not None
    assert managers.topic_notes(case) == []


def test_whoever_answers_what_another_took_does_not_take_it_away(managers: Managers) -> None:
    case = managers.case("active")

    managers.say(case, OLGA, text="Ещё минуту")

    handover_row = managers.handover_row(case)
    assert (handover_row["assigned_to_name"], managers.events(case), managers.edits(case)) == ("Иван", [], [])
    assert handover_row["first_response_at"] is not None
    assert managers.customer_texts(case) == ["Ещё минуту"]


@pytest.mark.parametrize("status", [None, "resolved", "bot_handling", "timeout"])
def test_an_answer_without_an_open_request_goes_out_and_silences_the_bot(
    managers: Managers, status: str | None
) -> None:
    case = managers.case(status)

    managers.say(case, text="Кстати, мы открылись")

    assert managers.customer_texts(case) == ["Кстати, мы открылись"]
    handover_row = managers.handover_row(case)
    assert (handover_row["status"], handover_row["bot_status"]) == (status, "muted")
    assert managers.edits(case) == []


def test_a_repeated_message_goes_out_once_also_a_day_later(managers: Managers) -> None:
    case = managers.case()
    update = managers.message_update(case, text="Один раз")

    managers.post(update)
    managers.connection.execute("update platform.updates set received_at = received_at - interval '23 hours'")
    again = managers.post(update)

    assert again.text == "{}"
    assert managers.customer_texts(case) == ["Один раз"]
    assert len(managers.manager_messages(case)) == 1


@pytest.mark.parametrize("text", ["// между нами", "//", "/start@echo_bot", "/stats@other_bot"])
def test_notes_and_commands_stay_in_the_group(managers: Managers, text: str) -> None:
    case = managers.case()
    managers.connection.execute("update platform.bots set username = 'echo_bot'")

    managers.say(case, text=text)
    managers.say(case, photo=PHOTO, caption="// для своих")

    assert (managers.handover_row(case)["status"], managers.customer_texts(case), managers.topic_notes(case)) == (
        "pending",
        [],
        [],
    )


def test_messages_in_general_in_foreign_topics_and_of_bots_are_nobodys(managers: Managers) -> None:
    case = managers.case()
    general, foreign, other_group = (managers.message_update(case, text="кому это?") for _ in range(3))
    for name in ("message_thread_id", "is_topic_message"):
        del general["message"][name]
    foreign["message"]["message_thread_id"] = 999_999
    other_group["message"]["chat"]["id"] = -1_001_900_000_111
    of_a_bot = managers.message_update(case, {"id": 7_000_000_009, "is_bot": True, "first_name": "Бот"}, text="бип")
    before = rows(managers.connection, "select count(*) as n from platform.outbox")

    assert {managers.post(update).text for update in (general, foreign, other_group, of_a_bot)} == {"{}"}

    assert rows(managers.connection, "select count(*) as n from platform.outbox") == before
    assert managers.handover_row(case)["status"] == "pending"


def test_a_topic_of_a_client_of_another_bot_is_not_written_to(managers: Managers) -> None:
    """A row that leads to another tenant's person leads nowhere."""
    other = support.desk(
        managers.connection, "hotel", -1_001_900_000_555, "7000000004:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    )
    case = managers.case(of=other)
    managers.connection.execute(
        "update platform.topics set bot_id = %s, chat_id = %s where thread_id = %s",
        (managers.desk.telegram_bot, managers.desk.chat, case.thread),
    )

    managers.say(case, text="чужому")

    assert managers.customer_texts(case) == []


def test_a_client_without_whatsapp_is_not_answered_and_the_manager_hears_it(managers: Managers) -> None:
    token = "7000000005:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    other = support.desk(managers.connection, "india", managers.desk.chat, token, whatsapp_bot_id=None)
    case = managers.case(of=other)

    managers.post(managers.message_update(case, text="Слышно?"), "india-tg")

    [note] = managers.topic_notes(case)
    assert note.startswith("⚠️ Клиенту не ушло")
    assert (managers.manager_messages(case), managers.handover_row(case)["status"]) == ([], "pending")


def test_handover_opens_a_request_by_hand_and_joins_one_that_is_open(managers: Managers) -> None:
    case = managers.case(None)

    managers.say(case, text="/handover")
    managers.say(case, OLGA, text="/handover@echo_bot")

    handover_row = managers.handover_row(case)
    assert (handover_row["status"], handover_row["trigger_type"], handover_row["joined"]) == ("pending", "manual", 1)
    assert managers.events(case) == ["opened", "joined"]
    assert managers.topic_notes(case) == [f"Заявка № {handover_row['number']} уже открыта."]
    assert handover_row["remind_at"] is not None
    query = "select kind from platform.outbox where id = %s"
    assert rows(managers.connection, query, handover_row["outbox_id"]) == [{"kind": "support/card"}]


def test_a_long_answer_is_written_down_once_and_goes_in_parts(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, text="слово " * 1000)

    assert len(managers.manager_messages(case)) == 1
    assert len(managers.customer_texts(case)) > 1
    assert " ".join(managers.customer_texts(case)).split() == ["слово"] * 1000


def test_updates_of_several_people_in_any_order_end_alike(managers: Managers) -> None:
    """Each chat's updates are in order, all together are not, nor do their numbers rise."""
    dice = random.Random(21)  # noqa: S311 - no secret
    cases = [managers.case() for _ in range(6)]
    queues = [
        [managers.press_update(case, "take", OLGA), managers.message_update(case, OLGA, text="Решаем"),
         managers.message_update(case, OLGA, text="Решили"), managers.press_update(case, "resolve", OLGA)]
        for case in cases
    ]  # fmt: skip
    while queue := dice.choice([queue for queue in queues if queue] or [[]]):
        managers.post({**queue.pop(0), "update_id": dice.randrange(10**9, 2**52)})

    for case in cases:
        assert managers.events(case) == ["taken", "resolved"]
        assert managers.customer_texts(case) == ["Решаем", "Решили"]
        assert len(managers.edits(case)) == 2


def test_a_message_before_its_topic_is_known_is_dropped_and_the_next_one_arrives(managers: Managers) -> None:
    case = managers.case()
    thread = "update platform.topics set thread_id = %s where thread_id is not distinct from %s"
    managers.connection.execute(thread, (None, case.thread))
    managers.say(case, text="рано")
    managers.connection.execute(thread, (case.thread, None))

    managers.say(case, text="вовремя")

    assert managers.customer_texts(case) == ["вовремя"]


def test_what_is_written_first_wins_over_a_later_press(managers: Managers) -> None:
    case = managers.case()
    managers.say(case, OLGA, text="Я отвечу")

    assert managers.press(case, "take", IVAN) == "Уже взял(а) Ольга Сон"
