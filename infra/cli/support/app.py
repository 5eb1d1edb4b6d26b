"""`carillon support`: the support desks, how they work, and who waits for a manager."""

import typer

from infra.cli.corrections import desks as corrections
from infra.cli.forgetting import commands as forgetting
from infra.cli.support import desks, handovers, prompts, settings

app = typer.Typer(help="The WhatsApp support desk: clients, settings, prompts, handovers.", no_args_is_help=True)
app.command("add-client", epilog=desks.ADD_EXAMPLES)(desks.add_client)
app.command("clients", epilog=desks.LIST_EXAMPLES)(desks.clients)
app.command("settings", epilog=settings.EXAMPLES)(settings.settings)
app.command("pause", epilog=corrections.PAUSE_EXAMPLES)(corrections.pause)
app.command("resume", epilog=corrections.RESUME_EXAMPLES)(corrections.resume)
app.command("remove", epilog=corrections.REMOVE_EXAMPLES)(corrections.remove)
app.command("prompt", epilog=prompts.EXAMPLES)(prompts.prompt)
app.command("handovers", epilog=handovers.EXAMPLES)(handovers.handovers)
app.command("forget", epilog=forgetting.SUPPORT_EXAMPLES)(forgetting.support)
