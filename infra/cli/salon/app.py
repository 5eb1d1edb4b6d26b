"""`carillon salon`: which salons get their digest, and who may read their numbers."""

import typer

from infra.cli.forgetting import commands as forgetting
from infra.cli.salon import connect, example, invite, settings, tenants, users

app = typer.Typer(help="The salons' dashboard: users, tenants, their bots and settings.", no_args_is_help=True)
app.command("add-user", epilog=users.ADD_EXAMPLES)(users.add_user)
app.command("invite", epilog=invite.EXAMPLES)(invite.invite_user)
app.command("users", epilog=users.LIST_EXAMPLES)(users.users)
app.command("example", epilog=example.EXAMPLES)(example.example)
app.command("tenants", epilog=tenants.EXAMPLES)(tenants.tenants)
app.command("connect", epilog=connect.EXAMPLES)(connect.connect_tenant)
app.command("settings", epilog=settings.EXAMPLES)(settings.settings)
app.command("forget", epilog=forgetting.SALON_EXAMPLES)(forgetting.salon)
