"""Rich messages (Bot API 10.1) and hidden links as plain words: pure."""

from typing import Any

import pytest

from functions.telegram_webhook.updates.content import extract
from functions.telegram_webhook.updates.entities import with_links
from functions.telegram_webhook.updates.rich_message import MAX_DEPTH, flatten


def rich(*blocks: Any) -> tuple[str, tuple[str, ...]]:
    return flatten({"blocks": list(blocks)})


def paragraph(text: Any) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


PRICES: list[Any] = [
    {"type": "heading", "text": "Прайс на июнь", "size": 2},
    paragraph(["Маникюр ", {"type": "bold", "text": "7 000 ₸"}, ", запись ",
               {"type": "url", "text": [{"type": "italic", "text": "тут"}], "url": "https://echo.example/a"}]),
    {"type": "list", "items": [
        {"label": "•", "blocks": [paragraph("утром дешевле"), paragraph("до 12:00")]},
        {"label": "2.", "blocks": [paragraph([{"type": "text", "text": "есть парковка"}])]},
        {"label": "", "has_checkbox": True, "is_checked": True, "blocks": [paragraph("оплачено")]},
        {"has_checkbox": True, "blocks": [paragraph("забрать")]},
    ]},
]  # fmt: skip


def test_the_words_of_all_blocks_go_in_order() -> None:
    words, left_out = rich(*PRICES)

    assert left_out == ()
    assert words.splitlines() == [
        "Прайс на июнь",
        "Маникюр 7 000 ₸, запись тут (https://echo.example/a)",
        "• утром дешевле",
        "до 12:00",
        "2. есть парковка",
        "☑ оплачено",
        "☐ забрать",
    ]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("да", "да"),
        (["а", ["б", {"type": "bold", "text": ["в", {"type": "spoiler", "text": "г"}]}]], "абвг"),
        ({"type": "custom_emoji", "custom_emoji_id": "5", "alternative_text": "🌸"}, "🌸"),
        ({"type": "mathematical_expression", "expression": "x^2"}, "x^2"),
        ({"type": "date_time", "text": "завтра", "unix_time": 1, "date_time_format": "d"}, "завтра"),
        ({"type": "text_mention", "text": "Ольга", "user": {"id": 1}}, "Ольга"),
        ({"type": "mention", "text": "@olga", "username": "olga"}, "@olga"),
        ({"type": "phone_number", "text": "+7 700 000-00-01", "phone_number": "+77000000001"}, "+7 700 000-00-01"),
        ({"type": "email_address", "text": "a@b.example", "email_address": "a@b.example"}, "a@b.example"),
        ({"type": "url", "text": "echo.example", "url": "https://echo.example/"}, "echo.example"),
        ({"type": "url", "text": "тут", "url": "tg://user?id=7"}, "тут"),
        ({"type": "url", "text": "", "url": "https://echo.example"}, "https://echo.example"),
        ({"type": "reference_link", "text": "[1]", "reference_name": "a"}, "[1]"),
        ({"type": "button", "button": {"text": "Запись", "url": "https://echo.example/b"}},
         "Запись (https://echo.example/b)"),
        (["до", {"type": "anchor", "name": "x"}, "после"], "допосле"),
        ({"type": "something new", "text": "слова"}, "слова"),
        ({"text": "без типа"}, "без типа"),
    ],
)  # fmt: skip
def test_every_run_gives_its_words(run: Any, words: str) -> None:
    assert rich(paragraph(run)) == (words, ())


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "footer", "text": "мелко"}, "мелко"),
        ({"type": "pre", "text": "код\nстрока", "language": "python"}, "код\nстрока"),
        ({"type": "blockquote", "blocks": [paragraph("цитата")], "credit": "Абай"}, "цитата\n— Абай"),
        ({"type": "pullquote", "text": "цитата", "credit": ["А", "бай"]}, "цитата\n— Абай"),
        ({"type": "expandable_blockquote", "text": "длинно"}, "длинно"),
        ({"type": "details", "summary": "Подробнее", "blocks": [paragraph("внутри")], "is_open": False},
         "Подробнее\nвнутри"),
        ({"type": "mathematical_expression", "expression": "a+b"}, "a+b"),
        ({"type": "map", "location": {"latitude": 43.25, "longitude": 76.95}, "zoom": 15, "width": 1, "height": 1,
          "caption": {"text": "мы здесь"}}, "https://maps.google.com/?q=43.250000,76.950000\nмы здесь"),
        ({"type": "buttons", "buttons": [{"text": "Сайт", "url": "https://echo.example"}]},
         "Сайт (https://echo.example)"),
        ({"type": "list", "items": [{"label": "1.", "blocks": [{"type": "list", "items": [
            {"label": "а)", "blocks": [paragraph("вложено")]}]}]}]}, "1. а) вложено"),
        ({"type": "divider"}, ""),
        ({"type": "anchor", "name": "top"}, ""),
        ({"type": "quote", "text": "цитата"}, "цитата"),
        ({"type": "banner", "text": "слова", "size": 3}, "слова"),
        ("просто строка", "просто строка"),
    ],
)  # fmt: skip
def test_every_block_gives_its_words(block: Any, words: str) -> None:
    assert rich(paragraph("до"), block, paragraph("после")) == ("\n".join(filter(None, ("до", words, "после"))), ())


