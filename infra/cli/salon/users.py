"""`carillon dashboard add-user` and `users`: who may look."""

import re
import sys
from typing import Annotated, Literal

import typer
from argon2 import PasswordHasher
from psycopg import errors

from infra.admin.database import connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.cli.output import AsJson, print_json, print_table, say
from infra.cli.salon.tenants import as_dashboard_role, audit, find
from shared.database import sql

ADD_EXAMPLES = (
    "Examples: carillon dashboard add-user me@example.com --role super_admin, "
    "carillon dashboard add-user owner@example.com --role admin --tenant aurora --password-stdin < password.txt"
)
LIST_EXAMPLES = "Example: carillon dashboard users --json"
MIN_PASSWORD, MAX_PASSWORD = 12, 1024
EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]+")

_SQL = sql.load(__file__)


def add_user(
    email: Annotated[str, typer.Argument(help="What they log in with.")],
    role: Annotated[Literal["super_admin", "admin", "staff"], typer.Option(help="super_admin sees all salons.")],
    tenant: Annotated[str, typer.Option(help="The salon of an admin or staff: its slug or id.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let somebody in. Only the argon2id hash of the password is kept."""
    if not EMAIL.fullmatch(email) or not email.isprintable():
        raise typer.BadParameter("that is no e-mail address: write name@example.com")
    if (role == "super_admin") == bool(tenant):
        raise typer.BadParameter("an admin and staff have a --tenant, a super_admin has none")
    values = {"email": email.lower(), "role": role, "hash": PasswordHasher().hash(_password(from_stdin=password_stdin))}
    with connect() as connection, as_dashboard_role(connection):
        salon = find(connection, tenant) if tenant else None
        try:
            user = fetch_one(connection, _SQL["add"], tenant=salon and salon["id"], **values)["id"]
        except errors.UniqueViolation:
            raise AdminError("there is a user with this e-mail already", "look: carillon dashboard users") from None
        audit(connection, "add_user", salon and salon["id"], f"user {user} may log in", {"user": user, "role": role})
    if as_json:
        print_json({"id": user, "role": role, "tenant": salon and salon["slug"]})
    else:
        say(f"✓ user {user} may log in as {role}" + (f" of {salon['name']}" if salon else " of all salons"))


def _password(*, from_stdin: bool) -> str:
    """What they chose. Raises typer.BadParameter."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise typer.BadParameter(f"a password has at least {MIN_PASSWORD} characters; a sentence is a good one")
    return password


def users(as_json: AsJson = False) -> None:
    """Show who may look, without passwords."""
    with connect() as connection, as_dashboard_role(connection):
        rows = fetch(connection, _SQL["list"])
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("id", "email", "role", "tenant", "active", "created_at"),
                    "nobody yet; add one: carillon dashboard add-user EMAIL --role super_admin")  # fmt: skip
