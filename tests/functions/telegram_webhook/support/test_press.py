"""Presses of cards: from every state, forged, foreign, twice."""

from typing import Any

import pytest

from shared.support import cards
from tests.functions.telegram_webhook.support.world import IVAN, OLGA, Managers, buttons
from tests.helpers.worlds import support

MOVES = ("take", "resolve", "return_to_bot")
TAKEN, CLOSED = "Уже взял(а) Иван", "Закрыта: никто не взял вовремя"

# State and button: what who presses (Ольга; Иван has what is active) is told, and where the request stands then.
MATRIX = {
    ("pending", "take"): ("Вы взяли заявку № {}", "active"),
    ("pending", "resolve"): ("Сначала возьмите заявку: «✋ Беру»", "pending"),
    ("pending", "return_to_bot"): ("Заявка № {} снова у бота", "bot_handling"),
    ("active", "take"): (TAKEN, "active"),
    ("active", "resolve"): ("Заявка № {} решена", "resolved"),
    ("active", "return_to_bot"): ("Заявка № {} снова у бота", "bot_handling"),
    **{("resolved", move): ("Уже решена", "resolved") for move in MOVES},
    **{("bot_handling", move): ("Уже у бота", "bot_handling") for move in MOVES},
    **{("timeout", move): (CLOSED, "timeout") for move in MOVES},
}
EVENTS = {"take": "taken", "resolve": "resolved", "return_to_bot": "returned"}
SHOWN = {"pending": ["take", "return_to_bot"], "active": ["resolve", "return_to_bot"]}


@pytest.mark.parametrize(("status", "move"), MATRIX)
def test_every_button_in_every_status(managers: Managers, status: str, move: str) -> None:
    case = managers.case(status)
    told, then = MATRIX[status, move]

    assert managers.press(case, move, OLGA) == told.format(case.number)

    handover_row = managers.handover_row(case)
    moved = "{}" in told
    assert handover_row["status"] == then
    assert managers.events(case) == ([EVENTS[move]] if moved else [])
    assert handover_row["bot_status"] == ("muted" if then == "active" else "active")
    assert [(edit["message_id"], buttons(edit)) for edit in managers.edits(case)] == [(case.card, SHOWN.get(then, []))]
    if moved and move == "take":
        assert (handover_row["assigned_to_name"], handover_row["assigned_to_id"]) == ("Ольга Сон", OLGA["id"])
        assert handover_row["bot_muted_until"] is not None
    elif moved:
        assert handover_row["closed_by_name"] == "Ольга Сон"
    assert managers.customer_texts(case) == []


@pytest.mark.parametrize("move", MOVES)
def test_a_card_whose_handover_timed_out_is_updated_by_the_first_press_only(managers: Managers, move: str) -> None:
    case = managers.case("timeout")

    assert [managers.press(case, move, by) for by in (IVAN, OLGA, IVAN)] == [CLOSED] * 3

    [edit] = managers.edits(case)
    assert edit["reply_markup"] == {"inline_keyboard": []}
    assert "Закрыта" in edit["text"]


def test_a_double_tap_is_answered_twice_and_counts_once(managers: Managers) -> None:
    case = managers.case()

    told = [managers.press(case, "take"), managers.press(case, "take")]

    assert told == [f"Вы взяли заявку № {case.number}", "Вы уже взяли её"]
    assert managers.events(case) == ["taken"]
    assert len(managers.edits(case)) == 1


def test_a_repeated_press_changes_nothing_also_a_day_later(managers: Managers) -> None:
    case = managers.case()
    taking = managers.press_update(case, "take")
    assert managers.post(taking).json()["text"] == f"Вы взяли заявку № {case.number}"
    again = managers.post(taking).json()
    managers.press(case, "return_to_bot", OLGA)
    newer = support.insert(
        managers.connection, "support.handovers", conversation_id=case.conversation, trigger_type="keyword",
        client_id=managers.desk.id,
    )  # fmt: skip
    managers.connection.execute("update platform.updates set received_at = received_at - interval '23 hours'")

    late = managers.post(taking).json()

    assert (again["text"], late["text"]) == ("Вы уже взяли её", "Уже у бота")
    assert late["callback_query_id"] == taking["callback_query"]["id"]
    assert managers.events(case) == ["taken", "returned"]
    [row] = managers.connection.execute("select status from support.handovers where id = %s", (newer,)).fetchall()
    assert row["status"] == "pending"


def test_an_older_card_of_the_same_person_moves_nothing(managers: Managers) -> None:
    case = managers.case("resolved")
    newer = support.insert(
        managers.connection, "support.handovers", conversation_id=case.conversation, trigger_type="keyword",
        client_id=managers.desk.id,
    )  # fmt: skip

    assert managers.press(case, "take") == "Уже решена"
    [row] = managers.connection.execute("select status from support.handovers where id = %s", (newer,)).fetchall()
    assert row["status"] == "pending"


