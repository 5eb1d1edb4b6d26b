"""The entry point: the groups of commands, and the one place where errors become a cause and a next step."""

import sys
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from dotenv import load_dotenv

from infra.admin.errors import AdminError, explain
from infra.cli import bots, doctor, people, replay, sandbox, sources, terms, trace
from infra.cli.courses import app as courses_app
from infra.cli.db import app as db_app
from infra.cli.inbox import app as inbox_app
from infra.cli.learning import app as learning_app
from infra.cli.outbox import app as outbox_app
from infra.cli.output import complain, say
from infra.cli.salon import app as salon_app
from infra.cli.server import deploy, serve
from infra.cli.setup import init
from infra.cli.support import app as support_app
from shared import logs
from shared.errors import ConfigError, DatabaseUnavailable
from shared.version import SCHEMA, VERSION


class ErrorReportingGroup(typer.core.TyperGroup):
    """All commands; what they raise is printed without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; errors become a cause and a next step on stderr."""
        try:
            return super().invoke(ctx)
        except (AdminError, ConfigError, DatabaseUnavailable, psycopg.Error) as error:
            complain(*explain(error))
            raise typer.Exit(1) from None
        except OSError as error:
            if error.filename is None:
                raise
            complain(f"{error.filename}: {error.strerror}", "give another place, or the right to use this one")
            raise typer.Exit(1) from None
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")  # pydantic's words, which typer passes on
            raise


app = typer.Typer(
    cls=ErrorReportingGroup,
    help="Runs a Carillon bundle: its database, people, webhook sources, bots and messages.",
    epilog="Settings come from the environment and from a .env file in the current folder. Begin with: carillon init",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def options(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the release and the schema that it needs.")] = False,
) -> None:
    """Print the release, if asked for."""
    if version:
        say(f"carillon {VERSION}, schema {SCHEMA}")
        raise typer.Exit


app.add_typer(db_app.app, name="db")
app.add_typer(people.app, name="people")
app.add_typer(sources.app, name="sources")
app.add_typer(bots.app, name="bots")
app.add_typer(inbox_app.app, name="inbox")
app.add_typer(outbox_app.app, name="outbox")
app.add_typer(courses_app.app, name="courses")
app.add_typer(support_app.app, name="support")
app.add_typer(salon_app.app, name="salon")
app.add_typer(salon_app.app, name="dashboard", hidden=True)  # its former name, for one release
app.add_typer(learning_app.app, name="learning")
app.command(name="init", epilog=init.EXAMPLES)(init.init)
app.command(name="serve", epilog=serve.EXAMPLES)(serve.serve)
app.command(name="deploy", epilog=deploy.EXAMPLES)(deploy.deploy)
app.command(name="trace", epilog=trace.EXAMPLES)(trace.trace)
app.command(name="replay", epilog=replay.EXAMPLES)(replay.replay)
app.command(name="terms", epilog=terms.EXAMPLES)(terms.terms)
app.command(name="sandbox", epilog=sandbox.EXAMPLES)(sandbox.sandbox)
app.command(name="doctor", epilog=doctor.EXAMPLES)(doctor.doctor)


def load_settings(file: Path) -> None:
    """Take what the environment does not say from `file`, if it is there, whatever editor saved it."""
    try:
        load_dotenv(file, override=False, encoding="utf-8-sig")
    except UnicodeDecodeError:
        complain(f"{file.name} is not UTF-8", "save it again as UTF-8")
        sys.exit(1)


def main() -> None:
    """Run the command line in this process's environment."""
    load_settings(Path(".env"))
    try:
        app()
    except Exception as error:  # noqa: BLE001 - a bug gets its location and a next step, not a wall of text
        complain(f"an error that nobody foresaw: {logs.location(error)}", "report this line to the developers")
        sys.exit(1)
