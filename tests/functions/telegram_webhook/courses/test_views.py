"""Every screen with example data, in both languages: no name breaks it, and Telegram takes it."""

import re

import pytest

from functions.telegram_webhook.courses.dialog import buttons, registry
from infra.previews.examples import examples
from infra.previews.examples.example import Example, Names
from infra.previews.page import view
from shared.channels import telegram_html
from shared.i18n.texts import Language

NAME = 'A&B <i> "C"'
EXAMPLES = examples(Names(school=NAME, people=(NAME,), title=NAME, place=NAME, text=NAME, consent=NAME))
IDS = [f"{example.screen}-{number}" for number, example in enumerate(EXAMPLES)]
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def test_there_is_an_example_of_every_screen() -> None:
    assert {example.screen for example in EXAMPLES} == registry.NAMES


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_a_screen_is_valid_html_with_buttons_that_telegram_takes(example: Example, language: Language) -> None:
    shown = view(example, language)

    pressed = [button for row in shown.rows for button in row]
    assert 0 < telegram_html.length(shown.text) <= telegram_html.MAX_TEXT
    assert [button.text for button in pressed if not 0 < len(button.text) <= 120] == []
    assert [
        button for button in pressed if not (parsed := buttons.parse(button.data)) or not registry.find(parsed.screen)
    ] == []
    assert len(pressed) <= 100
    for tag in ("b", "i", "s", "a"):
        assert len(re.findall(rf"<{tag}[ >]", shown.text)) == shown.text.count(f"</{tag}>")
    assert re.findall(r"&(?!(amp|lt|gt|quot|#x27);)", shown.text) == []
    assert "<i> " not in shown.text  # the name's own


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_an_english_screen_has_no_russian_in_it(example: Example) -> None:
    shown = view(example, "en")

    words = [shown.text, shown.contact, *(button.text for row in shown.rows for button in row)]
    assert [text for text in words if CYRILLIC.search(text)] == []
