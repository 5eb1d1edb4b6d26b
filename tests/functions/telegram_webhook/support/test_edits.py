"""Edits of what managers wrote: told once if they change what was carried. A reaction comes as an edit, too."""

from typing import Any

import pytest

from tests.functions.telegram_webhook.support.world import OLGA, Case, Json, Managers

EDIT = "✏️ Правка клиенту не ушла: напишите новым сообщением."
PHOTO = [{"file_id": "AgACAgIAAxk", "file_unique_id": "AQAD", "width": 90, "height": 90}]
RICH = {"blocks": [{"type": "paragraph", "text": ["Ждём ", {"type": "bold", "text": "в 12:00"}]}]}
CHECKLIST = {"title": "Взять", "tasks": [{"id": 1, "text": "паспорт"}]}


def edit(managers: Managers, case: Case, of: Json, **content: Any) -> None:
    """The same message as an edited one, with other content."""
    update = managers.message_update(case, kind="edited_message", edit_date=1_770_000_045, **content)
    update["edited_message"]["message_id"] = of["message"]["message_id"]
    answer = managers.post(update)
    assert (answer.status_code, answer.text) == (200, "{}")


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Ждём в 12:00"},
        {
            "text": "Прайс тут",
            "entities": [{"type": "text_link", "offset": 6, "length": 3, "url": "https://a.example"}],
        },
        {"rich_message": RICH},
        {"photo": PHOTO, "caption": "Наш зал"},
        {"photo": PHOTO},
        {"sticker": {"file_id": "a", "emoji": "👍"}},
        {"dice": {"emoji": "🎲", "value": 4}},
        {"contact": {"phone_number": "+77000000001", "first_name": "Асель"}},
        {"location": {"latitude": 43.2, "longitude": 76.9}},
        {"poll": {"question": "Когда?", "options": [{"text": "Завтра", "voter_count": 1}]}},
        {"checklist": CHECKLIST},
        {"story": {"id": 1}},
        {"text": "// между нами"},
        {"text": "/unknown"},
    ],
    ids=str,
)
def test_a_reaction_is_no_edit(managers: Managers, content: dict[str, Any]) -> None:
    case = managers.case("active")
    said = managers.message_update(case, **content)
    managers.post(said)
    before = managers.customer_texts(case), managers.topic_notes(case)

    edit(managers, case, said, **content)

    assert (managers.customer_texts(case), managers.topic_notes(case)) == before


@pytest.mark.parametrize(
    ("content", "edited"),
    [
        ({"text": "в 12:00"}, {"text": "в 12:00", "entities": [{"type": "bold", "offset": 0, "length": 1}]}),
        ({"text": "Ждём в 12:00"}, {"rich_message": RICH}),
        ({"poll": {"question": "Когда?", "options": [{"text": "Завтра"}]}},
         {"poll": {"question": "Когда?", "options": [{"text": "Завтра", "voter_count": 9}], "is_closed": True}}),
        ({"checklist": CHECKLIST},
         {"checklist": {"title": "Взять", "tasks": [{"id": 1, "text": "паспорт", "completion_date": 1770000000}]}}),
        ({"location": {"latitude": 43.2, "longitude": 76.9, "live_period": 900}},
         {"location": {"latitude": 43.3, "longitude": 76.9, "live_period": 900}}),
    ],
)  # fmt: skip
def test_what_changes_no_word_is_not_told(managers: Managers, content: dict[str, Any], edited: dict[str, Any]) -> None:
    case = managers.case("active")
    said = managers.message_update(case, **content)
    managers.post(said)

    edit(managers, case, said, **edited)

    assert managers.topic_notes(case) == []


@pytest.mark.parametrize(
    ("content", "edited"),
    [
        ({"text": "Ждём в 12:00"}, {"text": "Ждём в 13:00"}),
        ({"text": "Ждём в 12:00"}, {"text": "// ждём в 12:00"}),
        ({"text": "Ждём в 12:00"}, {"rich_message": {"blocks": [{"type": "paragraph", "text": "Ждём в 13:00"}]}}),
        ({"rich_message": RICH}, {"text": "Ждём в 13:00"}),
        ({"text": "тут"}, {"text": "тут", "entities": [{"type": "text_link", "offset": 0, "length": 3, "url": "https://b.example"}]}),
        ({"photo": PHOTO, "caption": "Наш зал"}, {"photo": PHOTO, "caption": "Наш второй зал"}),
        ({"text": "// между нами"}, {"text": "Между нами"}),
        ({"text": "/unknown"}, {"text": "unknown"}),
    ],
)  # fmt: skip
def test_an_edit_that_changes_what_the_customer_has_is_told_and_never_sent(
    managers: Managers, content: dict[str, Any], edited: dict[str, Any]
) -> None:
    case = managers.case("active")
    said = managers.message_update(case, **content)
    managers.post(said)
    before = managers.customer_texts(case)

    edit(managers, case, said, **edited)
    edit(managers, case, said, **edited)

    assert managers.topic_notes(case).count(EDIT) == 1
    assert managers.customer_texts(case) == before


def test_a_true_edit_is_told_once_for_each_text_also_after_a_false_one(managers: Managers) -> None:
    case = managers.case("active")
    said = managers.message_update(case, text="в 12:00")
    managers.post(said)

    for text in ("в 12:00", "в 13:00", "в 13:00", "в 12:00", "в 14:00", "в 13:00"):
        edit(managers, case, said, text=text)

    assert managers.topic_notes(case) == [EDIT, EDIT]


def test_edits_of_others_do_not_mix(managers: Managers) -> None:
    """Message numbers are those of the group: another customer's topic has its own."""
    one, other = managers.case("active"), managers.case("active")
    said = managers.message_update(one, OLGA, text="в 12:00")
    managers.post(said)

    edit(managers, other, said, text="// в 12:00")

    assert (managers.topic_notes(one), managers.topic_notes(other)) == ([], [])
