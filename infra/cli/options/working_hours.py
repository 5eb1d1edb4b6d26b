"""A week's working hours as people type them: `mon-fri 09:00-18:00; sat 10:00-13:00, 14:00-16:00`, or `always`."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.support.working_time import DAYS

ALWAYS = "always"
FORM = "write working hours like 'mon-fri 09:00-18:00; sat 10:00-13:00, 14:00-16:00', or always"

Week = dict[str, list[list[str]]]


def read(text: str) -> Week | None:
    """The week that `text` describes; None: always. The times themselves are checked by shared.support.working_time.

    Raises ValueError.
    """
    if text.strip().lower() == ALWAYS:
        return None
    week: Week = {}
    for part in text.replace("–", "-").lower().split(";"):
        days, _, times = part.strip().partition(" ")
        intervals = [[time.strip() for time in interval.split("-")] for interval in times.split(",")]
        if not all(len(interval) == 2 for interval in intervals):
            raise ValueError(FORM)
        for day in _days(days):
            week.setdefault(day, []).extend(intervals)
    return week


def _days(text: str) -> list[str]:
    """`mon`, `mon-fri`, `sat,sun`, and around the week's end: `sat-mon`."""
    days: list[str] = []
    for span in text.split(","):
        first, _, last = span.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(FORM)
        begin, end = DAYS.index(first), DAYS.index(last or first)
        days += [DAYS[(begin + n) % 7] for n in range((end - begin) % 7 + 1)]
    return days


def write(week: Mapping[str, Sequence[Any]] | None) -> str:
    """The text that `read` takes for `week`; neighbouring days with the same hours are joined."""
    if week is None:
        return ALWAYS
    parts: list[tuple[str, str, str]] = []
    for position, day in enumerate(DAYS):
        times = ", ".join("-".join(interval) for interval in week.get(day, ()))
        if parts and parts[-1][1:] == (DAYS[position - 1], times):
            parts[-1] = (parts[-1][0], day, times)
        else:
            parts.append((day, day, times))
    return "; ".join(
        f"{first if first == last else f'{first}-{last}'} {times}" for first, last, times in parts if times
    )
