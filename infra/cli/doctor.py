"""`carillon doctor`: is everything in place, and if not, what to do next."""

from typing import Annotated

import typer
from rich.text import Text

from infra.admin.doctor.examination import examine
from infra.admin.doctor.finding import Finding, Level
from infra.admin.formats import format_value
from infra.cli.output import AsJson, console, print_json

EXAMPLES = "Examples: carillon doctor, carillon doctor --offline --json"
MARKS: dict[Level, tuple[str, str]] = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Telegram and the gateways.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything; each line is ok or names the next step. Exit code 1 when there is a problem."""
    findings = examine(offline=offline)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            _print(finding)
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    mark, style = MARKS[finding.level]
    out = console()
    out.print(Text.assemble((mark, style), f" {finding.check:14} {format_value(finding.finding)}"), soft_wrap=True)
    if finding.next_step:
        out.print(Text(f"  → {format_value(finding.next_step)}"), soft_wrap=True)
