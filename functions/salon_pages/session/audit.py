"""Who did what on the pages, and from where: within the transaction that does it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from functions.salon_pages.session.sessions import Origin
from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Act:
    """What somebody did: a word for programs, a sentence, facts. No secret and no e-mail belongs in it."""

    action: str
    description: str
    metadata: Mapping[str, Any]


async def audit(connection: Connection, user_id: int | None, tenant_id: UUID | None, origin: Origin, act: Act) -> None:
    """Record what the user (None: nobody we know) did in a salon."""
    values = {
        "user_id": user_id, "tenant_id": tenant_id, "action": act.action, "description": act.description,
        "metadata": json.dumps(dict(act.metadata), default=str), "ip_address": origin.address,
        "user_agent": origin.agent,
    }  # fmt: skip
    await connection.execute(_SQL["audit"], values)


async def audit_failed_sign_in(connection: Connection, user_id: int | None, origin: Origin) -> None:
    """Record that somebody gave a wrong password; the same work where there is no such user."""
    values = {"user_id": user_id, "ip_address": origin.address, "user_agent": origin.agent}
    await connection.execute(_SQL["audit_failed_sign_in"], values)
