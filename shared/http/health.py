"""GET `/health` of every function: whether it can work, and what it sees of the whole.

Anybody may ask, and nobody can make it work: the database is asked once in CACHE_TTL_SECONDS, however many ask.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from shared import logs
from shared.database import sql, time_limit
from shared.database.pool import Database
from shared.database.time_limit import TimeLimit
from shared.errors import DatabaseUnavailable
from shared.http import requests
from shared.http.responses import Handler, json_response
from shared.version import SCHEMA, VERSION

PATH = "/health"
CACHE_TTL_SECONDS = 5.0
SLOW_SECONDS = 120.0  # that a due message may wait

_SQL = sql.load(__file__)

Status = Literal["ok", "degraded", "failing"]


@dataclass(frozen=True)
class Facts:
    """What the database said; nothing of it when it was away."""

    revision: str | None = None
    waiting_seconds: float = 0.0
    missed: list[str] = field(default_factory=list)

    @property
    def status(self) -> Status:
        """A function fails without its database or schema; what else is wrong, it can work with."""
        if self.revision is None or self.revision < SCHEMA:
            return "failing"
        return "degraded" if self.missed or self.waiting_seconds > SLOW_SECONDS else "ok"


class Health:
    """The health of one function, as far as `database` tells it."""

    def __init__(self, database: Database) -> None:
        """Nothing is known yet."""
        self._database = database
        self._known: asyncio.Future[Facts] | None = None
        self._asked_at = 0.0

    async def facts(self) -> Facts:
        """What is known: what was asked a moment ago, or is being asked."""
        if self._known is None or time.monotonic() - self._asked_at > CACHE_TTL_SECONDS:
            self._asked_at = time.monotonic()
            self._known = asyncio.ensure_future(self._ask())
        return await asyncio.shield(self._known)  # a caller who hangs up takes it from nobody else

    async def _ask(self) -> Facts:
        time_limit.current.set(TimeLimit())
        try:
            async with self._database.connection() as connection:
                return Facts(**await sql.fetch_one(connection, _SQL["health"]))
        except DatabaseUnavailable:
            return Facts()
        except Exception as error:  # noqa: BLE001 - a schema without the function, a role without the right
            logs.error("health_failed", cause=error)
            return Facts()
        finally:
            self._asked_at = time.monotonic()


def with_health(name: str, database: Database, handler: Handler) -> Handler:
    """`handler` of the function `name`, which answers GET /health, too: 200, or 503 when the function cannot work."""
    health = Health(database)

    async def handle(request: Request) -> Response:
        if request.method not in ("GET", "HEAD") or requests.path(request, name) != PATH:
            return await handler(request)
        logs.start_request(name)
        facts = await health.facts()
        return json_response(body(name, facts), 503 if facts.status == "failing" else 200)

    return handle


def body(name: str, facts: Facts) -> dict[str, Any]:
    """The answer's fields. Of people and messages nothing is in it."""
    return {
        "status": facts.status,
        "function": name,
        "version": VERSION,
        "schema": {"found": facts.revision, "needed": SCHEMA},
        "waiting_seconds": round(facts.waiting_seconds, 1),
        "missed": facts.missed,
    }
