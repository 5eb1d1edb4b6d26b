"""Updates as nobody has seen them yet: whatever is missing, new or of another type, the bot answers and goes on."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.telegram_webhook.courses.world import Json, School, Somebody

FILE = {"file_id": "BQACnew", "file_unique_id": "x"}
# What somebody may send while a screen takes words, a file, or nothing.
CONTENTS: dict[str, Json] = {
    "nothing at all": {},
    "a kind that is new": {"hologram": {"file_id": "HgAC1", "frames": 3}, "effect_id": "5104841245755180586"},
    "text that is no text": {"text": {"blocks": ["Привет"]}},
    "entities beyond the text": {"text": "Ким", "entities": [{"type": "bold", "offset": 9, "length": 99}, "x", None]},
    "a kind of entity that is new": {"text": "Ким", "entities": [{"type": "shimmer", "offset": 0, "length": 3}]},
    "a photo without sizes": {"photo": []},
    "a document without an id": {"document": {"file_name": "a.pdf"}},
    "a document of another type": {"document": ["BQAC"]},
    "a contact without a phone": {"contact": {"first_name": "Анна"}},
    "a phone that is a number": {"contact": {"phone_number": 79990000000, "user_id": "7"}},
    "an album without files": {"media_group_id": 777, "caption": None},
    "a rich message": {"rich_message": {"blocks": [{"type": "paragraph", "text": "Ким"}, {"type": "new"}]}},
    "paid media": {"paid_media": {"star_count": 1, "paid_media": [{"type": "photo", "photo": [FILE]}]}},
    "a live photo": {"live_photo": {"photo": [FILE], "video": FILE}},
    "a checklist": {"checklist": {"title": "Взять", "tasks": [{"id": 1, "text": "тетрадь"}]}},
    "a story": {"story": {"chat": {"id": 1}, "id": 2}},
    "half of a character": {"text": "\ud83d Ким"},
    "a character that no text may have": {"text": "К\u0000им"},
}
SCREENS = (
    "courses:find_person:open:",
    "courses:broadcast_text:open:",
    "courses:form:new:materials",
    "courses:home:open:",
)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.text(max_size=5), st.just([]), st.just({}),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip


@pytest.fixture(scope="module")
def curator(school: School) -> Somebody:
    return school.person("curator", full_name="Куратор")


@pytest.mark.parametrize("content", CONTENTS)
def test_whatever_somebody_sends_they_see_a_screen_after_it(school: School, curator: Somebody, content: str) -> None:
    for screen in SCREENS:
        school.press(curator, screen)
        before = len(school.messages(curator))
        school.write(curator, **CONTENTS[content])
        if content != "nothing at all":  # a service message, to which nothing is answered
            assert len(school.messages(curator)) > before
        assert school.press(curator, "courses:home:open:") == ""


def test_a_press_needs_no_more_than_who_pressed_what(school: School, curator: Somebody) -> None:
    messages: tuple[Any, ...] = (None, {}, {"date": 0}, {"message_id": 5, "date": 0}, "gone", [], {"chat": None})
    for number, message in enumerate(messages):
        query = {"id": f"61{number}", "from": {"id": curator.telegram_id}, "data": "courses:home:open:"}
        update = {"update_id": 980_000_000 + number, "callback_query": {**query, "message": message}}
        before = len(school.messages(curator))
        answer = school.post(update)
        assert (answer.status_code, answer.json()["method"]) == (200, "answerCallbackQuery")
        assert len(school.messages(curator)) == before + 1


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from places(part, (*path, key))


def changed(update: Json, path: tuple[Any, ...], junk: Any, *, is_missing: bool) -> Json:
    """The update without what stands at a place, or with something else there."""
    found = copy.deepcopy(update)
    *above, last = path
    part: Any = found
    for key in above:
        part = part[key]
    if is_missing:
        del part[last]
    else:
        part[last] = junk
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_update_of_which_one_thing_is_wrong_is_answered_and_the_next_one_understood(
    school: School, curator: Somebody, data: st.DataObject
) -> None:
    number = 990_000_000 + next(school.numbers)
    account, chat = school.account(curator), {"id": curator.telegram_id, "type": "private"}
    message: Json = {"message_id": 9, "date": 1_770_000_000, "chat": chat, "from": account}
    album = {"media_group_id": "5", "photo": [{"file_id": "AgACx", "file_size": 5}], "caption": "Ким"}
    query = {"id": f"7{number}", "from": account, "message": message, "data": "courses:held_sessions:open:0"}
    base = data.draw(st.sampled_from([
        {"message": {**message, "text": "Ким", "entities": [{"type": "bold", "offset": 0, "length": 3}]}},
        {"message": {**message, **album}},
        {"message": {**message, "contact": {"phone_number": "+79990000000", "user_id": curator.telegram_id}}},
        {"callback_query": query},
        {"edited_message": {**message, "edit_date": 1_770_000_009, "text": "Ким"}},
        {"my_chat_member": {"chat": chat, "from": account, "new_chat_member": {"status": "member"}}},
    ]))  # fmt: skip
    update: Json = {"update_id": number, **base}
    path = data.draw(st.sampled_from(list(places(update))))

    answer = school.post(changed(update, path, data.draw(JUNK), is_missing=data.draw(st.booleans())))

    assert answer.status_code in (200, 400), answer.text
    assert school.press(curator, "courses:home:open:") == ""
