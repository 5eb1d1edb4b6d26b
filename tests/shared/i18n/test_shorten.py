"""Texts cut to the room there is."""

import pytest

from shared.i18n.shorten import shorten, shorten_at_word, shorten_to_fit


@pytest.mark.parametrize(("text", "short"), [("", ""), ("абвгд", "абвгд"), ("абвгде", "абвг…")])
def test_a_text_is_cut_to_a_number_of_characters(text: str, short: str) -> None:
    assert shorten(text, 5) == short


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Сделала всё", "Сделала всё"),
        ("Сделала всё, кроме третьего", "Сделала всё…"),
        ("Непрерывноеслово", "Непрерывноесл…"),
    ],
)
def test_a_text_is_cut_between_words_where_there_are_any(text: str, short: str) -> None:
    assert shorten_at_word(text, 13) == short


@pytest.mark.parametrize(("room", "short"), [(9, "Салон «А»"), (8, "Салон «…"), (7, "Салон…"), (1, "…"), (0, "…")])
def test_a_text_is_cut_to_what_fits(room: int, short: str) -> None:
    assert shorten_to_fit("Салон «А»", lambda text: len(text) <= room) == short
