"""What a manager sends that is no text, or changes afterwards: what goes as words, and what stays and is told."""

from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import Managers

FILE = "📎 Файл клиенту не ушёл: пришлите ссылкой или текстом."
ONLY_WORDS = "📎 Клиенту ушли только слова: файл пришлите ссылкой."
EDIT = "✏️ Правка клиенту не ушла: напишите новым сообщением."
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


@pytest.mark.parametrize("content", [{"poll": {}}, {"dice": {}}, {"game": {}}, {"checklist": {}}])
def test_what_words_cannot_carry_stays(managers: Managers, content: dict[str, Any]) -> None:
    case = managers.case()

    managers.say(case, **content)

    assert (managers.topic_notes(case), managers.customer_texts(case)) == (
        ["📎 Это клиенту не ушло: напишите словами."],
        [],
    )


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


def test_an_edit_is_told_once_for_each_message(managers: Managers) -> None:
    case = managers.case("active")
    for _ in range(3):
        update = managers.message_update(case, kind="edited_message", text="исправлено", edit_date=1_770_000_100)
        update["edited_message"]["message_id"] = 555
        assert managers.post(update).text == "{}"
    managers.say(case, kind="edited_message", text="// и это наше")
    managers.say(case, kind="edited_message", location={"latitude": 43.1, "longitude": 76.9})

    assert (managers.topic_notes(case), managers.customer_texts(case)) == ([EDIT], [])
