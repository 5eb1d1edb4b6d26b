"""`carillon salon invite`: a link that signs somebody in to the salon's pages."""

from typing import Annotated

import typer

from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.salon.users import EMAIL, Invitation, NewPerson, Role, invite
from infra.cli.output import AsJson, print_json, say
from shared import config
from shared.salon import sign_in_links

EXAMPLES = (
    "Examples: carillon salon invite aurora --name Анна, carillon salon invite aurora --name Олег --role staff, "
    "carillon salon invite --user 5, carillon salon invite --name Ирина --role super_admin"
)


def invite_user(
    tenant: Annotated[str, typer.Argument(metavar="[TENANT]", help="The salon's slug or id.")] = "",
    name: Annotated[str, typer.Option(help="How the person is called on the pages.")] = "",
    role: Annotated[Role, typer.Option(help="super_admin sees all salons, and has no TENANT.")] = "admin",
    email: Annotated[str, typer.Option(help="If they shall be able to set a password, too.")] = "",
    user: Annotated[int, typer.Option(help="The id of somebody who is there already.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Make a link that signs somebody in, once, within a quarter of an hour. Give it to them yourself."""
    pages_url = config.load(names=("salon_pages_url",)).salon_pages_url
    if not pages_url:
        raise AdminError("SALON_PAGES_URL is not set", "set it to the address of salon_pages: https://…")
    who = user or _new(tenant, name, role, email)
    with connect() as connection:
        invitation = invite(connection, who, pages_url)
    if as_json:
        print_json({"id": invitation.id, "link": invitation.link, "telegram": invitation.telegram})
    else:
        _say(invitation)


def _new(tenant: str, name: str, role: Role, email: str) -> NewPerson:
    if (role == "super_admin") == bool(tenant):
        raise typer.BadParameter("an admin and staff have a TENANT, a super_admin has none; or give --user")
    if not name.strip():
        raise typer.BadParameter("say who it is: --name")
    if email and not EMAIL.fullmatch(email):
        raise typer.BadParameter("--email is no e-mail address: write name@example.com")
    return NewPerson(name.strip(), role, tenant, email)


def _say(invitation: Invitation) -> None:
    of_salon = f" of {invitation.salon}" if invitation.salon else ""
    say(f"✓ user {invitation.id}{of_salon}: this link signs in once, within {sign_in_links.MINUTES} minutes")
    say(f"  {invitation.link}")
    if invitation.telegram:
        say(f"  or in Telegram, where the bot knows them from then on: {invitation.telegram}")
