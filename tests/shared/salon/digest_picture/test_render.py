"""The digest's picture: light, quick, the same every time, true to its figures, whatever these are."""

import io
import statistics
import subprocess
import sys
import time
from typing import Any

import pytest
from PIL import Image

from shared.salon.digest_picture import render
from tests.helpers.serving import ROOT
from tests.shared.salon.digest_picture.drawn import USUAL, WEIRD, fortnight, height_of, ink, opened


@pytest.mark.parametrize("payload", WEIRD.values(), ids=WEIRD.keys())
def test_whatever_the_figures_are_a_light_picture_comes_out(payload: dict[str, Any]) -> None:
    drawn = render.render(payload)

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
        render.render(broken)


def test_it_takes_less_than_150_ms_from_the_figures_to_the_file() -> None:
    payloads = [fortnight(*USUAL, title=f"Салон {number}") for number in range(9)]
    took = []
    for payload in payloads:
        started = time.process_time()
        render.render(payload)
        took.append(time.process_time() - started)

    assert statistics.median(took) < 0.150


def test_the_same_figures_make_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from shared.salon.digest_picture import render;"
        "from tests.shared.salon.digest_picture.test_render import USUAL, fortnight;"
        "print(hashlib.sha256(render.render(fortnight(*USUAL))).hexdigest())"
    )
    printed = {
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }

    assert len(printed) == 1
    assert render.render(fortnight(*USUAL)) == render.render(fortnight(*USUAL))
    assert render.render(fortnight(*USUAL)) != render.render(fortnight(*USUAL[:13], (13, 4)))


def test_bars_are_in_proportion() -> None:
    image = opened(fortnight(*USUAL))
    whole_bar = render.BARS_BASE - render.BARS_TOP
    most = max(dialogs for dialogs, _ in USUAL)

    for column, (dialogs, bookings) in enumerate(USUAL):
        is_last = column == len(USUAL) - 1
        pale, green = (render.DIALOGS, render.BOOKINGS) if is_last else (render.DIALOGS_PALE, render.BOOKINGS_PALE)
        assert height_of(image, column, green) == pytest.approx(whole_bar * bookings / most, abs=3)
        assert height_of(image, column, pale) == pytest.approx(whole_bar * dialogs / most, abs=5)


def test_one_that_stands_out_is_cut_and_the_others_stay_readable() -> None:
    counts = [*USUAL[:9], (1240, 310), *USUAL[10:]]
    image = opened(fortnight(*counts))
    whole_bar = render.BARS_BASE - render.BARS_TOP

    assert height_of(image, 4, render.DIALOGS_PALE) == pytest.approx(whole_bar / 1.6, abs=5)
    cut = height_of(image, 9, render.DIALOGS_PALE)
    assert whole_bar - 25 < cut < whole_bar - 5  # without the gap
    assert height_of(image, 9, render.BOOKINGS_PALE) == pytest.approx(whole_bar * 310 / 1240, abs=3)


def test_a_day_without_figures_is_not_a_day_of_zeros() -> None:
    unknown, zero = opened(fortnight((4, 1), None, (4, 1))), opened(fortnight((4, 1), (0, 0), (4, 1)))
    column = (render.LEFT + 715, render.BARS_BASE - 40, render.LEFT + 857, render.BARS_BASE)

    assert ink(unknown, column) > 0
    assert ink(zero, column) > 2 * ink(unknown, column)


def test_a_hundred_pictures_take_no_more_memory_than_a_few() -> None:
    program = """
import resource
from shared.salon.digest_picture import render
from tests.shared.salon.digest_picture.drawn import WEIRD
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
for payload in WEIRD.values(): render.render(payload)
few = peak()
for number in range(100): render.render([*WEIRD.values()][number % len(WEIRD)])
print(few - before, peak() - few)
"""
    printed = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    first, further = map(int, printed.split())

    assert first < 50
    assert further < 5
