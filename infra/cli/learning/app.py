"""`carillon learning`: the tracks and prompts of the learning system, and who may call it."""

import typer

from infra.cli.learning import clients, example, forget, import_track, settings, templates, tracks

app = typer.Typer(help="The learning tracks: clients and their tokens, tracks, prompts.", no_args_is_help=True)
app.command("add-client", epilog=clients.ADD_EXAMPLES)(clients.add_client)
app.command("clients", epilog=clients.LIST_EXAMPLES)(clients.clients)
app.command("rotate", epilog=clients.ROTATE_EXAMPLES)(clients.rotate)
app.command("settings", epilog=settings.EXAMPLES)(settings.settings)
app.command("forget", epilog=forget.EXAMPLES)(forget.forget)
app.command("example", epilog=example.EXAMPLES)(example.example)
app.command("import", epilog=import_track.EXAMPLES)(import_track.import_)
app.command("tracks", epilog=tracks.EXAMPLES)(tracks.tracks)
app.command("template", epilog=templates.EXAMPLES)(templates.template)
