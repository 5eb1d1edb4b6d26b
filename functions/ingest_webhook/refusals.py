"""Requests of authenticated callers that were refused are counted, so that `carillon doctor` can show them."""

from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from shared import logs
from shared.database import sql
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable, HttpProblem

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Refusal:
    """Which source's request was refused, and how it was answered."""

    source_id: int
    status: int
    reason: str


class Refusals:
    """Counts refused requests: one row per source, day and reason."""

    def __init__(self, database: Database) -> None:
        """`database` is where they are counted."""
        self._database = database
        self._counter = GroupCommit(self._write)

    async def counted(self, source_id: int, response: Awaitable[Response]) -> Response:
        """The `response`. What is refused is counted: HttpProblem, and a body that breaks off; both go on."""
        try:
            return await response
        except HttpProblem as problem:
            await self._count(Refusal(source_id, problem.status, problem.title))
            raise
        except ClientDisconnect:
            await self._count(Refusal(source_id, 400, "Incomplete"))
            raise

    async def _count(self, refusal: Refusal) -> None:
        try:
            await self._counter.submit(refusal)
        except DatabaseUnavailable as error:  # the caller is refused all the same
            logs.error("refusal_not_counted", cause=error, status=refusal.status)

    async def _write(self, refusals: list[Refusal]) -> list[None]:
        counts = Counter(refusals)
        columns = {
            "source_ids": [refusal.source_id for refusal in counts],
            "statuses": [refusal.status for refusal in counts],
            "reasons": [refusal.reason for refusal in counts],
            "counts": list(counts.values()),
        }
        async with self._database.connection() as connection:
            await connection.execute(_SQL["count_refused"], columns)
        return [None] * len(refusals)
