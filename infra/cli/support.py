"""`carillon support`: whose desks there are, how they want to be served, and what their managers have to do."""

import typer

from infra.cli import support_clients, support_handovers, support_prompts, support_settings

app = typer.Typer(help="The WhatsApp support desk: clients, settings, prompts, handovers.", no_args_is_help=True)
app.command("add-client", epilog=support_clients.ADD_EXAMPLES)(support_clients.add_client)
app.command("clients", epilog=support_clients.LIST_EXAMPLES)(support_clients.clients)
app.command("settings", epilog=support_settings.EXAMPLES)(support_settings.settings)
app.command("prompt", epilog=support_prompts.EXAMPLES)(support_prompts.prompt)
app.command("handovers", epilog=support_handovers.EXAMPLES)(support_handovers.handovers)
