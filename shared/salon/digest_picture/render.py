"""The digest's picture: yesterday in large figures, and the last fourteen days as bars and a line.

Shapes are drawn twice as large and made smaller, because Pillow draws their edges as stairs; letters are smooth by
themselves and are drawn on top. Nobody needs this module before a picture is sent: import it late.
"""

import io
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image, ImageColor, ImageDraw, ImageFont
from pydantic import TypeAdapter

from shared.i18n import dates
from shared.i18n.shorten import shorten_to_fit
from shared.salon.digest_picture import texts
from shared.salon.digest_picture.data import Day, DigestPicture

WIDTH, HEIGHT = 1080, 810
LEFT, RIGHT = 40, 1040
BARS_TOP, BARS_BASE = 362, 568

WHITE, INK, SOFT, AXIS = "#ffffff", "#17212b", "#56626f", "#b9c3ce"
HIGHLIGHT = "#eef3f9"  # behind yesterday
WEEKEND = "#b42318"
DIALOGS, DIALOGS_PALE = "#a3b8d1", "#d3dde9"
BOOKINGS, BOOKINGS_PALE = "#0b7a64", "#5fb09f"
CONVERSION, CONVERSION_PALE = "#c2570c", "#e9a877"

SUPERSAMPLING = 2  # how much larger shapes are drawn
_COLOURS = 128  # of the palette: enough for smooth edges, and half of the bytes
_FIGURES, _LABELS = 224, 263  # the base of yesterday's figures, the middle of the words under them
_WEEKDAYS, _DATES = 598, 630  # their middles
_LINE_TOP, _LINE_BASE = 714, 774
_HIGHLIGHT_TOP, _HIGHLIGHT_BASE = 306, 796
_FIGURE_STEP = 344  # from one of yesterday's figures to the next
_STANDS_OUT = 3  # times the next largest: its bar is cut, or the others would be stripes
_CUT_ABOVE = 1.6  # times the next largest, to be seen as the longest
_MIN_BAR = 3  # pixels of what is more than nothing

_DIGEST_PICTURE = TypeAdapter(DigestPicture)


def render(payload: Mapping[str, Any]) -> bytes:
    """The PNG of a message's `picture`. Raises ValueError when it is not one."""
    plot = _Plot(_DIGEST_PICTURE.validate_python(payload))
    picture = plot.shapes()
    plot.write(ImageDraw.Draw(picture))
    file = io.BytesIO()
    _with_few_colours(picture).save(file, "PNG")
    return file.getvalue()


