"""`carillon doctor`: is everything in place, and if not, what to do next."""

from typing import Annotated

import typer
from rich.progress import Progress
from rich.text import Text

from infra.admin.doctor.examination import examine
from infra.admin.doctor.finding import Finding, Status
from infra.admin.formats import format_value
from infra.cli.findings import summarize
from infra.cli.output import AsJson, console, print_json

EXAMPLES = "Examples: carillon doctor, carillon doctor --all, carillon doctor --offline --json"
FEW = 20  # questions that need no progress bar
MARKS: dict[Status, tuple[str, str]] = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}
EXIT_CODES = {"ok": 0, "warning": 0, "problem": 1, "unknown": 2}


def doctor(
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not ask Telegram, the gateways and the language model.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Show every line, in the order of the checks, however many are alike.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything. Each line is in order (✓) or says what is wrong and names the next step.

    What is wrong comes first. Where many lines are alike, the first of them stand for all, and what is in order is
    counted: --all shows every line, and so does --json.

    The exit code is 0 when nothing is wrong (a warning, !, may be there), 1 when something is (✗), and 2 when doctor
    could not look: the database does not answer. With --json a monitor gets one object: its status is ok, warning,
    problem or unknown, its findings are the lines.
    """
    out = console(stderr=True)
    with Progress(console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("asking", visible=False)
        report = examine(
            offline=offline,
            progress=lambda done, total: bar.update(task, completed=done, total=total, visible=total > FEW),
        )
    if as_json:
        print_json({"status": report.status, "findings": [vars(finding) for finding in report.findings]})
    else:
        for finding in report.findings if every else summarize(report.findings):
            _print(finding)
    if code := EXIT_CODES[report.status]:
        raise typer.Exit(code)


def _print(finding: Finding) -> None:
    mark, style = MARKS[finding.status]
    out = console()
    out.print(Text.assemble((mark, style), f" {finding.area:14} {format_value(finding.message)}"), soft_wrap=True)
    if finding.next_step:
        out.print(Text(f"  → {format_value(finding.next_step)}"), soft_wrap=True)
