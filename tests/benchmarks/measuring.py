"""What every benchmark shares: rounds, medians, goals, and the JSON object of the last line."""

import json
import operator
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Measured = TypeVar("Measured")

DIGITS = 3
_SIGNS = {">=": operator.ge, "<=": operator.le, "<": operator.lt}


class BenchmarkError(Exception):
    """The run proves nothing: something that was answered is not there, or somebody refused to work."""


@dataclass(frozen=True)
class Plan:
    """How much is measured, and where the processes print to."""

    rounds: int
    seconds: float
    printed: Path
    screen: Console = field(default_factory=lambda: Console(stderr=True))

    def interleave(self, what: str, contenders: Mapping[str, Callable[[], Measured]]) -> dict[str, list[Measured]]:
        """Let all contenders run once per round, so that whatever else the machine does meets them alike.

        Who begins changes with the round. Answers each one's measurements, round by round.
        """
        order = turns(list(contenders), self.rounds)
        measured: dict[str, list[Measured]] = {name: [] for name in contenders}
        for name in track(order, what, console=self.screen, transient=True):
            measured[name].append(contenders[name]())
        return measured


def turns(names: list[str], rounds: int) -> list[str]:
    """Who runs when: everybody once per round, each round beginning with another."""
    starts = [number % len(names) for number in range(rounds)]
    return [name for start in starts for name in names[start:] + names[:start]]


def median(values: Iterable[float]) -> float:
    """The middle one, rounded as it is printed."""
    return rounded(statistics.median(values))


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that `percent` % do not exceed, rounded; of a single value, that."""
    known = sorted(values)
    return rounded(statistics.quantiles(known, n=100, method="inclusive")[percent - 1] if len(known) > 1 else known[0])


def rounded(value: float) -> float:
    """As many digits as a reader can use."""
    return round(value, DIGITS)


@dataclass(frozen=True)
class Result:
    """What a benchmark found. A goal belongs to the ratio or figure of its name: `>= 1.3`."""

    name: str
    figures: Mapping[str, float | str]
    ratios: Mapping[str, float]
    goals: Mapping[str, str]

    def missed(self) -> list[str]:
        """The names of the goals that were not reached."""
        return [name for name, goal in self.goals.items() if not _reached(self.value(name), goal)]

    def value(self, name: str) -> float | str:
        """A ratio or a figure."""
        return self.ratios[name] if name in self.ratios else self.figures[name]

    def line(self) -> str:
        """One JSON object."""
        said = {"figures": self.figures, "ratios": self.ratios, "goals": self.goals, "met": not self.missed()}
        return json.dumps({"name": self.name, **said})


def _reached(value: float | str, goal: str) -> bool:
    sign, _, limit = goal.partition(" ")
    return bool(_SIGNS[sign](float(value), float(limit)))
