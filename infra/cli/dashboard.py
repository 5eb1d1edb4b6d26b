"""`carillon dashboard`: who may look at the salons' numbers, and which salons get their morning digest."""

import typer

from infra.cli import dashboard_connect, dashboard_settings, dashboard_tenants, dashboard_users

app = typer.Typer(help="The salons' dashboard: users, tenants, their bots and settings.", no_args_is_help=True)
app.command("add-user", epilog=dashboard_users.ADD_EXAMPLES)(dashboard_users.add_user)
app.command("users", epilog=dashboard_users.LIST_EXAMPLES)(dashboard_users.users)
app.command("tenants", epilog=dashboard_tenants.EXAMPLES)(dashboard_tenants.tenants)
app.command("connect", epilog=dashboard_connect.EXAMPLES)(dashboard_connect.connect_tenant)
app.command("settings", epilog=dashboard_settings.EXAMPLES)(dashboard_settings.settings)
