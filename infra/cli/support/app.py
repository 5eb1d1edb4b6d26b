"""`carillon support`: whose desks there are, how they want to be served, and what their managers have to do."""

import typer

from infra.cli.support import clients, handovers, prompts, settings

app = typer.Typer(help="The WhatsApp support desk: clients, settings, prompts, handovers.", no_args_is_help=True)
app.command("add-client", epilog=clients.ADD_EXAMPLES)(clients.add_client)
app.command("clients", epilog=clients.LIST_EXAMPLES)(clients.clients)
app.command("settings", epilog=settings.EXAMPLES)(settings.settings)
app.command("prompt", epilog=prompts.EXAMPLES)(prompts.prompt)
app.command("handovers", epilog=handovers.EXAMPLES)(handovers.handovers)
