"""One seed for all that is left to chance, and the figures of all scenarios in one line."""

import os
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos import invariants
from tests.chaos.scene import Scene, playing


@dataclass
class Figures:
    """What is worth publishing."""

    messages: int = 0
    calls: int = 0
    kills: int = 0
    stops: int = 0
    restarts: int = 0
    lost_answers: int = 0
    duplicates: int = 0
    flagged: int = 0
    unknown: int = 0
    lost: int = 0
    most_in_a_second: int = 0
    longest_recovery: float = 0.0

    def add(self, scene: Scene, **disturbances: int) -> None:
        """Count what happened in a scene."""
        history = scene.history()
        ended = {message.key: message for message in history.messages}
        self.messages += len(history.accepted)
        self.calls += len(history.calls)
        self.duplicates += sum(invariants.duplicates(history).values())
        self.flagged += sum(message.maybe_duplicate for message in history.messages)
        self.unknown += sum(message.state == "unknown" for message in history.messages)
        self.lost += sum(key not in ended or ended[key].state == "dead" for key in history.accepted)
        self.most_in_a_second = max(self.most_in_a_second, invariants.most_in_a_second(history))
        for name, number in disturbances.items():
            setattr(self, name, getattr(self, name) + number)

    def recovered(self, seconds: float) -> None:
        """Remember the longest."""
        self.longest_recovery = max(self.longest_recovery, seconds)

    def line(self) -> str:
        """In words."""
        return (
            f"chaos: {self.messages} messages, {self.kills} kills, {self.stops} stops, {self.restarts} restarts of "
            f"Postgres, {self.lost_answers} lost answers of Postgres: {self.lost} lost, {self.duplicates} duplicates, "
            f"{self.flagged} flagged ({self.unknown} of them unknown), at most "
            f"{self.most_in_a_second} calls in a second, longest recovery {self.longest_recovery:.1f} s"
        )


KEPT = pytest.StashKey[Figures]()


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> Figures:
    """The figures of this session."""
    return request.config.stash.setdefault(KEPT, Figures())


@pytest.fixture(scope="session")
def seed() -> int:
    """CHAOS_SEED, or one of this moment."""
    return int(os.environ.get("CHAOS_SEED") or time.time_ns() % 1_000_000)


@pytest.fixture
def chance(seed: int, request: pytest.FixtureRequest) -> random.Random:
    """What is left to chance in a test: the same for the same seed, whichever tests run."""
    print(f"to repeat it: CHAOS_SEED={seed}")  # noqa: T201 - with -s, and whenever the test fails
    return random.Random(f"{seed}/{request.node.name}")  # noqa: S311 - chaos, not cryptography


@pytest.fixture
async def scene(direct_url: str, printed: Path, chance: random.Random) -> AsyncIterator[Scene]:
    """A scene on a fresh database."""
    async with playing(direct_url, printed, chance) as ready:
        yield ready


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures in one line."""
    if KEPT in config.stash:
        terminalreporter.write_line(config.stash[KEPT].line())
