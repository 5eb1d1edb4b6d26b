"""What a flood of refused requests writes to the log."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from shared import logs
from shared.telemetry.refusal_lines import LINES_PER_SECOND, RefusalLines

FLOOD = 500


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def printed() -> Iterator[StringIO]:
    stream = StringIO()
    logs.setup("INFO", stream)
    yield stream
    logs.setup("INFO")


def lines(printed: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.getvalue().splitlines()]


def test_a_flood_writes_a_few_lines_a_second_and_the_next_says_how_many_it_did_not(printed: StringIO) -> None:
    clock = Clock()
    refusals = RefusalLines(clock)
    for _ in range(3):
        for _ in range(FLOOD):
            refusals.stranger("POST")
        clock.now += 1
    refusals.stranger("POST")

    written = lines(printed)
    assert len(written) == 3 * LINES_PER_SECOND + 1
    assert len(written) + sum(line.get("unlogged", 0) for line in written) == 3 * FLOOD + 1
    assert "unlogged" not in written[0]


def test_a_flood_hides_no_refusal_of_another_kind_or_function(printed: StringIO) -> None:
    refusals = RefusalLines(Clock())
    for _ in range(FLOOD):
        refusals.stranger("GET")
        refusals.refused(401, "Unauthorized", "")
    refusals.refused(413, "Too Large", "")
    logs.function.set("learning_api")
    refusals.stranger("GET")

    assert [(line["event"], line.get("status"), line["function"]) for line in lines(printed)[-2:]] == [
        ("refused", 413, ""),
        ("stranger", None, "learning_api"),
    ]


def test_who_comes_slowly_is_always_written(printed: StringIO) -> None:
    clock = Clock()
    refusals = RefusalLines(clock)
    for _ in range(FLOOD):
        clock.now += 1 / LINES_PER_SECOND + 0.01
        refusals.refused(422, "Not Understood", "")

    assert len(lines(printed)) == FLOOD
