"""What updates mean: pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.telegram_webhook.updates import Move, Return, understand

PERSON, GROUP, SUPERGROUP = 700_000_101, -4_000_001, -1_001_900_000_001


def message(chat: int = PERSON, **more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 5, "date": 1_770_000_000, "chat": {"id": chat}, **more}}


def membership(status: str, **more: Any) -> dict[str, Any]:
    change = {"chat": {"id": PERSON}, "new_chat_member": {"status": status, **more}, "old_chat_member": {}}
    return {"update_id": 1, "my_chat_member": change}


@pytest.mark.parametrize("text", ["/start", "/start ref_17", "/start@school_bot", "/start@school_bot ref"])
def test_start_brings_a_person_back(text: str) -> None:
    assert understand(message(text=text)) == Return(PERSON)


@pytest.mark.parametrize("text", ["/started", "start", "hello /start", "", "/stop"])
def test_other_words_do_not(text: str) -> None:
    assert understand(message(text=text)) is None


@pytest.mark.parametrize(
    ("status", "more"),
    [("member", {}), ("administrator", {}), ("creator", {}), ("restricted", {"can_send_messages": True})],
)
def test_being_let_in_again_brings_a_chat_back(status: str, more: dict[str, Any]) -> None:
    assert understand(membership(status, **more)) == Return(PERSON)


@pytest.mark.parametrize("status", ["kicked", "left", "restricted", "", "something new"])
def test_being_shut_out_does_not(status: str) -> None:
    assert understand(membership(status)) is None


def test_a_group_that_became_a_supergroup_says_so_from_both_sides() -> None:
    move = Move(GROUP, SUPERGROUP)

    assert understand(message(GROUP, migrate_to_chat_id=SUPERGROUP)) == move
    assert understand(message(SUPERGROUP, migrate_from_chat_id=GROUP)) == move


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"edited_message": {"chat": {"id": PERSON}, "text": "/start"}},
        {"channel_post": {"chat": {"id": GROUP}, "text": "/start"}},
        {"callback_query": {"id": "1", "data": "x", "message": {"chat": {"id": GROUP}, "message_id": 1, "date": 0}}},
        message(GROUP, migrate_to_chat_id=GROUP),
        message(GROUP, migrate_to_chat_id=2**63),
        message(GROUP, migrate_to_chat_id=True),
        {"message": {"chat": None, "text": "/start"}},
        {"message": {"chat": {"id": "700"}, "text": "/start"}},
        {"message": {"chat": {"id": PERSON}, "text": ["/start"]}},
        {"my_chat_member": {"chat": {"id": PERSON}, "new_chat_member": "member"}},
    ],
)
def test_whatever_else_comes_means_nothing(update: dict[str, Any]) -> None:
    assert understand(update) is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["chat", "id", "text", "x"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["message", "my_chat_member", "update_id"]), _json))
def test_no_update_of_any_shape_breaks_it(update: dict[str, Any]) -> None:
    assert understand(update) is None or isinstance(understand(update), Return)
