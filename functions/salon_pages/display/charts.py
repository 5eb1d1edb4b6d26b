"""Charts as SVG, beside a table with the same numbers. Without colours of their own: the stylesheet has those."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from markupsafe import Markup

WIDTH, HEIGHT = 720, 140
_GAP = 0.25  # of a column


def bars(title: str, all_of: Sequence[int], some_of: Sequence[int]) -> Markup:
    """A column for each of `all_of`, and in it the part that is in `some_of`. Nothing without anything to show."""
    top = max(all_of, default=0)
    if not top:
        return Markup()
    step = WIDTH / max(len(all_of), 7)  # one column as wide as the chart would say nothing
    shapes = []
    for place, (whole, part) in enumerate(zip(all_of, some_of, strict=True)):
        for count, name, inset in ((whole, "was", 0.0), (part, "bar", step * 0.15)):
            if count:
                height = max(count / top * (HEIGHT - 4), 2)
                shapes.append(
                    Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                        name,
                        place * step + step * _GAP / 2 + inset,
                        HEIGHT - height,
                        step * (1 - _GAP) - 2 * inset,
                        height,
                    )
                )
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-label="{title}"><title>{title}</title>'
        '{shapes}<line class="axis" x1="0" y1="{h}" x2="{w}" y2="{h}"/></svg>'
    ).format(w=WIDTH, h=HEIGHT, title=title, shapes=Markup().join(shapes))


def share(part: int, whole: int) -> Markup:
    """A bar for a line of a table; the numbers beside it say the same."""
    return Markup(
        '<svg class="share" aria-hidden="true"><rect class="was" width="100%" height="100%"/>'
        '<rect class="bar" width="{:.1f}%" height="100%"/></svg>'
    ).format(100 * part / whole if whole else 0)


def percent(part: int, whole: int) -> Decimal | None:
    """How much of a hundred, with two decimals; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None
