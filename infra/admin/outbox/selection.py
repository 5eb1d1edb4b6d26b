"""Which messages of the outbox are meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch
from infra.admin.errors import AdminError
from shared.database import sql

State = Literal["queued", "sending", "sent", "unknown", "dead", "cancelled"]

NOT_SENT = frozenset({"dead", "unknown", "cancelled"})  # they have ended, and have an index by when

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Selection:
    """Conditions that messages meet. None given means everything."""

    ids: Sequence[int] | None = None
    states: Sequence[str] | None = None
    error_class: str | None = None
    system: str | None = None
    kind: str | None = None
    bot: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def conditions(self) -> dict[str, Any]:
        """Those that are given; the audit keeps them."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def ended_since(self) -> datetime | None:
        """What was queued since then has ended since then: that has an index."""
        return self.since if self.states and NOT_SENT.issuperset(self.states) else None

    def rows(self, connection: Connection, statement: str, **parameters: Any) -> list[DictRow]:
        """What `statement` returns for this selection. Raises AdminError when there is no such bot."""
        if self.bot and not fetch(connection, _SQL["bot"], bot=self.bot):
            raise AdminError(f"there is no bot {self.bot}", "look: carillon bots list")
        return fetch(connection, statement, **vars(self), ended_since=self.ended_since, **parameters)
