"""Pictures to look at, and what can be told of their pixels."""

import io
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageChops, ImageColor

from shared.salon.digest_picture import render

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
    image = Image.open(io.BytesIO(render.render(payload)))
    assert image.format == "PNG"
    return image.convert("RGB")


def height_of(image: Image.Image, column: int, colour: str, columns: int = 14) -> int:
    """How many pixels of `colour` stand above the axis, a little beside the middle of a column."""
    wanted = ImageColor.getrgb(colour)
    wide = (render.RIGHT - render.LEFT) / columns
    middle = round(render.LEFT + wide * (column + 0.5))
    # At the edge of the column's bar only the dialogs are seen; in its middle the bookings cover them.
    x = middle - 22 if colour in (render.DIALOGS, render.DIALOGS_PALE) else middle
    pixels = [image.getpixel((x, y)) for y in range(render.BARS_TOP - 5, render.BARS_BASE)]
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