@pytest.mark.parametrize(
    ("block", "words", "left_out"),
    [
        ({"type": "photo", "photo": [{"file_id": "a"}], "caption": {"text": "зал", "credit": "фото Анны"}},
         "зал\n— фото Анны", ("file",)),
        ({"type": "voice_note", "voice_note": {"file_id": "a"}}, "", ("file",)),
        ({"type": "slideshow", "blocks": [{"type": "video", "video": {}}, {"type": "photo", "photo": []}],
          "caption": {"text": "наши работы"}}, "наши работы", ("file",)),
        ({"type": "table", "cells": [[{"text": "ячейка"}]], "caption": "цены"}, "цены", ("table",)),
        ({"type": "buttons", "buttons": [{"text": "Нажми", "callback_data": "x"}]}, "", ("part",)),
        ({"type": "chart", "series": [1, 2]}, "", ("part",)),
        ({"type": "embed", "text": "смотрите", "html": "<b>x</b>"}, "смотрите", ("part",)),
        ({"type": "paragraph", "text": {"type": "sticker", "id": "7"}}, "", ("part",)),
        (7, "", ("part",)),
    ],
)  # fmt: skip
def test_what_words_cannot_carry_is_named(block: Any, words: str, left_out: tuple[str, ...]) -> None:
    assert rich(block) == (words, left_out)


def test_blocks_nested_without_end_are_cut_and_named() -> None:
    run: Any = "дно"
    block: Any = paragraph("дно")
    for _ in range(MAX_DEPTH * 5):
        run, block = [run], {"type": "blockquote", "blocks": [block]}

    assert rich(paragraph(run), block, paragraph("слова")) == ("слова", ("part",))


@pytest.mark.parametrize("message", [{}, {"blocks": []}, {"blocks": None}, {"blocks": [{"type": "divider"}]}, [], "x"])
def test_a_rich_message_without_anything_is_told(message: Any) -> None:
    content = extract({"rich_message": message})

    assert content
    assert (content.text, content.left_out) == ("", ("everything",))


def link(offset: int, length: int, url: Any = "https://echo.example/") -> dict[str, Any]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


@pytest.mark.parametrize(
    ("text", "entities", "words"),
    [
        ("Прайс тут", [link(6, 3)], "Прайс тут (https://echo.example/)"),
        ("🌸 тут и там", [link(3, 3), link(9, 3, "https://b.example")],
         "🌸 тут (https://echo.example/) и там (https://b.example)"),
        ("тут, да", [link(0, 2), link(2, 1)], "тут (https://echo.example/), да"),
        ("тут да", [link(0, 4)], "тут (https://echo.example/) да"),
        ("echo.example", [link(0, 12)], "echo.example"),
        ("Ольга", [link(0, 5, "tg://user?id=7")], "Ольга"),
        ("Ольга", [{"type": "text_mention", "offset": 0, "length": 5, "user": {"id": 7}}], "Ольга"),
        ("жирно", [{"type": "bold", "offset": 0, "length": 5}], "жирно"),
        ("тут", [link(0, 9), link(-1, 2), link(0, 0), {"type": "text_link"}, 7, None], "тут"),
        ("тут", {"type": "text_link"}, "тут"),
        ("тут", [link(0, 3, None), link(1, 2)], "тут"),
    ],
)  # fmt: skip
def test_hidden_links_stand_beside_their_words(text: str, entities: Any, words: str) -> None:
    assert with_links(text, entities) == words
