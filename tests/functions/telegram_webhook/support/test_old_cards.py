"""Presses of cards whose message is out of the bot's reach (date 0), or that name no message at all (Bot API 10.5)."""

import itertools
from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import IVAN, OLGA, Case, Json, Managers, buttons, toast
from tests.helpers import arrange
from tests.helpers.worlds import support

UNSEEN = "Бот вас здесь ещё не видел: отправьте в группу /stats и нажмите ещё раз"
FOREIGN = "Эта кнопка не от этой заявки"

_people = itertools.count(7_100_001_000)


def somebody() -> Json:
    """A person whom no test has seen yet."""
    return {"id": next(_people), "is_bot": False, "first_name": "Дана"}


def out_of_reach(managers: Managers, case: Case, move: str, by: Json = IVAN, message: int | None = None) -> Json:
    """A press of a message that the bot cannot see any more."""
    update = managers.press_update(case, move, by)
    shown = update["callback_query"]["message"]
    update["callback_query"]["message"] = {
        "chat": {"id": shown["chat"]["id"], "type": "supergroup"},
        "message_id": message or shown["message_id"],
        "date": 0,
    }
    return update


def without_message(managers: Managers, case: Case, move: str, by: Json = IVAN, data: str | None = None) -> Json:
    """A press that names its message by inline_message_id alone."""
    update = managers.press_update(case, move, by, data=data)
    del update["callback_query"]["message"]
    update["callback_query"]["inline_message_id"] = "BAAAAKzCAAAoX8RqAAABLg"
    return update


@pytest.fixture
def shared(managers: Managers) -> Managers:
    """A desk with a bot and a group of its own."""
    number = next(managers.numbers)
    name, token = f"old{number}", f"7005{number:06}:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
    of = support.desk(managers.connection, name, -1_001_940_000_000 - number, token)
    return Managers(managers.connection, of, managers.url, managers.numbers)


def bot_of(managers: Managers) -> str:
    [bot] = rows(managers.connection, "select name from platform.bots where id = %s", managers.desk.telegram_bot)
    return str(bot["name"])


def press(managers: Managers, update: Json) -> str:
    return toast(managers.post(update, bot_of(managers)))


@pytest.mark.parametrize("shape", [out_of_reach, without_message])
def test_every_move_works_by_its_data(managers: Managers, shape: Any) -> None:
    case, returned = managers.case(), managers.case()

    told = [toast(managers.post(shape(managers, case, move))) for move in ("resolve", "take", "take", "resolve")]
    told.append(toast(managers.post(shape(managers, returned, "return_to_bot", OLGA))))

    assert told == [
        "Сначала возьмите заявку: «✋ Беру»",
        f"Вы взяли заявку № {case.number}",
        "Вы уже взяли её",
        f"Заявка № {case.number} решена",
        f"Заявка № {returned.number} снова у бота",
    ]
    assert [managers.handover_row(known)["status"] for known in (case, returned)] == ["resolved", "bot_handling"]
    assert {edit["message_id"] for edit in managers.edits(case)} == {case.card}
    assert [buttons(edit) for edit in managers.edits(case)] == [
        ["take", "return_to_bot"],
        ["resolve", "return_to_bot"],
        [],
    ]


def test_the_card_is_edited_where_it_hangs_now(managers: Managers) -> None:
    case = managers.case()

    managers.post(out_of_reach(managers, case, "take", message=999))

    assert [edit["message_id"] for edit in managers.edits(case)] == [case.card]


def test_a_card_whose_place_is_not_known_waits_for_its_edit(managers: Managers) -> None:
    case = managers.case(card=False)

    told = toast(managers.post(without_message(managers, case, "take")))

    assert told == f"Вы взяли заявку № {case.number}"
    assert (managers.handover_row(case)["status"], managers.edits(case)) == ("active", [])


def test_the_same_press_again_changes_nothing(managers: Managers) -> None:
    case = managers.case()
    update = without_message(managers, case, "take")

    told = [toast(managers.post(update)), toast(managers.post(update))]

    assert told == [f"Вы взяли заявку № {case.number}", "Вы уже взяли её"]
    assert managers.events(case) == ["taken"]


def test_old_and_forged_data_moves_nothing(managers: Managers) -> None:
    case = managers.case()

    told = [
        toast(managers.post(without_message(managers, case, "take", data="desk:take:1"))),
        toast(managers.post(without_message(managers, case, "take", data="support/take/999999999999999"))),
    ]

    assert told == ["Эта кнопка больше не действует", FOREIGN]
    assert managers.handover_row(case)["status"] == "pending"


