"""The digest's picture: light, quick, the same every time, true to its figures, whatever these are."""

import io
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageColor, ImageFont

from shared.salon import picture
from shared.salon.fortnight import Fortnight
from shared.salon.fortnight_words import percent, short, whole
from tests.support.serving import ROOT

YESTERDAY = date(2026, 11, 20)
USUAL = [(12, 4), (9, 3), (15, 6), (20, 5), (24, 12), (18, 2), (6, 1), (11, 4), (14, 7), (10, 1), (16, 4), (22, 9),
         (8, 8), (12, 4)]  # fmt: skip


def fortnight(*counts: tuple[int, int] | None, **others: Any) -> dict[str, Any]:
    """A payload's picture; None is a day of which nothing is known."""
    days = [
        {
            "day": str(YESTERDAY - timedelta(days=len(counts) - 1 - number)),
            "dialogs": of_day[0],
            "bookings": of_day[1],
            "conversion": round(100 * of_day[1] / of_day[0], 2) if of_day[0] else 0,
        }
        for number, of_day in enumerate(counts)
        if of_day
    ]
    return {"kind": "salon/fortnight", "title": "Салон «Ромашка»", "language": "ru", "days": days, **others}


def opened(payload: dict[str, Any]) -> Image.Image:
    image = Image.open(io.BytesIO(picture.render(payload)))
    assert image.format == "PNG"
    return image.convert("RGB")


def height_of(image: Image.Image, column: int, colour: str, columns: int = 14) -> int:
    """How many pixels of `colour` stand above the axis, a little beside the middle of a column."""
    wanted = ImageColor.getrgb(colour)
    wide = (picture.RIGHT - picture.LEFT) / columns
    middle = round(picture.LEFT + wide * (column + 0.5))
    # At the edge of the column's bar only the dialogs are seen; in its middle the bookings cover them.
    x = middle - 22 if colour in (picture.DIALOGS, picture.DIALOGS_PALE) else middle
    pixels = [image.getpixel((x, y)) for y in range(picture.BARS_TOP - 5, picture.BARS_BASE)]
    return sum(is_near(pixel, wanted) for pixel in pixels)


def is_near(pixel: Any, wanted: tuple[int, ...]) -> bool:
    """A palette moves colours a little."""
    return all(abs(one - other) <= 6 for one, other in zip(pixel, wanted, strict=True))


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """How many dark pixels there are: letters."""
    return sum(image.crop(box).convert("L").histogram()[:120])


