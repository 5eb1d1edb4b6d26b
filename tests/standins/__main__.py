"""`make standins`: install the strangers, run them, print a table; the exit code says whether the goals were met."""

from __future__ import annotations

import sys

from tests.standins.install import install
from tests.standins.suites import SCRIPTS, Outcome, run_examples, run_ptb, run_script

PTB = "python-telegram-bot, its own tests"
PTB_GOAL = 200  # some wait for what only Telegram has; of the scripts' cases all must pass


def main() -> int:
    """Run the suites that the arguments name, all without any."""
    tests = install()
    chosen = [name.lower() for name in sys.argv[1:]]
    met = True
    for name in (PTB, *SCRIPTS):
        if chosen and not any(name.lower().startswith(word) for word in chosen):
            continue
        if tests is None:
            outcome = Outcome(skipped="python-telegram-bot's source distribution could not be fetched")
        else:
            outcome = run_ptb(tests) if name == PTB else run_script(SCRIPTS[name], tests)
        met = _show(name, outcome, PTB_GOAL if name == PTB else outcome.total) and met
    if not chosen or "examples" in chosen:
        outcome = run_examples()
        met = _show("examples of docs/sandbox.md", outcome, outcome.total) and met
    return 0 if met else 1


def _show(name: str, outcome: Outcome, goal: int) -> bool:
    """Print a suite's row and its failures; whether the goal was met."""
    if outcome.skipped:
        sys.stdout.write(f"{name:40} SKIPPED: {outcome.skipped}\n")
        return True
    is_met = len(outcome.passed) >= goal and outcome.total > 0
    verdict = "" if is_met else f"  goal {goal} NOT MET"
    sys.stdout.write(f"{name:40} {len(outcome.passed):4} of {outcome.total}{verdict}\n")
    for case, problem in outcome.failed.items():
        sys.stdout.write(f"    {case}: {problem.strip()}\n")
    sys.stdout.flush()
    return is_met


if __name__ == "__main__":
    sys.exit(main())
