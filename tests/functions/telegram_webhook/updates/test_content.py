"""What a manager sends that is no text, or changes afterwards: what goes as words, and what stays and is told."""

from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import Managers

FILE = "📎 Файл клиенту не ушёл: пришлите ссылкой или текстом."
ONLY_WORDS = "📎 Клиенту ушли только слова: файл пришлите ссылкой."
PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]


@pytest.mark.parametrize(
    "content",
    [{"photo": PHOTO}, {"video": {}}, {"document": {}}, {"audio": {}}, {"voice": {}}, {"sticker": {}},
     {"video_note": {}}, {"animation": {}, "document": {}}],
    ids=lambda content: next(iter(content)),
)  # fmt: skip
def test_a_file_stays_and_the_manager_hears_it(managers: Managers, content: dict[str, Any]) -> None:
    case = managers.case()
    update = managers.message_update(case, **content)

    managers.post(update)

    assert (managers.topic_notes(case), managers.customer_texts(case)) == ([FILE], [])
    assert managers.handover_row(case)["status"] == "pending"  # the client was told nothing
    query = "select payload from platform.outbox where payload ->> 'text' = %s order by id desc limit 1"
    [note] = rows(managers.connection, query, FILE)
    assert note["payload"]["reply_parameters"]["message_id"] == update["message"]["message_id"]


def test_a_caption_goes_without_its_file(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, photo=PHOTO, caption="Вот так выглядит")

    assert managers.customer_texts(case) == ["Вот так выглядит"]
    assert managers.topic_notes(case) == [ONLY_WORDS]
    assert managers.handover_row(case)["status"] == "active"


def test_an_album_of_ten_is_told_once(managers: Managers) -> None:
    case = managers.case()

    for number in range(10):
        caption: dict[str, Any] = {} if number else {"caption": "Наши работы"}
        managers.say(case, photo=PHOTO, media_group_id="1390", **caption)
    managers.say(case, photo=PHOTO, media_group_id="1391")

    assert managers.customer_texts(case) == ["Наши работы"]
    assert managers.topic_notes(case) == [ONLY_WORDS, FILE]


@pytest.mark.parametrize("content", [{"poll": {}}, {"dice": {}}, {"game": {}}, {"checklist": {}}, {"new_kind": {}}, {}])
def test_what_has_no_words_stays(managers: Managers, content: dict[str, Any]) -> None:
    case = managers.case()

    managers.say(case, **content)

    assert (managers.topic_notes(case), managers.customer_texts(case)) == (
        ["📎 Это клиенту не ушло: напишите словами."],
        [],
    )


@pytest.mark.parametrize(
    ("content", "words", "note"),
    [
        (
            {"text": "Прайс тут", "entities": [
                {"type": "text_link", "offset": 6, "length": 3, "url": "https://echo.example/"}]},
            "Прайс тут (https://echo.example/)",
            None,
        ),
        ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4", None),
        ({"sticker": {"file_id": "CA1", "emoji": "👍"}}, "👍", "📎 Клиенту ушёл только эмодзи, стикер — нет."),
        (
            {"rich_message": {"blocks": [
                {"type": "heading", "text": "Цены", "size": 3},
                {"type": "table", "cells": [[{"text": "Стрижка"}, {"text": "6 000"}]]},
                {"type": "photo", "photo": PHOTO, "caption": {"text": "зал"}},
            ]}},
            "Цены\nзал",
            "📎 Клиенту ушли только слова. Не ушло: таблица, файл. Напишите это словами или пришлите ссылкой.",
        ),
        (
            {"rich_message": {"blocks": [{"type": "table", "cells": []}]}},
            None,
            "📎 Клиенту не ушло: таблица. Напишите это словами или пришлите ссылкой.",
        ),
        (
            {"text": "/цена 5000"},
            None,
            "📎 Это клиенту не ушло: такой команды нет. Если это ответ, напишите его без «/» в начале.",
        ),
    ],
)  # fmt: skip
def test_words_go_and_the_rest_is_told(
    managers: Managers, content: dict[str, Any], words: str | None, note: str | None
) -> None:
    case = managers.case()

    managers.say(case, **content)

    assert (managers.customer_texts(case), managers.topic_notes(case)) == ([words] * bool(words), [note] * bool(note))
    assert managers.handover_row(case)["status"] == ("active" if words else "pending")


def test_an_album_whose_caption_is_a_note_stays_as_a_whole(managers: Managers) -> None:
    case = managers.case()

    for number in range(3):
        caption: dict[str, Any] = {} if number else {"caption": "// для своих"}
        managers.say(case, photo=PHOTO, media_group_id="1400", **caption)
    managers.say(case, photo=PHOTO, media_group_id="1401", caption="Наши работы")

    assert managers.customer_texts(case) == ["Наши работы"]
    assert managers.topic_notes(case) == [
        "📎 Альбом клиенту не ушёл: подпись начинается с «//», значит, он для своих.",
        ONLY_WORDS,
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"contact": {"phone_number": "+7701", "first_name": "Асель", "last_name": "К"}}, "Асель К\n+7701"),
        ({"location": {"latitude": 43.2389, "longitude": 76.8}}, "https://maps.google.com/?q=43.238900,76.800000"),
        (
            {"location": {"latitude": 43, "longitude": 76}, "venue": {"title": "Салон", "address": "Абая, 1",
             "location": {"latitude": 43, "longitude": 76}}},
            "Салон\nАбая, 1\nhttps://maps.google.com/?q=43.000000,76.000000",
        ),
    ],
)  # fmt: skip
def test_contacts_and_places_go_as_words(managers: Managers, content: dict[str, Any], words: str) -> None:
    case = managers.case()

    managers.say(case, **content)

    assert (managers.customer_texts(case), managers.topic_notes(case)) == ([words], [])
