"""The last run of each scheduled function, so that a missed tick can be seen."""

import json

from shared import sql
from shared.db import Connection

_SQL = sql.load(__file__)


async def start(connection: Connection, function: str) -> None:
    """Note that `function` starts now."""
    await connection.execute(_SQL["start"], {"function": function})


async def finish(connection: Connection, function: str, report: dict[str, int]) -> None:
    """Note that `function` came to its end, with what it reports."""
    await connection.execute(_SQL["finish"], {"function": function, "report": json.dumps(report)})
