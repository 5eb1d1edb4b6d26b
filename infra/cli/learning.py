"""`carillon learning`: the tracks and prompts of the learning system, and who may call it."""

import typer

from infra.cli import (
    learning_clients,
    learning_forget,
    learning_import,
    learning_settings,
    learning_templates,
    learning_tracks,
)

app = typer.Typer(help="The learning tracks: clients and their tokens, tracks, prompts.", no_args_is_help=True)
app.command("add-client", epilog=learning_clients.ADD_EXAMPLES)(learning_clients.add_client)
app.command("clients", epilog=learning_clients.LIST_EXAMPLES)(learning_clients.clients)
app.command("rotate", epilog=learning_clients.ROTATE_EXAMPLES)(learning_clients.rotate)
app.command("settings", epilog=learning_settings.EXAMPLES)(learning_settings.settings)
app.command("forget", epilog=learning_forget.EXAMPLES)(learning_forget.forget)
app.command("import", epilog=learning_import.EXAMPLES)(learning_import.import_)
app.command("tracks", epilog=learning_tracks.EXAMPLES)(learning_tracks.tracks)
app.command("template", epilog=learning_templates.EXAMPLES)(learning_templates.template)
