"""The users who may read the salons' numbers. Only the argon2id hash of a password is kept."""

import re
from dataclasses import dataclass
from typing import Literal

from argon2 import PasswordHasher
from psycopg import errors
from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.salon.tenants import as_keeper, audit, find
from shared.database import sql

Role = Literal["super_admin", "admin", "staff"]
MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 12, 1024
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]+")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Added:
    """A new user's id, and slug and name of their salon; None of all salons."""

    id: int
    tenant: str | None
    salon: str | None


def check(email: str, role: Role, tenant: str) -> None:
    """Raises ValueError when the address is none, or the role and the salon do not fit."""
    if not EMAIL.fullmatch(email) or not email.isprintable():
        raise ValueError("that is no e-mail address: write name@example.com")
    if (role == "super_admin") == bool(tenant):
        raise ValueError("an admin and staff have a --tenant, a super_admin has none")


def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises ValueError when the password is too short or too long."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise ValueError(f"a password has at least {MIN_PASSWORD_LENGTH} characters; a sentence is a good one")
    return PasswordHasher().hash(password)


def add(connection: Connection, email: str, role: Role, tenant: str, password_hash: str) -> Added:
    """Let a checked user in; `tenant` is the slug or id of their salon, empty of all. Raises AdminError."""
    with as_keeper(connection):
        salon = find(connection, tenant) if tenant else None
        salon_id = salon["id"] if salon else None
        try:
            row = fetch_one(
                connection, _SQL["add"], email=email.lower(), role=role, tenant=salon_id, hash=password_hash
            )
        except errors.UniqueViolation:
            raise AdminError("there is a user with this e-mail already", "look: carillon salon users") from None
        user = row["id"]
        audit(connection, "add_user", salon_id, f"user {user} may log in", {"user": user, "role": role})
    return Added(user, salon["slug"], salon["name"]) if salon else Added(user, None, None)


def list_all(connection: Connection) -> list[DictRow]:
    """All users, without passwords."""
    with as_keeper(connection):
        return fetch(connection, _SQL["list"])
