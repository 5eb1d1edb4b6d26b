"""When a digest is due: once a day, when the salon's local digest hour has passed."""

from datetime import datetime

from functions.daily_metrics_digest.digest.metrics import Salon
from shared import logs
from shared.database import sql
from shared.database.pool import Database

_SQL = sql.load(__file__)


async def load_due(database: Database, now: datetime) -> tuple[list[Salon], int]:
    """The salons whose digest is due at `now`, and how many have an unknown time zone."""
    async with database.connection() as connection:
        rows = await sql.fetch_all(connection, _SQL["due"], {"now": now})
    due = [Salon(**row) for row in rows if row["day"]]
    if broken := [str(row["tenant_id"]) for row in rows if not row["day"]]:
        next_step = "give them an IANA name in dashboard.tenant_settings.timezone"
        logs.error("unknown_timezone", salons=len(broken), first=broken[0], next_step=next_step)
    return due, len(broken)
