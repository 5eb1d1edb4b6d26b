"""`python -m tests.benchmarks [NAME …]`: measure, print one JSON object a line, say what was missed.

Exit code 0 when every goal was met, 1 when one was missed, 2 when a run proves nothing.
"""

import argparse
import importlib
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measuring import BenchmarkError, Plan, Result

HERE = Path(__file__).parent
BY_NAME = {"growth", "packaged"}  # the one takes an hour and tens of gigabytes, the other root and the package index

Measure = Callable[[Plan], Result]


def benchmarks() -> dict[str, Measure]:
    """Every module of this folder that measures, by its file's name, or its NAME where that is no name of a module."""
    stems = sorted(path.stem for path in HERE.glob("[!_]*.py") if not path.stem.startswith("test_"))
    modules = {stem: importlib.import_module(f"tests.benchmarks.{stem}") for stem in stems}
    measuring = {stem: module for stem, module in modules.items() if hasattr(module, "measure")}
    return {getattr(module, "NAME", stem): module.measure for stem, module in measuring.items()}


def main() -> int:
    """Command line."""
    known = benchmarks()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    usual = [name for name in known if name not in BY_NAME]
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(known)}; {', '.join(usual)} without a name"
    )
    parser.add_argument("--rounds", type=int, default=5, help="goals ask for 5 at least")
    parser.add_argument("--seconds", type=float, default=3.0, help="per contender and round")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in known]:
        parser.error(f"no benchmark {', '.join(unknown)}: there are {', '.join(known)}")
    if options.rounds < 1 or not 0 < options.seconds <= 60:
        parser.error("rounds start at 1, seconds are above 0 and at most 60")
    screen = Console(stderr=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    try:
        results = _run({name: known[name] for name in options.names or usual}, options.rounds, options.seconds, screen)
    except BenchmarkError as error:
        screen.print(f"[red]The run proves nothing:[/] {error}")
        return 2
    if len(results) > 1:
        screen.print(_table(results))
    return 1 if any(result.missed() for result in results) else 0


def _run(chosen: dict[str, Measure], rounds: int, seconds: float, screen: Console) -> list[Result]:
    results = []
    for name, measure in chosen.items():
        with tempfile.TemporaryDirectory(prefix=f"carillon-{name}-") as printed:
            result = measure(Plan(rounds, seconds, Path(printed), screen))
        for missed in result.missed():
            screen.print(f"[red]{name}:[/] {missed} is {result.value(missed)}, not {result.goals[missed]}")
        print(result.line(), flush=True)
        results.append(result)
    return results


def _table(results: list[Result]) -> Table:
    table = Table("benchmark", "what", "measured", "goal", "met")
    for result in results:
        missed = result.missed()
        for name, goal in result.goals.items():
            table.add_row(result.name, name, str(result.value(name)), goal, "[red]no[/]" if name in missed else "yes")
    return table


if __name__ == "__main__":
    sys.exit(main())
