"""`carillon courses people`, `roles` and `export`."""

from typing import Annotated

import typer

from infra.admin.courses import export as exporting
from infra.admin.courses import people as admin
from infra.admin.courses.people import Role
from infra.admin.database import connect
from infra.cli.output import AsJson, MaxRows, print_json, print_page, print_table, say

PEOPLE_EXAMPLES = "Examples: carillon courses people, carillon courses people иван"
ROLES_EXAMPLES = (
    "Examples: carillon courses roles, carillon courses roles @anna curator,"
    " carillon courses roles 512000001 admin --new for the first administrator"
)
EXPORT_EXAMPLES = "Example: carillon courses export @anna > anna.json"
COLUMNS = ("id", "name", "role", "cohort", "stream", "telegram_id", "username", "consent")
STAFF_COLUMNS = ("id", "name", "role", "telegram_id", "username")

Who = Annotated[
    str, typer.Argument(metavar="WHO", help="Telegram id, @username, nickname, phone, e-mail, or id:17 for our own.")
]


def people(
    find: Annotated[str, typer.Argument(metavar="[FIND]", help="Any part of a name; an id, a phone, an e-mail.")] = "",
    limit: MaxRows = 50,
    as_json: AsJson = False,
) -> None:
    """Show the school's people: role, cohort and stream, and whether they agreed to being stored."""
    with connect() as connection:
        rows = admin.find(connection, find)
    if as_json:
        print_json(rows)
    else:
        print_page(rows, COLUMNS, "nobody is found", limit)


def roles(
    who: Annotated[str, typer.Argument(metavar="[WHO]", help="Telegram id, @username, nickname, or id:17.")] = "",
    role: Annotated[Role | None, typer.Argument(metavar="[ROLE]", help="user, curator or admin.")] = None,
    new: Annotated[bool, typer.Option("--new", help="WHO is a Telegram id that nobody has yet: add them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show curators and administrators; with WHO and ROLE, give somebody a role."""
    if bool(who) != bool(role):
        raise typer.BadParameter("give WHO and ROLE: carillon courses roles @anna curator")
    with connect() as connection:
        rows = [admin.set_role(connection, who, role, add=new)] if role else admin.staff(connection)
    if as_json:
        print_json(rows)
    elif role:
        say(f"✓ {rows[0]['name'] or who} is {role}")
    else:
        print_table(rows, STAFF_COLUMNS, "nobody is curator or administrator yet")


def export(who: Who) -> None:
    """Print everything that is known of a person as JSON, but for their password's hash."""
    with connect() as connection:
        print_json(exporting.export(connection, who))
