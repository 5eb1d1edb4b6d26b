"""What was asked, the faults that wait, and how long an answer and its words take."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from infra.sandbox.changes import nobody
from infra.sandbox.llm.answering.real import RealModel

KEPT = 10_000


class Fault(BaseModel):
    """What happens to the next `times` questions, once `after` others have been answered.

    To any answer: `hang`: none for `seconds`, then a broken connection; `drop`: a broken connection; `status`: an error
    with `status`; `garbage`: a proxy's page; `empty`: no words; `filter`: refused for its content; `cut`: half of the
    words; `nul`: NUL and a lone surrogate among them; `quota`: nobody has paid; `limit`: too many, for `seconds`;
    `no_usage`: nothing is counted.

    To a stream: `break`: a broken connection after half of the words; `stall`: silence for `seconds` there, then a
    broken connection; `split`: cut anywhere, also inside characters; `no_done`: no `[DONE]`. To an answer that comes at
    once the first two are `drop` and `hang`, and the others make no difference.
    """

    model_config = ConfigDict(extra="forbid")

    does: Literal[
        "hang", "drop", "status", "garbage", "empty", "filter", "cut", "nul", "quota", "limit",
        "no_usage", "break", "stall", "split", "no_done",
    ]  # fmt: skip
    times: int = Field(1, ge=1)
    after: int = Field(0, ge=0)
    status: int = Field(500, ge=400, le=599)
    seconds: float = Field(60, ge=0)


class Model:
    """The state behind the API."""

    def __init__(self) -> None:
        self.journal: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.faults: list[Fault] = []
        self.changed: Callable[[], None] = nobody
        self.is_strict = False  # only models that there are
        self.latency = 0.0
        self.between = 0.0  # two words of a stream
        self.is_by_hand = False  # somebody answers at the page
        self.real: RealModel | None = None  # asked in the stand-in's place
        self.waiting: dict[int, asyncio.Future[str]] = {}  # questions for that person, by their numbers
        self._count = 0

    def reset(self) -> None:
        """Forget questions, faults and latencies."""
        self.journal.clear()
        self.faults.clear()
        self.latency = self.between = 0.0
        self.changed()

    def fail(self, **fault: object) -> None:
        """Arm a fault; takes the fields of `Fault`."""
        self.faults.append(Fault.model_validate(fault))

    def fault(self) -> Fault | None:
        """The oldest fault, used up by one."""
        if not self.faults:
            return None
        fault = self.faults[0]
        if fault.after:
            fault.after -= 1
            return None
        fault.times -= 1
        if fault.times <= 0:
            self.faults.remove(fault)
        return fault

    def answer(self, number: int, text: str = "") -> bool:
        """Answer a question by hand, without a text as is proposed; whether it still waited."""
        waiting = self.waiting.get(number)
        if waiting is None or waiting.done():
            return False
        waiting.set_result(text)
        return True

    def set_by_hand(self, on: bool) -> None:  # noqa: FBT001 - a switch
        """Let a person answer, or the stand-in, also what waits already."""
        self.is_by_hand = on
        if not on:
            for number in self.waiting:
                self.answer(number)

    def note(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Write a question down; whoever answers adds to its row: the status, the answer, whether the caller left."""
        self._count += 1
        blank = {"status": None, "fault": None, "answer": None, "streamed": False, "left": False}
        row = {"n": self._count, "unix": time.time(), **blank, **asked}
        self.journal.append(row)
        self.changed()
        return row

    def since(self, number: int) -> list[dict[str, Any]]:
        """The questions after the one with this number."""
        return [row for row in self.journal if row["n"] > number]
