"""Sessions and events that were moved, cancelled or brought back, of which participants do not know.

What they know is what stood there when this function last ran. So what staff correct within a quarter of an hour is one
change, and what they undo is none.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Literal

from functions.remind_participants.reminders import School
from functions.remind_participants.texts import What
from shared.database import sql
from shared.database.pool import Connection

LAST_MINUTE = time(23, 59)  # what has no time of day may be on until then

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Change:
    """A session or an event: what participants know of it (None: nothing, it is new), and what it is now."""

    kind: Literal["session", "event"]
    id: int
    title: str | None
    version: int
    told_date: date | None
    told_time: time | None
    told_cancelled: bool | None
    on_date: date
    start_time: time | None
    is_cancelled: bool

    @property
    def what(self) -> What | None:
        """What is to be told; None: nothing."""
        if self.told_date is None or (self.told_cancelled and self.is_cancelled):
            return None
        if self.is_cancelled:
            return "cancelled"
        return "restored" if self.told_cancelled else "moved"

    def begins(self, school: School) -> list[datetime]:
        """When participants expect it and when it is now, as far as that is still to come, the sooner first."""
        expected = [] if self.told_date is None or self.told_cancelled else [(self.told_date, self.told_time)]
        now = [] if self.is_cancelled else [(self.on_date, self.start_time)]
        begins = [school.moment(day, at or LAST_MINUTE) for day, at in (*expected, *now)]
        return sorted(begin for begin in begins if begin > school.now)


@dataclass(frozen=True)
class Reader:
    """Somebody who takes part."""

    user_id: int
    telegram_id: int


async def untold(connection: Connection, most: int) -> list[Change]:
    """At most `most` of them."""
    return [Change(**row) for row in await sql.fetch_all(connection, _SQL["untold"], {"most": most})]


async def readers(connection: Connection, school: School, change: Change, most: int) -> Sequence[Reader]:
    """At most `most` of those for whom no message about this change was enqueued yet."""
    parameters = {
        "kind": change.kind, "id": change.id, "version": change.version, "bot_id": school.bot_id, "most": most,
    }  # fmt: skip
    return [Reader(**row) for row in await sql.fetch_all(connection, _SQL["readers"], parameters)]


async def note(connection: Connection, change: Change) -> None:
    """Participants know it as it is here."""
    await connection.execute(_SQL[f"note_{change.kind}"], asdict(change))
