"""The running stack as its callers have it: requests go in, messages come out. Stories also read the database."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from infra.admin.database import connect
from infra.admin.outbox import changes
from infra.admin.outbox.selection import Selection
from infra.demo.stack import Stack
from shared.database import sql
from shared.database.pool import Database

POLL_SECONDS = 0.01

_SQL = sql.load(__file__)


class StepFailed(Exception):
    """What should have arrived and did not."""


def expect(condition: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like assert, but ends a step and not the demo
    """Raises StepFailed with `otherwise` unless `condition`."""
    if not condition:
        raise StepFailed(otherwise)


class World:
    """What all stories use: HTTP to the functions, the stand-ins, the database, and waiting."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient, database: Database, timeout: float) -> None:
        """`timeout` is how many seconds a step waits for what must happen."""
        self.sandbox = stack.sandbox
        self.telegram = stack.sandbox.telegram
        self.keys = stack.keys
        self.database_url = stack.database_url
        self.http = http
        self.sent_at = 0.0  # Unix time of the newest request, from which its effect is timed
        self._database = database
        self._timeout = timeout

    async def get(self, url: str) -> httpx.Response:
        """GET an address that went out with a message."""
        return await self.http.get(url)

    async def post(self, path: str, *, secret: str | None = None, **options: Any) -> httpx.Response:
        """POST to one of the functions with a source's secret; `options` are httpx's."""
        self.sent_at = time.time()
        headers = {"x-webhook-secret": secret or self.keys.source_secret}
        return await self.http.post(path, headers=headers, **options)

    async def tick(self, function: str) -> dict[str, Any]:
        """Call a function as the scheduler does; its report. Raises StepFailed."""
        self.sent_at = time.time()
        response = await self.http.post(f"/{function}", headers={"x-cron-secret": self.keys.cron_secret})
        expect(response.status_code == 200, f"{function} answered {response.status_code}")
        report: dict[str, Any] = response.json()
        return report

    async def redrive(self) -> None:
        """Send again what could not be delivered in the last hour, as `carillon outbox redrive` does."""
        self.sent_at = time.time()
        await asyncio.to_thread(self._redrive)

    async def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """The rows that `statement` returns."""
        async with self._database.connection() as connection:
            return await (await connection.execute(statement, values)).fetchall()

    async def rows_as(self, become: str, claims: str, statement: str, **values: Any) -> list[dict[str, Any]]:
        """The rows that `statement` returns after `become` has taken a role with these claims."""
        async with self._database.transaction() as connection:
            await connection.execute(become, {"claims": claims})
            return await (await connection.execute(statement, values)).fetchall()

    async def settled(self) -> None:
        """Wait until everything that is due has been sent. Raises StepFailed."""
        give_up_at = time.monotonic() + self._timeout
        while waiting := (await self.rows(_SQL["under_way"]))[0]["waiting"]:
            expect(time.monotonic() < give_up_at, f"{waiting} are still under way after {self._timeout:g} s")
            await asyncio.sleep(POLL_SECONDS)

    async def until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Wait for `condition`. Raises StepFailed with `otherwise`."""
        give_up_at = time.monotonic() + self._timeout
        while not condition():
            expect(time.monotonic() < give_up_at, f"{otherwise} within {self._timeout:g} s")
            await asyncio.sleep(POLL_SECONDS)

    async def taken(self, bot: int, delivered: Mapping[str, Any], what: str) -> None:
        """Wait for an update that was answered too late, on a busy machine: Telegram brings it again.

        `delivered` says what it was answered, `what` it was. Raises StepFailed.
        """
        if delivered.get("status") != 200:
            pending = self.telegram.bot_of(bot).pending
            await self.until(lambda: not pending, f"{what} was answered {delivered.get('status')}, and nothing else")

    def _redrive(self) -> None:
        selection = Selection(states=["dead"], since=datetime.now(UTC) - timedelta(hours=1))
        with connect(self.database_url) as connection:
            plan = changes.plan(connection, "redrive", selection)
        changes.carry_out(self.database_url, plan)
