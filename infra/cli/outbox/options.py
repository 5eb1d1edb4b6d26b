"""The options that the commands of `carillon outbox` have in common."""

from datetime import datetime
from typing import Annotated, get_args

import typer

from infra.admin import bots
from infra.cli.options import times

SYSTEMS = (*get_args(bots.System), "platform")


def _system(name: str | None) -> str | None:
    if name is not None and name not in SYSTEMS:
        raise typer.BadParameter(f"there is no system {name}: write one of {', '.join(SYSTEMS)}")
    return name


def _kind(name: str | None) -> str | None:
    if name is not None and (name.partition("/")[0] not in SYSTEMS or not name.partition("/")[2]):
        raise typer.BadParameter("a kind is written system/what, for example getcourse/answer")
    return name


Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", help="Only these rows.")]
ErrorClass = Annotated[str | None, typer.Option("--class", help="Only this error class, for example blocked.")]
System = Annotated[str | None, typer.Option(callback=_system, help="Only this system's, for example getcourse.")]
Kind = Annotated[str | None, typer.Option(callback=_kind, help="Only this kind, for example getcourse/answer.")]
Bot = Annotated[str | None, typer.Option(help="Only this bot's.")]
Since = Annotated[str, typer.Option(help="Only what was queued since: 24h, 7d, 2026-01-15.")]
Until = Annotated[str, typer.Option(help="Only what was queued before: 1h, 2026-01-15 10:00.")]


def moment(text: str) -> datetime | None:
    """The moment that an option names; None when it was left out. Raises typer.BadParameter."""
    return times.since(text) if text else None
