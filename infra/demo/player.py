"""Plays a story and prints its table, a line as soon as its step has ended."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text as StyledText

from infra.demo.world import StepFailed, World
from shared.i18n.texts import Text

Play = Callable[[World], Awaitable[Text]]


@dataclass(frozen=True)
class Step:
    """One line of a story: what comes in, and the play that returns what arrived or raises StepFailed."""

    title: Text
    play: Play


class Story(list[Step]):
    """Steps in order. `step` makes a coroutine the next one; its docstring says what comes in."""

    def step(self, russian: str) -> Callable[[Play], Play]:
        """Decorates the play of a step; `russian` says what its docstring says."""

        def decorate(play: Play) -> Play:
            self.append(Step(Text(en=(play.__doc__ or "").rstrip("."), ru=russian.rstrip(".")), play))
            return play

        return decorate


async def play_story(story: Sequence[Step], world: World, console: Console) -> bool:
    """Play `story` and print it; whether all steps arrived."""
    started = time.monotonic()
    _print_line(console, ("", "time", "what comes in", "what arrives", ""), style="bold")
    arrivals = 0
    for number, step in enumerate(story, start=1):
        arrived, what = await play(step, world)
        arrivals += arrived
        mark = StyledText("✓", "green") if arrived else StyledText("✗", "bold red")
        at = f"{time.monotonic() - started:.1f} s"
        _print_line(console, (str(number), at, step.title.en, what.en if arrived else StyledText(what.en, "red"), mark))
    all_arrived = arrivals == len(story)
    verdict = f"{arrivals} of {len(story)} steps arrived in {time.monotonic() - started:.1f} s"
    style = "bold green" if all_arrived else "bold red"
    console.print(StyledText(f"\n{'✓' if all_arrived else '✗'} {verdict}\n", style))
    return all_arrived


async def play(step: Step, world: World) -> tuple[bool, Text]:
    """Play a step; whether it arrived, and what did. Of what has gone wrong the details are in English."""
    try:
        return True, await step.play(world)
    except StepFailed as error:
        what = str(error)
    except Exception as error:  # noqa: BLE001 - a step that breaks is a step that did not arrive; the story goes on
        what = f"{type(error).__name__}: {error}"
    return False, Text(en=what, ru=f"Не дошло. Подробности (по-английски): {what}")


def _print_line(console: Console, cells: Sequence[str | StyledText], style: str = "") -> None:
    """One row of the table. Its columns depend on the console's width alone, so that rows can come one by one."""
    table = Table(box=None, show_header=False, expand=True, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=2, justify="right", style="dim")
    table.add_column(width=6, justify="right", style="dim")
    table.add_column(ratio=5, overflow="fold")
    table.add_column(ratio=6, overflow="fold")
    table.add_column(width=1)
    table.add_row(*(StyledText(cell, style) if isinstance(cell, str) else cell for cell in cells))
    console.print(table)