def test_a_handover_of_another_bots_desk_stays_out_of_reach(managers: Managers, shared: Managers) -> None:
    foreign = shared.case()

    told = [toast(managers.post(shape(managers, foreign, "take"))) for shape in (out_of_reach, without_message)]

    assert told == [FOREIGN] * 2
    assert shared.handover_row(foreign)["status"] == "pending"


def test_out_of_reach_the_chat_still_counts(managers: Managers) -> None:
    case = managers.case()
    update = out_of_reach(managers, case, "take")
    update["callback_query"]["message"]["chat"]["id"] = IVAN["id"]

    assert toast(managers.post(update)) == FOREIGN
    assert managers.handover_row(case)["status"] == "pending"


def test_who_has_a_chat_with_the_bot_must_have_been_seen_in_the_group(shared: Managers) -> None:
    """A changed client presses any message of the bot that it sees with any data: also one in its own chat."""
    outsider, case = somebody(), shared.case()
    start = {"message_id": 1, "date": 1, "chat": {"id": outsider["id"], "type": "private"}, "from": outsider,
             "text": "/start"}  # fmt: skip
    shared.post({"update_id": 930_000_000 + next(shared.numbers), "message": start}, bot_of(shared))

    assert press(shared, without_message(shared, case, "take", outsider)) == UNSEEN
    assert (shared.handover_row(case)["status"], shared.events(case)) == ("pending", [])

    stats = shared.message_update(case, outsider, text="/stats")
    shared.post(stats, bot_of(shared))

    assert press(shared, without_message(shared, case, "take", outsider)) == f"Вы взяли заявку № {case.number}"


@pytest.mark.parametrize("how", ["press", "words", "taken before"])
def test_who_has_pressed_or_written_in_the_group_belongs_to_it(shared: Managers, how: str) -> None:
    by, seen, case = somebody(), shared.case(), shared.case()
    columns = (shared.desk.telegram_bot, by["id"])
    shared.connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", columns)
    if how == "press":
        shared.post(shared.press_update(seen, "take", by), bot_of(shared))
    elif how == "words":
        shared.post(shared.message_update(seen, by, text="Здравствуйте"), bot_of(shared))
    else:  # what the migration reads
        shared.connection.execute(
            "insert into platform.members (bot_id, chat_id, telegram_id) values (%s, %s, %s)",
            (shared.desk.telegram_bot, shared.desk.chat, by["id"]),
        )

    assert press(shared, without_message(shared, case, "take", by)) == f"Вы взяли заявку № {case.number}"


def test_who_left_the_group_belongs_to_it_no_more(shared: Managers) -> None:
    by, seen, case = somebody(), shared.case(), shared.case()
    columns = (shared.desk.telegram_bot, by["id"])
    shared.connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", columns)
    shared.post(shared.press_update(seen, "take", by), bot_of(shared))
    left = {"message_id": 1, "date": 1, "chat": {"id": shared.desk.chat}, "from": by, "left_chat_member": by}
    shared.post({"update_id": 936_000_000 + next(shared.numbers), "message": left}, bot_of(shared))

    assert press(shared, without_message(shared, case, "take", by)) == UNSEEN
    assert shared.handover_row(case)["status"] == "pending"


def test_where_a_bot_has_two_groups_only_those_who_were_seen_may_press(shared: Managers) -> None:
    case, by = shared.case(), somebody()
    source = arrange.source(shared.connection, f"second{by['id']}", provider="whatsapp", gateway="chatflow")
    second = support.insert(shared.connection, "support.clients", name=f"second{by['id']}", source_id=source)
    shared.connection.execute(
        "insert into support.client_settings (client_id, telegram_chat_id, telegram_bot_id) values (%s, %s, %s)",
        (second, str(shared.desk.chat - 10**9), shared.desk.telegram_bot),
    )

    assert press(shared, without_message(shared, case, "take", by)) == UNSEEN
    assert press(shared, without_message(shared, case, "take", {**by, "id": 1_087_968_824, "is_bot": True})) == UNSEEN
    assert shared.handover_row(case)["status"] == "pending"


def test_who_belongs_to_a_group_still_does_when_it_becomes_a_supergroup(shared: Managers) -> None:
    by, case, new = somebody(), shared.case(), shared.desk.chat - 10**9
    shared.post(shared.press_update(case, "resolve", by), bot_of(shared))
    moved = {"message_id": 1, "date": 1, "chat": {"id": shared.desk.chat}, "migrate_to_chat_id": new}
    shared.post({"update_id": 935_000_000 + next(shared.numbers), "message": moved}, bot_of(shared))
    columns = (shared.desk.telegram_bot, by["id"])
    shared.connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", columns)

    assert press(shared, without_message(shared, case, "take", by)) == f"Вы взяли заявку № {case.number}"
