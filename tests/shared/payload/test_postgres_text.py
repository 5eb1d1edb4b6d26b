"""Texts that Postgres can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.payload.postgres_text import replace_nul, without_nul

any_text = st.text(st.characters() | st.sampled_from("\x00\ud83d\ude00"))


@pytest.mark.parametrize(
    ("text", "without", "replaced"),
    [
        ("", "", ""),
        ("Привет 👋\t\n\x01", "Привет 👋\t\n\x01", "Привет 👋\t\n\x01"),
        ("a\x00b", "ab", "a\ufffdb"),
        ("\x00", "", "\ufffd"),
        ("a\ud83d", "a", "a\ufffd"),
        ("\ude00a", "a", "\ufffda"),
        ("\ude00\ud83d", "", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀", "😀"),
        ("\ud83d\ud83d\ude00\x00", "😀", "\ufffd😀\ufffd"),
    ],
)
def test_nul_and_half_a_character_go_and_all_else_stays(text: str, without: str, replaced: str) -> None:
    assert without_nul(text) == without
    assert replace_nul(text) == replaced


@given(any_text)
def test_what_remains_can_be_stored_and_is_not_changed_again(text: str) -> None:
    for stored in (without_nul(text), replace_nul(text)):
        assert "\x00" not in stored
        stored.encode()  # a lone surrogate raises
        assert without_nul(stored) == replace_nul(stored) == stored
    assert bool(replace_nul(text)) == bool(text)
