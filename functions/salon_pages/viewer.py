"""Whoever is signed in, and transactions in which the database knows them.

Row level security asks for the claims of the transaction (docs/systems/salon.md, Tenant isolation). Here they are made
of the session's row and of nothing that a request says; they are gone with the transaction.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection, Database
from shared.i18n.texts import Language

Role = Literal["super_admin", "admin", "staff"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Viewer:
    """A user who is signed in; `tenant_id` is None for super_admin, who looks after all salons."""

    user_id: int
    name: str
    role: Role
    tenant_id: UUID | None
    language: Language | None  # None: the browser's

    @property
    def manages(self) -> bool:
        """Whether they see money, settings, people and audits, too."""
        return self.role != "staff"


@asynccontextmanager
async def reading(database: Database, viewer: Viewer, salon: UUID | None = None) -> AsyncIterator[Connection]:
    """A read-only transaction of `viewer` as `authenticated`, who sees no row of another tenant.

    `salon` narrows super_admin to one salon, as if they were its admin: what a page of a salon shows is this salon's,
    whoever looks. Statements in it are those of reports/. Raises DatabaseUnavailable.
    """
    async with database.transaction() as connection:
        await connection.execute(_SQL["become_reader"], {"claims": claims(viewer, salon)})
        yield connection


@asynccontextmanager
async def changing(database: Database, viewer: Viewer, salon: UUID | None = None) -> AsyncIterator[Connection]:
    """A transaction in which the function changes, as itself, what `viewer` may change. Raises DatabaseUnavailable."""
    async with database.transaction() as connection:
        await connection.execute(_SQL["become_changer"], {"claims": claims(viewer, salon)})
        yield connection


def claims(viewer: Viewer, salon: UUID | None = None) -> str:
    """The claims of a transaction, as JSON. A salon that is not `viewer`'s narrows nobody but super_admin."""
    narrowed = viewer.role == "super_admin" and salon is not None
    role, tenant = ("admin", salon) if narrowed else (viewer.role, viewer.tenant_id)
    known = {"app_role": role, "user_id": str(viewer.user_id)} | ({} if tenant is None else {"tenant_id": str(tenant)})
    return json.dumps({"app_metadata": known})
