"""Questions to services outside, asked side by side: one that is dead costs the others nothing."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Thread

from infra.admin.doctor.finding import Finding
from infra.admin.errors import AdminError, explain
from shared import logs
from shared.errors import ConfigError

DEADLINE_SECONDS = 5.0  # for all questions together, and as long again for each MAX_IN_TIME more
MAX_AT_ONCE = 32
MAX_IN_TIME = 200

Progress = Callable[[int, int], None]  # how many are answered, of how many


def quietly(_answered: int, _questions: int) -> None:
    """The progress of whoever does not want to know."""


@dataclass(frozen=True)
class Question:
    """What somebody outside is asked. `ask` raises AdminError when they refuse, or cannot be reached."""

    area: str
    subject: str
    about: str  # how a line about a failure begins
    ask: Callable[[], Finding]
    unasked: str = ""  # what stands there when nobody may be asked; empty: nothing

    def answer(self) -> Finding:
        """The line that comes of it, whatever happens."""
        try:
            return replace(self.ask(), subject=self.subject)
        except (AdminError, ConfigError) as failure:
            return self._problem(*explain(failure))
        except Exception as error:  # noqa: BLE001 - an answer of any wrong shape is this line's end, not the report's
            return self._problem(f"the answer is not understood ({logs.location(error)})", "check who answers there")

    def unanswered(self, seconds: float) -> Finding:
        """The line when the time is up."""
        return self._problem(f"no answer within {seconds:g} s", "check the network, and whether they are up")

    def _problem(self, cause: str, next_step: str) -> Finding:
        message = f"{self.about}: {cause}" if self.about else cause
        return Finding("problem", self.area, message, next_step, self.subject)


Line = Finding | Question


def answered(
    lines: Iterable[Line], *, offline: bool, deadline: float = DEADLINE_SECONDS, progress: Progress = quietly
) -> list[Finding]:
    """`lines` with a finding for each question. Nobody is asked when `offline`."""
    lines = list(lines)
    asked = [] if offline else _ask([line for line in lines if isinstance(line, Question)], deadline, progress)
    answers = iter(asked)
    found = []
    for line in lines:
        if isinstance(line, Finding):
            found.append(line)
        elif not offline:
            found.append(next(answers))
        elif line.unasked:
            found.append(Finding("ok", line.area, line.unasked, subject=line.subject))
    return found


def _ask(questions: Sequence[Question], deadline: float, progress: Progress) -> list[Finding]:
    """The answers, in order. Whoever is still waited for at the end is left behind; its thread ends with us."""
    deadline *= 1 + len(questions) // MAX_IN_TIME
    waiting: SimpleQueue[int] = SimpleQueue()
    answers: dict[int, Finding] = {}
    for index in range(len(questions)):
        waiting.put(index)

    def work() -> None:
        while True:
            try:
                index = waiting.get_nowait()
            except Empty:
                return
            answers[index] = questions[index].answer()
            progress(len(answers), len(questions))

    ends_at = time.monotonic() + deadline
    threads = [Thread(target=work, daemon=True) for _ in range(min(MAX_AT_ONCE, len(questions)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends_at - time.monotonic()))
    return [answers.get(index) or question.unanswered(deadline) for index, question in enumerate(questions)]
