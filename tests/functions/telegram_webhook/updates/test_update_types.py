"""One update of each type, from the webhook to what leaves: none breaks it, and none speaks out of the answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functions.telegram_webhook.support.world import Case, Managers

FOLDER = Path(__file__).parent / "fixtures"
THREAD = 77
FILE = "📎 Файл клиенту не ушёл: пришлите ссылкой или текстом."
ONLY_WORDS = "📎 Клиенту ушли только слова: файл пришлите ссылкой."
EMOJI = "📎 Клиенту ушёл только эмодзи, стикер — нет."
OTHER = "📎 Это клиенту не ушло: напишите словами."
EDIT = "✏️ Правка клиенту не ушла: напишите новым сообщением."

# What the client reads and what the topic is told; who is not here says nothing to anybody.
EXPECTED: dict[str, tuple[list[str], list[str]]] = {
    "message_text": (["Добрый день!"], []),
    "message_formatted": (["Смотрите прайс на сайте (https://echo.example/)"], []),
    "message_rich": (["Цены\nСтрижка 6 000 ₸, запись тут (https://echo.example/a)\n• скидка до 12:00"], []),
    "message_sticker": (["👍"], [EMOJI]),
    "message_anonymous_admin": (["Пишет администратор"], []),
    "message_as_channel": (["Пишет канал"], []),
    "message_forwarded": (["Переслано"], []),
    "message_photo_caption": (["Наш зал"], [ONLY_WORDS]),
    **{
        f"message_{kind}": ([], [FILE])
        for kind in ("photo", "album", "video", "document", "audio", "voice", "video_note", "animation")
    },
    "message_contact": (["Асель\n77010000055"], []),
    "message_location": (["https://maps.google.com/?q=43.238949,76.889709"], []),
    "message_venue": (["Салон Эхо\nАбая, 1\nhttps://maps.google.com/?q=43.250000,76.950000"], []),
    "message_poll": (["Когда?\n• Сегодня\n• Завтра"], []),
    "message_dice": (["🎲 4"], []),
    "message_without_content": ([], [OTHER]),
    "edited_message": ([], [EDIT]),
}
TOASTS = {
    "callback_inline": "Эта кнопка не от этой заявки",
    "callback_game": "Эта кнопка больше не действует",
    "callback_anonymous": "Эта кнопка не от этой заявки",
    "callback_without_username": "Эта кнопка не от этой заявки",
}
BY = {"message_anonymous_admin": "Администратор", "message_as_channel": "Канал Ольги"}


@pytest.fixture
def case(managers: Managers) -> Case:
    """A person whose topic the fixtures are written in."""
    known = managers.case()
    thread = "update platform.topics set thread_id = %s where thread_id = %s"
    managers.connection.execute("update platform.topics set thread_id = null where thread_id = %s", (THREAD,))
    managers.connection.execute(thread, (THREAD, known.thread))
    return Case(known.conversation, known.handover, known.number, THREAD, known.card, known.jid)


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.json")))
def test_every_type_of_update_has_its_effect_and_no_other(managers: Managers, case: Case, name: str) -> None:
    update: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    customer_texts, topic_notes = EXPECTED.get(name, ([], []))

    answer = managers.post(update)

    assert answer.status_code == 200
    if name in TOASTS:
        query_id = update["callback_query"]["id"]
        told = {"method": "answerCallbackQuery", "callback_query_id": query_id, "text": TOASTS[name]}
        assert answer.json() == told
    else:
        assert answer.text == "{}"
    assert (managers.customer_texts(case), managers.topic_notes(case)) == (customer_texts, topic_notes)
    handover_row = managers.handover_row(case)
    assert handover_row["status"] == ("active" if customer_texts else "pending")
    assert handover_row["assigned_to_name"] == (BY.get(name, "Иван") if customer_texts else None)


def test_every_expectation_has_its_fixture() -> None:
    assert {*EXPECTED, *TOASTS} <= {path.stem for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("query_id", ['1", "method": "sendMessage', "", "x", 7, None, "1" * 33, "١"])
def test_a_press_without_a_valid_id_is_not_answered(managers: Managers, case: Case, query_id: Any) -> None:
    update = managers.press_update(case, "take")
    update["callback_query"]["id"] = query_id

    assert managers.post(update).text == "{}"
    assert managers.handover_row(case)["status"] == "pending"


def test_nothing_of_a_press_comes_back_but_its_id_and_the_name_of_the_manager(managers: Managers, case: Case) -> None:
    canary = "КАНАРЕЙКА"
    by = {"id": 7_100_000_061, "is_bot": False, "first_name": canary, "method": canary}
    forged = managers.press_update(case, canary, by)
    forged |= {"method": "sendMessage", "text": canary, "chat_id": 1}
    forged["callback_query"] |= {"method": "sendMessage", "text": canary}
    forged["callback_query"]["message"] |= {"method": "sendMessage", "text": canary}

    answer = managers.post(forged)

    assert canary not in answer.text
    assert answer.json()["method"] == "answerCallbackQuery"
    assert managers.press(case, "take", by) == f"Вы взяли заявку № {case.number}"
    assert managers.press(case, "take") == f"Уже взял(а) {canary}"
