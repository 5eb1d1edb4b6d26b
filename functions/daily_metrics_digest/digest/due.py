"""When a digest is due: once a day, when the salon's local digest hour has passed."""

from datetime import datetime

from functions.daily_metrics_digest.digest.metrics import Salon
from shared import logs
from shared.database import sql
from shared.database.pool import Database

_SQL = sql.load(__file__)


async def load_due(database: Database, now: datetime) -> list[Salon]:
    """The salons whose digest is due at `now`. Zones that are unknown are logged."""
    async with database.connection() as connection:
        rows = await sql.fetch_all(connection, _SQL["due"], {"now": now})
    due = [Salon(**row) for row in rows]
    if unknown := [str(salon.tenant_id) for salon in due if salon.unknown_zone is not None]:
        logs.error("unknown_timezone", salons=len(unknown), first=unknown[0], next_step="carillon doctor")
    return due
