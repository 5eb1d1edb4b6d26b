"""`carillon doctor`: is everything in place, and if not, what to do next."""

from typing import Annotated

import psycopg
import typer
from rich.text import Text

from infra.admin.database import connect
from infra.admin.errors import AdminError, explain
from infra.admin.formats import format_value
from infra.cli.doctor import delivery, learning, salon, support
from infra.cli.doctor import platform as doctor_platform
from infra.cli.doctor.platform import Finding, Level
from infra.cli.output import AsJson, console, print_json
from shared.errors import ConfigError

EXAMPLES = "Examples: carillon doctor, carillon doctor --offline --json"
MARKS: dict[Level, tuple[str, str]] = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Telegram and the gateways.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything; each line is ok or names the next step. Exit code 1 when there is a problem."""
    findings = _examine(offline=offline)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            _print(finding)
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)


def _examine(*, offline: bool) -> list[Finding]:
    try:
        with connect() as connection:
            findings = [doctor_platform.server(connection), doctor_platform.migrations(connection)]
            if findings[-1].level == "problem":  # the rest would only repeat it
                return findings
            for check in doctor_platform.IN_THE_DATABASE + delivery.ALL:
                findings += check(connection)
            findings += doctor_platform.bots(connection, offline=offline) + support.desks(connection, offline=offline)
            return findings + salon.salons(connection) + learning.learning(connection, offline=offline)
    except (AdminError, ConfigError, psycopg.Error) as error:
        cause, next_step = explain(error)
        return [Finding("problem", "database", cause, next_step)]


def _print(finding: Finding) -> None:
    mark, style = MARKS[finding.level]
    out = console()
    out.print(Text.assemble((mark, style), f" {finding.check:14} {format_value(finding.finding)}"), soft_wrap=True)
    if finding.next_step:
        out.print(Text(f"  → {format_value(finding.next_step)}"), soft_wrap=True)
