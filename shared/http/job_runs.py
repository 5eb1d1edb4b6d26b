"""platform.job_runs: the last run of each scheduled function, so that `carillon doctor` sees one that is missing."""

import json
import time
from collections.abc import Mapping

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


async def record(connection: Connection, function: str, started: float, report: Mapping[str, int]) -> None:
    """Record a finished run of `function` and its report; `started` is the monotonic time of its beginning."""
    seconds = time.monotonic() - started
    await connection.execute(_SQL["record"], {"function": function, "seconds": seconds, "report": json.dumps(report)})
