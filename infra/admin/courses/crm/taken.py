"""Which numbers of rows were taken before: ranges, as Postgres keeps them in a multirange."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator

_RANGE = re.compile(r"\[(-?\d+),(-?\d+)\)")


class Taken:
    """A set of numbers that lie together, in little memory."""

    def __init__(self, multirange: str) -> None:
        """`multirange` is the text of an int8multirange."""
        self._starts, self._ends = array("q"), array("q")
        for found in _RANGE.finditer(multirange):
            self._starts.append(int(found[1]))
            self._ends.append(int(found[2]))

    def __contains__(self, number: int) -> bool:
        place = bisect_right(self._starts, number) - 1
        return place >= 0 and number < self._ends[place]


def multirange(numbers: Iterable[int]) -> str:
    """The text of the int8multirange that holds `numbers`."""
    return "{" + ",".join(f"[{start},{end})" for start, end in _ranges(sorted(numbers))) + "}"


def _ranges(numbers: list[int]) -> Iterator[tuple[int, int]]:
    start = end = None
    for number in numbers:
        if start is None or end is None:
            start, end = number, number + 1
        elif number > end:
            yield start, end
            start, end = number, number + 1
        else:
            end = max(end, number + 1)
    if start is not None and end is not None:
        yield start, end
