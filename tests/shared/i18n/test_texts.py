"""A text in both languages."""

import pytest

from shared.i18n.texts import Text


def test_a_text_is_read_in_one_of_its_languages() -> None:
    lesson = Text(ru="Урок", en="Lesson")

    assert (lesson.in_("ru"), lesson.in_("en")) == ("Урок", "Lesson")


def test_a_text_in_one_language_only_is_none() -> None:
    with pytest.raises(TypeError):
        Text(ru="Урок")  # type: ignore[call-arg]
