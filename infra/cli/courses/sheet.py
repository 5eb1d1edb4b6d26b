"""`carillon courses sheet`: a cohort's attendance and payments as a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from infra.admin.courses import sheet as admin
from infra.admin.database import connect
from infra.cli.output import say

EXAMPLES = "Example: carillon courses sheet 'Осень 2025' autumn.xlsx"


def sheet(
    cohort: Annotated[str, typer.Argument(metavar="COHORT", help="Its name or id: carillon courses cohorts.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", dir_okay=False, writable=True)],
) -> None:
    """Write a cohort's attendance and payments into a spreadsheet that Excel opens; it replaces the file."""
    with connect() as connection:
        content = admin.make(connection, cohort)
    file.write_bytes(content)
    say(f"✓ {file.name} is there: {len(content)} bytes")
