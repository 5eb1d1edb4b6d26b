"""Which messages a command means: the options that `carillon outbox` has in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from infra.cli.options import times
from shared.database import sql

State = Literal["queued", "sending", "sent", "unknown", "dead", "cancelled"]

Ids = Annotated[list[int] | None, typer.Argument(metavar="ID", help="Only these rows.")]
ErrorClass = Annotated[str | None, typer.Option("--class", help="Only this error class, for example blocked.")]
System = Annotated[str | None, typer.Option(help="Only this system's, for example getcourse.")]
Kind = Annotated[str | None, typer.Option(help="Only this kind, for example getcourse/answer.")]
Bot = Annotated[str | None, typer.Option(help="Only this bot's.")]
Since = Annotated[str, typer.Option(help="Only what was queued since: 24h, 7d, 2026-01-15.")]
Until = Annotated[str, typer.Option(help="Only what was queued before: 1h, 2026-01-15 10:00.")]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Selection:
    """What was asked for. Nothing given means everything."""

    ids: Sequence[int] | None = None
    states: Sequence[str] | None = None
    error_class: str | None = None
    system: str | None = None
    kind: str | None = None
    bot: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """What was given, for people who ask later."""
        return {name: value for name, value in vars(self).items() if value}

    def rows(self, connection: Connection, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        """What `statement` answers for this selection. Raises Failure when there is no such bot."""
        if self.bot and not fetch(connection, _SQL["bot"], bot=self.bot):
            raise AdminError(f"there is no bot {self.bot}", "look: carillon bots list")
        return fetch(connection, statement, **vars(self), **parameters)


def moment(text: str) -> datetime | None:
    """The moment that an option names; None when it was left out. Raises typer.BadParameter."""
    return times.since(text) if text else None
