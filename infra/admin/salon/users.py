"""The users who may read the salons' numbers. Only the argon2id hash of a password is kept."""

import re
from dataclasses import dataclass
from typing import Literal

from psycopg import errors
from psycopg.rows import DictRow

from functions.salon_pages.session import passwords
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.salon.tenants import as_keeper, audit, find
from shared.database import sql
from shared.salon import sign_in_links

Role = Literal["super_admin", "admin", "staff"]
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]+")

_SQL = sql.load(__file__)
_LINKS = sql.load(sign_in_links.__file__)


@dataclass(frozen=True)
class Added:
    """A new user's id, and slug and name of their salon; None of all salons."""

    id: int
    tenant: str | None
    salon: str | None


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is invited: a name, perhaps an e-mail, and the slug or id of their salon, empty of all."""

    name: str
    role: Role
    tenant: str
    email: str = ""


def check(email: str, role: Role, tenant: str) -> None:
    """Raises ValueError when the address is none, or the role and the salon do not fit."""
    if not EMAIL.fullmatch(email) or not email.isprintable():
        raise ValueError("that is no e-mail address: write name@example.com")
    if (role == "super_admin") == bool(tenant):
        raise ValueError("an admin and staff have a --tenant, a super_admin has none")


def hash_password(password: str) -> str:
    """The argon2id hash to store. Raises ValueError when the password is too short, too long or easily guessed."""
    if passwords.is_weak(password):
        cause = f"a password has at least {passwords.MIN_LENGTH} characters and is not easily guessed"
        raise ValueError(f"{cause}; a sentence is a good one")
    return passwords.hash_password(password)


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


@dataclass(frozen=True)
class Invitation:
    """Somebody who may sign in by a link, and that link; `telegram` is empty where the salon's bot has no username."""

    id: int
    salon: str | None
    link: str
    telegram: str


def invite(connection: Connection, who: NewPerson | int, pages_url: str) -> Invitation:
    """A link for somebody new, or for a user who is there already (by id). Raises AdminError."""
    with as_keeper(connection):
        user = _of_id(connection, who) if isinstance(who, int) else _new(connection, who)
        token, token_hash = sign_in_links.new_token()
        connection.execute(_LINKS["end_former"], {"user_id": user["id"]})
        values = {"user_id": user["id"], "token_hash": token_hash, "minutes": sign_in_links.MINUTES}
        connection.execute(_LINKS["create"], values)
        facts = {"user": user["id"], "role": user["role"]}
        audit(connection, "invite_user", user["tenant_id"], f"user {user['id']} got a link to sign in", facts)
        bot = fetch(connection, _SQL["bot"], tenant=user["tenant_id"])
    telegram = sign_in_links.telegram_address(bot[0]["username"] if bot else None, token)
    return Invitation(user["id"], user["salon"], sign_in_links.address(pages_url, token), telegram)


def _of_id(connection: Connection, user_id: int) -> DictRow:
    found = fetch(connection, _SQL["find"], id=user_id)
    if not found:
        raise AdminError(f"there is no active user {user_id}", "look: carillon salon users")
    return found[0]


def _new(connection: Connection, person: NewPerson) -> DictRow:
    salon = find(connection, person.tenant) if person.tenant else None
    try:
        row = fetch_one(
            connection, _SQL["invite"], email=person.email.lower() or None, role=person.role, name=person.name,
            tenant=salon["id"] if salon else None,
        )  # fmt: skip
    except errors.UniqueViolation:
        raise AdminError("there is a user with this e-mail already", "invite them by their id: --user ID") from None
    return {**row, "salon": salon["name"] if salon else None}


def list_all(connection: Connection) -> list[DictRow]:
    """All users, without passwords."""
    with as_keeper(connection):
        return fetch(connection, _SQL["list"])