@pytest.mark.parametrize(
    "data",
    ["support/take/", "support/take/0", "support/take/-1", "support/take/1x", "support/take/9999999999999999999", "",
     "support/close/{}", "support/cancel/{}", "support/manager_wrote/{}", "support/v1/take/{}", "v0:take:{}",
     "SUPPORT/TAKE/{}", "support/take/{}\n", " support/take/{}", "support/take/{}/", "курс/take/{}", "support/take/١"],
)  # fmt: skip
def test_data_that_no_button_has_moves_nothing_and_draws_the_card_anew(managers: Managers, data: str) -> None:
    case, elsewhere = managers.case(), managers.case()
    data = data.format(case.number) or " "

    assert managers.press(case, "take", data=data) == "Эта кнопка больше не действует"
    assert managers.press(elsewhere, "take", data=data, chat=-1_001_900_000_111) == "Эта кнопка больше не действует"

    assert managers.handover_row(case)["status"] == "pending"
    [edit] = managers.edits(case)
    assert (edit["message_id"], buttons(edit)) == (case.card, ["take", "return_to_bot"])
    assert managers.edits(elsewhere) == []


@pytest.mark.parametrize("data", [None, 7, ["support/take/1"], {"a": 1}])
def test_data_that_is_no_text_moves_nothing(managers: Managers, data: Any) -> None:
    update = managers.press_update(managers.case(), "take")
    update["callback_query"]["data"] = data

    assert managers.post(update).json()["text"] == "Эта кнопка больше не действует"


def test_a_handover_of_another_group_another_bot_or_none_cannot_be_moved(managers: Managers) -> None:
    token = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    other = support.desk(managers.connection, "foxtrot", chat=-1_001_900_000_888, token=token)
    foreign, own = managers.case(of=other), managers.case()

    told = [
        managers.press(foreign, "take"),  # another tenant's number, pressed in our group by our bot
        managers.press(own, "take", chat=other.chat),
        managers.press(own, "take", data="support/take/999999999999999999"),
    ]
    update = managers.press_update(own, "take")
    answer = managers.post(update, "foxtrot-tg").json()["text"]

    assert {*told, answer} == {"Эта кнопка не от этой заявки"}
    assert [managers.handover_row(case)["status"] for case in (foreign, own)] == ["pending", "pending"]
    assert [managers.edits(case) for case in (foreign, own)] == [[], []]


def test_two_bots_may_have_the_same_update_id(managers: Managers) -> None:
    token = "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    other = support.desk(managers.connection, "golf", chat=-1_001_900_000_999, token=token)
    ours, theirs = managers.case(), managers.case(of=other)
    first, second = managers.press_update(ours, "take"), managers.press_update(theirs, "take", chat=other.chat)
    second["update_id"] = first["update_id"]

    managers.post(first)
    managers.post(second, "golf-tg")

    assert [managers.handover_row(case)["status"] for case in (ours, theirs)] == ["active", "active"]


def test_callback_data_fits_telegrams_64_bytes_and_is_parsed_again() -> None:
    number = 10**18 - 1
    for status in SHOWN:
        for row in cards.keyboard(status, number, "ru")["inline_keyboard"]:  # type: ignore[arg-type]
            for button in row:
                assert len(button["callback_data"].encode()) <= 64
                assert cards.read_press(button["callback_data"]) == (button["callback_data"].split("/")[1], number)


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (
            {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
            "Администратор",
        ),
        ({"id": 7_100_000_051, "first_name": "ㅤ\u200b", "username": "zero"}, "ㅤ"),
        ({"id": 7_100_000_052, "first_name": "\u202eнавИ\x00", "last_name": None}, "навИ"),
        ({"id": 7_100_000_053, "first_name": "\u200b\u200b"}, "Без имени"),
        ({"id": 7_100_000_054, "first_name": "\u200b", "username": "quiet_one"}, "quiet_one"),
        ({"id": 7_100_000_055, "first_name": "<b>Ия</b> & Ко"}, "<b>Ия</b> & Ко"),
        ({"id": 4_503_599_627_370_495, "first_name": "Я" * 300}, "Я" * 63 + "…"),
    ],
)
def test_people_are_called_by_names_that_can_be_shown(managers: Managers, by: dict[str, Any], name: str) -> None:
    case = managers.case()

    managers.press(case, "take", by)

    assert managers.handover_row(case)["assigned_to_name"] == name
    assert managers.press(case, "take", OLGA) == f"Уже взял(а) {name}"


def test_two_anonymous_administrators_are_not_taken_for_one(managers: Managers) -> None:
    case = managers.case()
    anonymous = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}

    managers.press(case, "take", anonymous)

    assert managers.press(case, "take", anonymous) == "Уже взял(а) Администратор"


def test_a_card_that_is_pressed_before_its_place_was_noted_hangs_where_it_was_pressed(managers: Managers) -> None:
    case = managers.case(card=False)
    update = managers.press_update(case, "take")

    managers.post(update)

    pressed = update["callback_query"]["message"]["message_id"]
    assert managers.handover_row(case)["telegram_message_id"] == pressed
    assert [edit["message_id"] for edit in managers.edits(case)] == [pressed]


def test_a_copy_of_a_card_loses_its_buttons_with_the_card(managers: Managers) -> None:
    """What a crash may leave: the card hangs there twice."""
    case = managers.case()
    update = managers.press_update(case, "return_to_bot")
    update["callback_query"]["message"]["message_id"] = 777

    managers.post(update)

    assert sorted((edit["message_id"], buttons(edit)) for edit in managers.edits(case)) == [(777, []), (case.card, [])]
