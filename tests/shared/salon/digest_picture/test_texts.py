"""What is written in a digest's picture."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from PIL import ImageFont
from pydantic import TypeAdapter

from shared.salon.digest_picture import render
from shared.salon.digest_picture.data import DigestPicture
from shared.salon.digest_picture.texts import count, percent, short_count, yesterday
from tests.helpers.serving import ROOT
from tests.shared.salon.digest_picture.drawn import USUAL, WEIRD, YESTERDAY, changed, fortnight, ink, opened

ADAPTER = TypeAdapter(DigestPicture)


def test_yesterdays_figures_are_written_large_and_the_title_above() -> None:
    first, second = opened(fortnight(*USUAL)), opened(fortnight(*USUAL[:13], (12, 9)))
    dialogs, bookings, conversion = (40, 140, 370, 235), (384, 140, 715, 235), (728, 140, 1040, 235)
    title = (40, 20, 1040, 80)

    assert min(ink(first, place) for place in (dialogs, bookings, conversion)) > 1500
    assert not changed(first, second, dialogs)
    assert changed(first, second, bookings)
    assert changed(first, second, conversion)
    assert ink(first, title) > 1000
    assert ink(opened(fortnight(*USUAL, title="💅🏽")), title) == 0
    assert not changed(
        opened(fortnight(*USUAL, title="Сало\u0438\u0306\n")), opened(fortnight(*USUAL, title="Салой 💅")), title
    )


def test_nothing_is_written_over_the_edge() -> None:
    image = opened(WEIRD["long title"])

    assert ink(image, (render.RIGHT, 0, 1080, 810)) == 0
    assert ink(image, (0, 0, render.LEFT - 4, 810)) == 0


def test_labels_speak_the_language() -> None:
    russian, english = opened(fortnight(*USUAL)), opened(fortnight(*USUAL, language="en"))

    for place in ((40, 85, 700, 120), (76, 245, 370, 285), (40, 585, 110, 612)):  # the date, a label, a weekday
        assert changed(russian, english, place)
    assert not changed(russian, english, (40, 618, 960, 642))  # numbers of days


def test_the_days_are_the_calendars_and_end_with_the_last_known() -> None:
    shuffled = fortnight(*USUAL)
    shuffled["days"].reverse()
    columns = read(shuffled).columns

    assert [day for day, _ in columns] == [YESTERDAY - timedelta(days=back) for back in range(13, -1, -1)]
    assert [(of.dialogs, of.bookings) for _, of in columns if of] == USUAL
    assert len(read(fortnight((1, 1), (2, 1))).columns) == 7


def test_every_letter_that_is_let_through_is_in_the_fonts() -> None:
    titles = (read(fortnight((1, 1), title=chr(code))).drawable_title for code in range(0x20, 0x2200))
    kept = set("".join(titles))
    assert set("АЯаяЁёҚқӘәҮүӨөҰұІі«»№AZaz09—–…") <= kept

    for weight in ("Medium", "Bold"):
        font = ImageFont.truetype(ROOT / f"shared/salon/digest_picture/fonts/Inter-{weight}.ttf", 40)
        missing = bytes(font.getmask("\u2603"))
        boxes = {
            letter for letter in kept | set("\u202f%") if letter.strip() and bytes(font.getmask(letter)) == missing
        }
        assert boxes == set()


def read(payload: Mapping[str, Any]) -> DigestPicture:
    """As the drawing reads it."""
    return ADAPTER.validate_python(payload)


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (None, "–", "–"),
        (0, "0\u202f%", "0%"),
        (8.33, "8,3\u202f%", "8.3%"),
        (33.33, "33\u202f%", "33%"),
        (9.99, "10\u202f%", "10%"),
    ],
)
def test_percents(value: float | None, russian: str, english: str) -> None:
    assert (percent(value, "ru"), percent(value, "en")) == (russian, english)


def test_counts() -> None:
    assert (count(14807, "ru"), count(14807, "en")) == ("14\u202f807", "14,807")
    counts = (0, 9999, 14807, 2_500_000, 10**9)
    assert [short_count(value, "ru") for value in counts] == ["0", "9999", "14к", "2млн", "1млрд"]
    assert [short_count(value, "en") for value in counts] == ["0", "9999", "14k", "2m", "1b"]


def test_the_day_of_the_large_figures() -> None:
    assert yesterday(YESTERDAY, "ru") == "Вчера, пятница 20 ноября"
    assert yesterday(YESTERDAY, "en") == "Yesterday, Friday 20 November"
