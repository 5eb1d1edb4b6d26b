"""`carillon salon add-user` and `users`: who may read the salons' numbers."""

import sys
from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.salon.users import Role, add, check, hash_password, list_all
from infra.cli.options.usage import usage_errors
from infra.cli.output import AsJson, print_json, print_table, say

ADD_EXAMPLES = (
    "Examples: carillon salon add-user me@example.com --role super_admin, "
    "carillon salon add-user owner@example.com --role admin --tenant aurora --password-stdin < password.txt"
)
LIST_EXAMPLES = "Example: carillon salon users --json"
COLUMNS = ("id", "name", "email", "role", "tenant", "active", "created_at")


def add_user(
    email: Annotated[str, typer.Argument(help="What they log in with.")],
    role: Annotated[Role, typer.Option(help="super_admin sees all salons.")],
    tenant: Annotated[str, typer.Option(help="The salon of an admin or staff: its slug or id.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let somebody in. Only the argon2id hash of the password is kept."""
    with usage_errors():
        check(email, role, tenant)
    password = _password(from_stdin=password_stdin)
    with usage_errors():
        password_hash = hash_password(password)
    with connect() as connection:
        added = add(connection, email, role, tenant, password_hash)
    if as_json:
        print_json({"id": added.id, "role": role, "tenant": added.tenant})
    else:
        say(f"✓ user {added.id} may log in as {role}" + (f" of {added.salon}" if added.salon else " of all salons"))


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def users(as_json: AsJson = False) -> None:
    """Show who may read the salons' numbers, without passwords."""
    with connect() as connection:
        rows = list_all(connection)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS, "nobody yet; invite somebody: carillon salon invite TENANT --name NAME")
