"""What participants are to be reminded of: courses.v_reminders says it, by the clock of the school."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from functions.remind_participants.texts import Kind, Lead
from shared.courses.quiet_hours import QuietHours
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language
from shared.payload import timezones

DAYS_AROUND = timedelta(days=4)  # nothing is due longer than this before or after its day

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class School:
    """The school at one moment: `now` is local to it."""

    bot_id: int
    language: Language
    timezone: str
    quiet_from: time
    quiet_to: time
    now: datetime

    @property
    def is_quiet(self) -> bool:
        """Whether reminders wait."""
        return self.awake_at > self.now

    @property
    def awake_at(self) -> datetime:
        """When quiet hours are over; `now` where there are none."""
        zone = timezones.zone(self.timezone, timezones.OF_SCHOOLS)
        return QuietHours(self.quiet_from, self.quiet_to, zone).defer(self.now)

    def moment(self, day: date, at: time) -> datetime:
        """A moment on the school's clock."""
        return datetime.combine(day, at, timezones.zone(self.timezone, timezones.OF_SCHOOLS))


@dataclass(frozen=True)
class Reminder:
    """Of one person, of one thing. `happens_at`: when it begins or was due; a moved one is another reminder."""

    kind: Kind
    lead: Lead
    subject_id: int
    user_id: int
    telegram_id: int
    title: str | None
    note: str | None
    on_date: date
    end_date: date | None
    start_time: time | None
    happens_at: datetime
    dedup_key: str


async def find_school(connection: Connection, now: datetime | None = None) -> School | None:
    """The school at `now`, by default the database's; None where there is none with a bot."""
    row = await sql.fetch_optional(connection, _SQL["school"])
    if row is None:
        return None
    at = now or row["now"]
    zone = timezones.zone(row["timezone"], timezones.OF_SCHOOLS)
    return School(**row | {"timezone": zone.key, "now": at.astimezone(zone)})


async def due(connection: Connection, school: School, most: int) -> tuple[list[Reminder], int]:
    """At most `most` of those that are due and were not enqueued before; and how many more there are."""
    today = school.now.date()
    parameters = {
        "bot_id": school.bot_id,
        "now": school.now,
        "since": today - DAYS_AROUND,
        "until": today + DAYS_AROUND,
        "most": most,
    }
    rows = await sql.fetch_all(connection, _SQL["due"], parameters)
    total = max((row.pop("total") for row in rows), default=0)
    return [Reminder(**row) for row in rows], total - len(rows)