def changed(one: Image.Image, other: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether something else is written there; palettes alone differ by a little."""
    return sum(ImageChops.difference(one.crop(box), other.crop(box)).convert("L").histogram()[60:]) > 0


WEIRD: dict[str, dict[str, Any]] = {
    "usual": fortnight(*USUAL),
    "in English": fortnight(*USUAL, language="en"),
    "all zero": fortnight(*[(0, 0)] * 14),
    "one day": fortnight((3, 1)),
    "one day of nothing": fortnight((0, 0)),
    "gaps": fortnight(*USUAL[:3], None, None, *USUAL[5:9], None, *USUAL[10:]),
    "one huge": fortnight(*USUAL[:9], (1240, 310), *USUAL[10:]),
    "yesterday huge": fortnight(*USUAL[:13], (240, 31)),
    "largest": fortnight(*[(10**9, 10**9)] * 14),
    "bookings without dialogs": fortnight(*[(0, 3)] * 14),
    "more bookings than dialogs": fortnight(*[(3, 9)] * 14),
    "more days than fit": fortnight(*USUAL, *USUAL),
    "long title": fortnight(*USUAL, title="Салон красоты с именем длиннее, чем любая вывеска, " * 20),
    "a word without end": fortnight(*USUAL, title="Щ" * 5000),
    "no title": fortnight(*USUAL, title=""),
    "title of emoji": fortnight(*USUAL, title="💅🏽✨"),
    "title with controls": fortnight(*USUAL, title="Сал\x00он\u202e\n\tна Абая"),
    "a conversion of millions": fortnight(*USUAL[:13], (1, 1)) | {"days": [
        {"day": "2026-11-20", "dialogs": 1, "bookings": 1, "conversion": 1e9}]},
    "years between": fortnight((1, 1)) | {"days": [
        {"day": "2000-01-01", "dialogs": 1, "bookings": 1}, {"day": "9999-12-31", "dialogs": 2, "bookings": 1}]},
}  # fmt: skip


@pytest.mark.parametrize("payload", WEIRD.values(), ids=WEIRD.keys())
def test_whatever_the_figures_are_a_light_picture_comes_out(payload: dict[str, Any]) -> None:
    drawn = picture.render(payload)

    assert len(drawn) < 60_000
    image = Image.open(io.BytesIO(drawn))
    assert image.size == (1080, 810)
    corners = [image.convert("RGB").getpixel(corner) for corner in ((0, 0), (1079, 0), (0, 809), (1079, 809))]
    assert corners == [(255, 255, 255)] * 4


@pytest.mark.parametrize(
    "broken",
    [
        {},
        [],
        "picture",
        None,
        fortnight(),
        fortnight((1, 1), kind="salon/year"),
        fortnight((1, 1), language="kk"),
        fortnight((1, 1), title=7),
        fortnight((-1, 0)),
        fortnight((10**12, 0)),
        fortnight((1, 1), days=[{"day": "0001-01-01", "dialogs": 1, "bookings": 1}]),
        fortnight((1, 1), days=[{"day": "вчера", "dialogs": 1, "bookings": 1}]),
        fortnight((1, 1), days=[{"day": "2026-11-20", "dialogs": "many", "bookings": 1}]),
        fortnight((1, 1), days=[{"day": "2026-11-20", "dialogs": 1, "bookings": 1, "conversion": float("nan")}]),
        fortnight((1, 1), days=[{"day": "2026-11-20", "dialogs": 1, "bookings": 1, "conversion": float("inf")}]),
    ],
)
def test_what_is_no_fortnight_is_a_value_error(broken: Any) -> None:
    with pytest.raises(ValueError, match="validation error"):
        picture.render(broken)


def test_it_takes_less_than_150_ms_from_the_figures_to_the_file() -> None:
    payloads = [fortnight(*USUAL, title=f"Салон {number}") for number in range(9)]
    took = []
    for payload in payloads:
        started = time.perf_counter()
        picture.render(payload)
        took.append(time.perf_counter() - started)

    assert statistics.median(took) < 0.150


def test_the_same_figures_make_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from shared.salon import picture;"
        "from tests.shared.salon.test_picture import USUAL, fortnight;"
        "print(hashlib.sha256(picture.render(fortnight(*USUAL))).hexdigest())"
    )
    printed = {
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }

    assert len(printed) == 1
    assert picture.render(fortnight(*USUAL)) == picture.render(fortnight(*USUAL))
    assert picture.render(fortnight(*USUAL)) != picture.render(fortnight(*USUAL[:13], (13, 4)))


def test_bars_are_in_proportion() -> None:
    image = opened(fortnight(*USUAL))
    whole_bar = picture.BARS_BASE - picture.BARS_TOP
    most = max(dialogs for dialogs, _ in USUAL)

    for column, (dialogs, bookings) in enumerate(USUAL):
        is_last = column == len(USUAL) - 1
        pale, green = (picture.DIALOGS, picture.BOOKINGS) if is_last else (picture.DIALOGS_PALE, picture.BOOKINGS_PALE)
        assert height_of(image, column, green) == pytest.approx(whole_bar * bookings / most, abs=3)
        assert height_of(image, column, pale) == pytest.approx(whole_bar * dialogs / most, abs=5)


def test_one_that_stands_out_is_cut_and_the_others_stay_readable() -> None:
    counts = [*USUAL[:9], (1240, 310), *USUAL[10:]]
    image = opened(fortnight(*counts))
    whole_bar = picture.BARS_BASE - picture.BARS_TOP

    assert height_of(image, 4, picture.DIALOGS_PALE) == pytest.approx(whole_bar / 1.6, abs=5)
    cut = height_of(image, 9, picture.DIALOGS_PALE)
    assert whole_bar - 25 < cut < whole_bar - 5  # without the gap
    assert height_of(image, 9, picture.BOOKINGS_PALE) == pytest.approx(whole_bar * 310 / 1240, abs=3)


def test_a_day_without_figures_is_not_a_day_of_zeros() -> None:
    unknown, zero = opened(fortnight((4, 1), None, (4, 1))), opened(fortnight((4, 1), (0, 0), (4, 1)))
    column = (picture.LEFT + 715, picture.BARS_BASE - 40, picture.LEFT + 857, picture.BARS_BASE)

    assert ink(unknown, column) > 0
    assert ink(zero, column) > 2 * ink(unknown, column)


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

    assert ink(image, (picture.RIGHT, 0, 1080, 810)) == 0
    assert ink(image, (0, 0, picture.LEFT - 4, 810)) == 0


def test_labels_speak_the_language() -> None:
    russian, english = opened(fortnight(*USUAL)), opened(fortnight(*USUAL, language="en"))

    for place in ((40, 85, 700, 120), (76, 245, 370, 285), (40, 585, 110, 612)):  # the date, a label, a weekday
        assert changed(russian, english, place)
    assert not changed(russian, english, (40, 618, 960, 642))  # numbers of days


def test_the_days_are_the_calendars_and_end_with_the_last_known() -> None:
    shuffled = fortnight(*USUAL)
    shuffled["days"].reverse()
    columns = Fortnight.model_validate(shuffled).columns

    assert [day for day, _ in columns] == [YESTERDAY - timedelta(days=back) for back in range(13, -1, -1)]
    assert [(of.dialogs, of.bookings) for _, of in columns if of] == USUAL
    assert len(Fortnight.model_validate(fortnight((1, 1), (2, 1))).columns) == 7


def test_every_letter_that_is_let_through_is_in_the_fonts() -> None:
    titles = (Fortnight.model_validate(fortnight((1, 1), title=chr(code))).title for code in range(0x20, 0x2200))
    kept = set("".join(titles))
    assert set("АЯаяЁёҚқӘәҮүӨөҰұІі«»№AZaz09—–…") <= kept

    for weight in ("Medium", "Bold"):
        font = ImageFont.truetype(ROOT / f"shared/salon/fonts/Inter-{weight}.ttf", 40)
        missing = bytes(font.getmask("\u2603"))
        boxes = {
            letter for letter in kept | set("\u202f%") if letter.strip() and bytes(font.getmask(letter)) == missing
        }
        assert boxes == set()


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
    assert (whole(14807, "ru"), whole(14807, "en")) == ("14\u202f807", "14,807")
    assert [short(count, "ru") for count in (0, 9999, 14807, 2_500_000, 10**9)] == ["0", "9999", "14к", "2млн", "1млрд"]


def test_a_hundred_pictures_take_no_more_memory_than_a_few() -> None:
    program = """
import resource
from shared.salon import picture
from tests.shared.salon.test_picture import WEIRD
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
for payload in WEIRD.values(): picture.render(payload)
few = peak()
for number in range(100): picture.render([*WEIRD.values()][number % len(WEIRD)])
print(few - before, peak() - few)
"""
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    first, further = map(int, printed.split())

    assert first < 50
    assert further < 5
