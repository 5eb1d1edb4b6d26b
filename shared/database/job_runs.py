"""platform.job_runs: the last run of each scheduled function, so that `carillon doctor` sees one that is missing.

platform.run_reports: those that did something, so that `carillon trace` finds them.
"""

import json
import time
from collections.abc import Mapping

from shared import logs
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def record(
    connection: Connection, function: str, started: float, report: Mapping[str, int], period_seconds: float
) -> None:
    """Record a finished run of `function` and its report; `started` is the monotonic time of its beginning.

    Whoever looks later knows by `period_seconds` when the next run was due.
    """
    correlation_id = logs.correlation_id.get()
    parameters = {
        "function": function,
        "seconds": time.monotonic() - started,
        "report": json.dumps(report),
        "period_seconds": round(period_seconds),
        "correlation_id": correlation_id,
        "is_kept": bool(correlation_id) and any(count for name, count in report.items() if name != "remaining"),
    }
    await connection.execute(_SQL["record"], parameters)