class _Plot:
    """Where things stand in one picture."""

    def __init__(self, picture: DigestPicture) -> None:
        self._of = picture
        self._last = picture.last
        self._columns = picture.columns
        self._wide = (RIGHT - LEFT) / len(self._columns)
        self._scale = _scale([max(day.dialogs, day.bookings) for _, day in self._columns if day])
        self._most_percent = max((day.percent or 0 for _, day in self._columns if day), default=0) or 1

    def shapes(self) -> Image.Image:
        """Everything but the letters."""
        large = Image.new("RGB", (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), WHITE)
        draw = ImageDraw.Draw(large)
        _box(draw, (RIGHT - self._wide, _HIGHLIGHT_TOP, RIGHT, _HIGHLIGHT_BASE), HIGHLIGHT, radius=14)
        for number, (_, day) in enumerate(self._columns):
            if day:
                self._draw_bars(draw, self._middle(number), day)
        _box(draw, (LEFT, BARS_BASE, RIGHT, BARS_BASE + 2), AXIS)
        self._draw_line(draw)
        for number, (colour, radius) in enumerate(((DIALOGS, 6), (BOOKINGS, 6), (CONVERSION, 12))):
            left = LEFT + number * _FIGURE_STEP
            _box(draw, (left, _LABELS - 12, left + 24, _LABELS + 12), colour, radius)
        return large.reduce(SUPERSAMPLING)

    def write(self, draw: ImageDraw.ImageDraw) -> None:
        """The letters and figures."""
        of = self._of
        bold = _font("Bold", 40)
        title = shorten_to_fit(of.drawable_title, lambda title: bold.getlength(title) <= RIGHT - LEFT)
        draw.text((LEFT, 64), title, INK, bold, "ls")
        draw.text((LEFT, 110), texts.yesterday(self._last.day, of.language), SOFT, _font("Medium", 30), "ls")
        figures = (
            texts.count(self._last.dialogs, of.language),
            texts.count(self._last.bookings, of.language),
            texts.percent(self._last.percent, of.language),
        )
        for number, (figure, label) in enumerate(zip(figures, texts.LABELS, strict=True)):
            left = LEFT + number * _FIGURE_STEP
            draw.text((left, _FIGURES), figure, INK, _fitting(figure, "Bold", 96, _FIGURE_STEP - 34), "ls")
            draw.text((left + 36, _LABELS), label.in_(of.language), SOFT, _font("Medium", 30), "lm")
        for number, (date, day) in enumerate(self._columns):
            middle, is_last = self._middle(number), day is self._last
            weight, ink = ("Bold", INK) if is_last else ("Medium", SOFT)
            weekday = dates.short_weekday(date, of.language)
            draw.text((middle, _WEEKDAYS), weekday, WEEKEND if date.weekday() > 4 else ink, _font(weight, 26), "mm")
            draw.text((middle, _DATES), str(date.day), ink, _font(weight, 26), "mm")
            self._write_figures(draw, middle, day, weight, ink)

    def _write_figures(self, draw: ImageDraw.ImageDraw, middle: float, day: Day | None, weight: str, ink: str) -> None:
        """What a bar and the line say; a dash where nothing is known."""
        figure = texts.short_count(day.dialogs, self._of.language) if day else texts.NOTHING
        above = BARS_BASE - 8 - (max(self._heights(day)) if day else 0)
        draw.text((middle, above), figure, ink, _fitting(figure, weight, 26, self._wide - 4), "ms")
        if day is None or day.percent is None:
            draw.text((middle, _LINE_BASE), texts.NOTHING, SOFT, _font("Medium", 24), "ms")
            return
        is_last = day is self._last
        figure = texts.short_count(round(day.percent), self._of.language)
        place, colours = (
            (middle, self._rise(day.percent) - 18),
            (CONVERSION, HIGHLIGHT) if is_last else (SOFT, WHITE),
        )
        font = _fitting(figure, weight, 24, self._wide - 8)
        # The rim keeps the line, when it is steep, away from the figure.
        draw.text(place, figure, colours[0], font, "ms", stroke_width=4, stroke_fill=colours[1])

    def _draw_bars(self, draw: ImageDraw.ImageDraw, middle: float, day: Day) -> None:
        half = round(min(0.36 * self._wide, 42))
        left, right = round(middle) - half, round(middle) + half
        colours = (DIALOGS, BOOKINGS) if day is self._last else (DIALOGS_PALE, BOOKINGS_PALE)
        for height, inset, colour in zip(self._heights(day), (0, round(half / 3)), colours, strict=True):
            if height:
                top = BARS_BASE - round(height)
                _box(draw, (left + inset, top, right - inset, BARS_BASE), colour, 7, stands=True)
        if max(day.dialogs, day.bookings) > self._scale:
            gap = [(left - 2, BARS_TOP + 46), (right + 2, BARS_TOP + 30), (right + 2, BARS_TOP + 40)]
            draw.polygon(
                [_supersampled(*corner) for corner in (*gap, (left - 2, BARS_TOP + 56))],
                HIGHLIGHT if day is self._last else WHITE,
            )

    def _draw_line(self, draw: ImageDraw.ImageDraw) -> None:
        """The conversion; it breaks where there is none."""
        points = [
            None if day is None or day.percent is None else (self._middle(number), self._rise(day.percent))
            for number, (_, day) in enumerate(self._columns)
        ]
        for start, end in pairwise(points):
            if start and end:
                draw.line((_supersampled(*start), _supersampled(*end)), CONVERSION_PALE, 5 * SUPERSAMPLING)
        for point in points[:-1]:
            if point:
                draw.circle(_supersampled(*point), 6 * SUPERSAMPLING, CONVERSION_PALE)
        if points[-1]:
            draw.circle(_supersampled(*points[-1]), 10 * SUPERSAMPLING, CONVERSION)

    def _middle(self, number: int) -> float:
        return LEFT + self._wide * (number + 0.5)

    def _heights(self, day: Day) -> tuple[float, float]:
        """Of the bars of dialogs and bookings; those of a day that is cut keep their proportion."""
        scale = max(self._scale, day.dialogs, day.bookings) / (BARS_BASE - BARS_TOP)
        dialogs, bookings = (max(count / scale, _MIN_BAR if count else 0) for count in (day.dialogs, day.bookings))
        return dialogs, bookings

    def _rise(self, percent: float) -> float:
        return _LINE_BASE - (_LINE_BASE - _LINE_TOP) * percent / self._most_percent


def _scale(counts: list[int]) -> float:
    """The count that a bar of full height stands for."""
    largest, following = sorted([0, 0, *counts], reverse=True)[:2]
    return following * _CUT_ABOVE if following and largest > _STANDS_OUT * following else largest or 1


def _box(
    draw: ImageDraw.ImageDraw, place: tuple[float, float, float, float], colour: str, radius: float = 0,
    *, stands: bool = False,
) -> None:  # fmt: skip
    """A rectangle with round corners; one that stands on the axis has them above only."""
    (left, top), (right, base) = _supersampled(*place[:2]), _supersampled(*place[2:])
    rounded = min(radius * SUPERSAMPLING, (base - top) // 2)
    draw.rounded_rectangle(
        (left, top, right - 1, base - 1), rounded, colour, corners=(True, True, not stands, not stands)
    )


def _supersampled(x: float, y: float) -> tuple[int, int]:
    return round(x * SUPERSAMPLING), round(y * SUPERSAMPLING)


def _fitting(text: str, weight: str, size: int, width: float) -> ImageFont.FreeTypeFont:
    """The font at `size`, or smaller if there is no room."""
    needed = _font(weight, size).getlength(text)
    return _font(weight, size if needed <= width else int(size * width / needed))


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    # Not Raqm, which is there on one machine and not on the next.
    path = Path(__file__).parent / "fonts" / f"Inter-{weight}.ttf"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """The same with a palette, whose white would be slightly grey, and seen as a frame in the chat."""
    few = picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE)
    colours, corner = few.getpalette(), few.getpixel((0, 0))
    assert colours
    assert isinstance(corner, int)
    colours[corner * 3 : corner * 3 + 3] = ImageColor.getrgb(WHITE)
    few.putpalette(colours)
    return few
