"""Charts as SVG (templates/numbers.html draws them), beside a table with the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WIDTH, HEIGHT = 720, 140
_GAP = 0.25  # of a column
_INSET = 0.15  # of a column: the part stands in the whole
_MIN_HEIGHT = 2.0  # of what is more than nothing


@dataclass(frozen=True)
class Bar:
    """A rectangle; `name` is its class in the stylesheet: all of something, or the part of it that matters."""

    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """Bars, and what they show in words."""

    title: str
    bars: Sequence[Bar]
    width: int = WIDTH
    height: int = HEIGHT


def columns(title: str, all_of: Sequence[int], some_of: Sequence[int]) -> Chart | None:
    """A column for each of `all_of`, and in it the part that is in `some_of`; None: there is nothing to compare."""
    top = max(all_of, default=0)
    if not top or len(all_of) == 1:
        return None
    step = WIDTH / max(len(all_of), 7)  # two columns as wide as the chart would say nothing
    bars = [
        _bar(name, count / top, step, place, inset)
        for place, both in enumerate(zip(all_of, some_of, strict=True))
        for name, count, inset in zip(("was", "bar"), both, (0.0, _INSET), strict=True)
        if count
    ]
    return Chart(title, bars)


def percent(part: int, whole: int) -> Decimal | None:
    """How much of a hundred, with two decimals; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def _bar(name: str, share: float, step: float, place: int, inset: float) -> Bar:
    height = max(share * (HEIGHT - 4), _MIN_HEIGHT)
    x = step * (place + _GAP / 2 + inset)
    return Bar(name, round(x, 1), round(HEIGHT - height, 1), round(step * (1 - _GAP - 2 * inset), 1), round(height, 1))
