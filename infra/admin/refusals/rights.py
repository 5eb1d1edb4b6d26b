"""Which right a database user lacks (42501), and who gives it. Postgres names only objects in these messages."""

import re

import psycopg

from infra.admin.refusals import connecting

_GIVEN = re.compile(
    r"permission denied for (?P<kind>[a-z ]+) (?P<object>\S+)"
    r"|must be owner of (?P<owned>[a-z ]+) (?P<mine>\S+)"
    r"|(?:grant role|set role|admin option on role) \"(?P<role>[^\"]+)\""
)
_OWNER = "connect as the owner of Carillon's tables"


def explain(error: psycopg.Error) -> tuple[str, str]:
    """The cause and the next step of a missing right."""
    owner, user = connecting.user(direct=True) or "USER", connecting.user() or "USER"
    return missing(error.diag.message_primary or "", owner, user)


def missing(message: str, owner: str, user: str) -> tuple[str, str]:
    """The same of Postgres' `message`: `owner` migrates, `user` is whom everything else connects as."""
    if "create role" in message or "CREATEROLE" in message:
        return (f"the database user {owner} may not create roles, and each function gets one",
                f'a superuser runs: alter role "{owner}" createrole; then again: carillon db upgrade')  # fmt: skip
    found = _GIVEN.search(message)
    if not found:
        return f"the database user {user} lacks a right", f"{_OWNER}, which DATABASE_URL names"
    if role := found["role"]:
        return (f"the database user {owner} may neither grant nor take the role {role}, which somebody else made",
                f'a superuser runs: grant "{role}" to "{owner}" with admin option')  # fmt: skip
    if found["owned"]:
        return f"the {found['owned']} {found['mine']} belongs to another user than {owner}", _OWNER
    return _denied(found["kind"], found["object"], user, owner)


def _denied(kind: str, name: str, user: str, owner: str) -> tuple[str, str]:
    if kind == "database":
        step = f'its owner or a superuser runs: grant create on database "{name}" to "{owner}"'
        return f"the database user {owner} may make no schema in the database {name}", step
    if (kind, name) == ("schema", "public"):
        step = f'its owner or a superuser runs: grant usage, create on schema public to "{owner}"'
        return f"the database user {owner} may make nothing in the schema public", step
    step = f'{_OWNER}; if {user} is a function\'s: grant fn_NAME to "{user}"; then, as the owner: carillon db upgrade'
    return f"the database user {user} may not use the {kind} {name}", step
