"""A database login for each function, with the rights of its role and no others.

A login has one password, so a function has two logins, `…_a` and `…_b`: a rotation gives the one that rests a new
password, and an end to the one that worked. Passwords are made here and leave as SCRAM verifiers: no statement holds
one.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urlsplit, urlunsplit

from psycopg import errors
from psycopg import sql as compose
from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

DEFAULT_PREFIX = "carillon"
PREFIX = re.compile(r"[a-z][a-z0-9_]{0,31}")
SLOTS = ("a", "b")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Login:
    """What a function connects as; the address of the database in its name, where it has a new password."""

    function: str
    name: str
    url: str | None = field(default=None, repr=False)


def check_prefix(prefix: str) -> None:
    """Raises ValueError when no login's name can begin so."""
    if not PREFIX.fullmatch(prefix):
        raise ValueError("a prefix begins with a letter and has at most 32 of a-z, 0-9 and _")


def ensure(
    connection: Connection, url: str, functions: Sequence[str], prefix: str, rotate_keeping: timedelta | None
) -> list[Login]:
    """Give each of `functions` a login, if it has none; the rights of all their logins are put right.

    With `rotate_keeping` each gets a new password, and the former login ends after that time. `url` is where functions
    connect. To be called in a transaction: it is all of them or none. Raises AdminError, psycopg.Error.
    """
    if missing := fetch(connection, _SQL["missing_roles"], roles=[f"fn_{function}" for function in functions]):
        raise AdminError(f"the database has no role {missing[0]['name']}", "run: carillon db upgrade")
    names = [_name(prefix, function, slot) for function in functions for slot in SLOTS]
    found = {row["name"]: row for row in fetch(connection, _SQL["find"], names=names)}
    _check_powerless(found)
    session = fetch_one(connection, _SQL["session"], keep=rotate_keeping or timedelta(0))
    try:
        return [
            _ensure_one(connection, url, function, prefix, found, session, rotate=rotate_keeping is not None)
            for function in functions
        ]
    except errors.InsufficientPrivilege as error:
        if "grant role" in str(error) or "admin option" in str(error):
            raise  # whoever explains errors knows who gives that right
        raise AdminError(
            f"the database user {session['owner']} may not make logins; nothing was changed",
            f'a superuser runs: alter role "{session["owner"]}" createrole; or makes them by hand: docs/operations.md',
        ) from None


def _ensure_one(  # noqa: PLR0913 - what is the same for all functions, and one of them
    connection: Connection,
    url: str,
    function: str,
    prefix: str,
    found: Mapping[str, DictRow],
    session: DictRow,
    *,
    rotate: bool,
) -> Login:
    a, b = (_name(prefix, function, slot) for slot in SLOTS)
    used = next((name for name in (a, b) if name in found and found[name]["has_no_end"]), None)
    for name in (a, b):
        if name in found:
            _put_right(connection, name, f"fn_{function}", found[name]["roles"])
    if used and not rotate:
        return Login(function, used)
    new = b if used == a else a
    password = secrets.token_urlsafe(32)
    _set_password(connection, new, password, exists=new in found)
    if new not in found:
        _put_right(connection, new, f"fn_{function}", [])
    if used:
        statement = compose.SQL("alter role {} valid until {}")
        connection.execute(statement.format(compose.Identifier(used), compose.Literal(session["old_until"])))
    return Login(function, new, address(url, session["owner"], new, password))


def address(url: str, owner: str, login: str, password: str) -> str:
    """`url` for another user. What a pooler adds to the owner's name (`postgres.project`), a login's name gets, too."""
    parts = urlsplit(url)
    added = unquote(parts.username or "").removeprefix(owner)
    name = login + (added if added.startswith(".") else "")
    query = "&".join(pair for pair in parts.query.split("&") if pair.partition("=")[0] not in ("user", "password"))
    location = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{location}", query=query))


def _name(prefix: str, function: str, slot: str) -> str:
    return f"{prefix}_{function}_{slot}"


def _check_powerless(found: Mapping[str, DictRow]) -> None:
    for name, row in found.items():
        if row["is_powerful"]:
            raise AdminError(
                f"the login {name} may do more than a function needs; nothing was changed",
                f'a superuser runs: alter role "{name}" nosuperuser nocreatedb nocreaterole noreplication nobypassrls',
            )


def _put_right(connection: Connection, login: str, role: str, granted: Sequence[str]) -> None:
    """Let `login` have `role`, and no other."""
    name = compose.Identifier(login)
    if role not in granted:
        connection.execute(compose.SQL("grant {} to {}").format(compose.Identifier(role), name))
    for other in granted:
        if other != role:
            connection.execute(compose.SQL("revoke {} from {}").format(compose.Identifier(other), name))


def _set_password(connection: Connection, login: str, password: str, *, exists: bool) -> None:
    verifier = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    statement = compose.SQL("{} role {} login password {} valid until 'infinity'").format(
        compose.SQL("alter" if exists else "create"), compose.Identifier(login), compose.Literal(verifier)
    )
    connection.execute(statement)
