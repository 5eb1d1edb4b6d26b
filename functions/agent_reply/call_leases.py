"""Calls of the model that a public client and its devices have under way, bounded in all processes together.

A call holds a lease in its device's row and in its client's, and no lock. Whoever dies with one frees it by its end.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio

from functions.agent_reply.call import AgentCall
from functions.agent_reply.public_calls import CallsAtOnce, too_many
from shared.database import sql
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable
from shared.learning import limits

GRACE_SECONDS = 10.0  # all that a call does beside the model takes surely less

_SQL = sql.load(__file__)


class CallLeases:
    """The leases in `database`. Whoever is too many in this process already costs no query."""

    def __init__(self, database: Database, deadline_seconds: float) -> None:
        """`deadline_seconds`: the model's."""
        self._database = database
        self._deadline_seconds = deadline_seconds
        self._in_process = CallsAtOnce()

    @asynccontextmanager
    async def hold(self, call: AgentCall, deadlines: int) -> AsyncIterator[None]:
        """Count a call for as long as it lasts, at most so many of the model's deadlines.

        Raises HttpProblem 429, DatabaseUnavailable. A client that is a server may have any number.
        """
        if not call.client.is_public or call.session is None:
            yield
            return
        with self._in_process.enter(call.client, call.session):
            seconds = deadlines * self._deadline_seconds + GRACE_SECONDS
            lease = await self._acquire({"client": call.client.id, "user": call.session.user_id}, seconds)
            try:
                yield
            finally:
                with anyio.CancelScope(shield=True), suppress(DatabaseUnavailable):  # it ends by itself
                    await self._release(lease)

    async def _acquire(self, whose: dict[str, Any], seconds: float) -> dict[str, Any]:
        values = whose | {
            "seconds": seconds,
            "device_limit": limits.DEVICE_CALLS_AT_ONCE,
            "client_limit": limits.CLIENT_CALLS_AT_ONCE,
            "new_devices_limit": limits.CLIENT_CALLS_AT_ONCE // limits.NEW_DEVICES_SHARE,
        }
        async with self._database.connection() as connection:
            row = await sql.fetch_one(connection, _SQL["acquire"], values)
        if not row["has_client"]:
            if row["has_device"]:  # another call was quicker
                await self._release(whose | row)
            raise too_many()
        return whose | row

    async def _release(self, lease: dict[str, Any]) -> None:
        async with self._database.connection() as connection:
            await connection.execute(_SQL["release"], lease)
