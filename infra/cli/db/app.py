"""`carillon db`: the schema, its example data, backups, the functions' logins."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.text import Text

from infra.admin import example_school, schema
from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.learning import import_track
from infra.cli.db import recovery, roles
from infra.cli.output import AsJson, ask, console, print_json, say
from migrations.concurrently import Report

app = typer.Typer(help="The database: its schema, example data, backups, logins.", no_args_is_help=True)

app.command("backup", epilog=recovery.BACKUP_EXAMPLE)(recovery.backup)
app.command("restore", epilog=recovery.RESTORE_EXAMPLE)(recovery.restore)
app.command("after-restore", epilog=recovery.AFTER_EXAMPLES)(recovery.after_restore)
app.command("roles", epilog=roles.EXAMPLES)(roles.roles)

ServerEnv = Annotated[str, typer.Option("--server-env", envvar="SERVER_ENV", hidden=True)]


@app.command("schema", epilog="Example: carillon db schema")
@app.command(epilog="Example: carillon db upgrade")
def upgrade() -> None:
    """Make the schema, or bring it up to the newest revision; schema and upgrade are the same.

    Uses DATABASE_DIRECT_URL when it is set.
    """
    with _progress() as report:
        before, after = schema.upgrade(report)
    say(f"✓ already at revision {after}" if before == after else f"✓ upgraded from {before or 'nothing'} to {after}")


@app.command(epilog="Examples: carillon db reset, carillon db reset --database carillon_test")
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, unless the database's name has to be typed.")] = False,
    database: Annotated[str, typer.Option(metavar="NAME", help="The database's name, typed here.")] = "",
    server_env: ServerEnv = "dev",
) -> None:
    """Remove everything of Carillon from the database and make its empty tables anew. Asks when there is something.

    Where messages were sent, or on another machine, the database's name has to be typed: a yes is not enough.
    """
    _not_in_production(server_env, "reset")
    contents = schema.contents()
    _confirm_reset(contents, database, yes=yes)
    schema.reset()
    say(f"✓ the database {contents} is empty and at the newest revision")


@app.command(epilog="Example: carillon db seed")
def seed(server_env: ServerEnv = "dev") -> None:
    """Put an invented school and a learning track into the database. Twice is as good as once."""
    _not_in_production(server_env, "seed")
    with connect() as connection:
        school, track = example_school.seed(connection), import_track.seed(connection)
    for what, added in (("school", school), ("track", track)):
        say(f"✓ the example {what} " + (f"is there ({added} rows added)" if added else "was there already"))


@app.command(epilog="Example: carillon db status --json")
def status(as_json: AsJson = False) -> None:
    """Show the schema's revision, the server's version and how many rows there are.

    Big tables are not counted, but estimated.
    """
    with connect() as connection:
        state = schema.status(connection)
    if as_json:
        print_json(vars(state))
    else:
        heads = {name: value for name, value in vars(state).items() if name not in ("counts", "estimated")}
        for label, value in {**heads, **state.counts}.items():
            about = "about " if label in state.estimated else ""
            console().print(f"{label.replace('_', ' '):28} {about}{value if value is not None else '–'}", markup=False)
    if state.revision != state.newest:
        raise AdminError(
            f"the schema is at {state.revision or 'nothing'}, not at {state.newest}", "run: carillon db upgrade"
        )


@contextmanager
def _progress() -> Iterator[Report]:
    """Shows on stderr what takes long: one line that changes, or one per statement where no terminal is."""
    out, last = console(stderr=True), ""
    with out.status("migrating") as status:

        def report(statement: str, progress: str) -> None:
            nonlocal last
            status.update(Text(f"{statement}: {progress}"))
            if not out.is_terminal and statement != last:
                out.print(Text(statement), soft_wrap=True)
            last = statement

        yield report


def _not_in_production(server_env: str, command: str) -> None:
    if server_env.strip().lower() == "prod":
        raise AdminError(
            f"SERVER_ENV is prod, and db {command} is not for production", "unset SERVER_ENV if this is none"
        )


def _confirm_reset(contents: schema.Contents, typed: str, *, yes: bool) -> None:
    """Raises AdminError, typer.Abort."""
    if typed and typed != contents.name:
        raise AdminError(f"DATABASE_URL names the database {contents}; nothing was changed", "correct one of the two")
    if typed or not contents.is_filled or (yes and not contents.is_precious):
        return
    loss = f"Everything that Carillon keeps in the database {contents} will be gone"
    if not contents.is_precious:
        ask(f"{loss}. Go on?")
        return
    if yes:
        raise AdminError(
            f"the database {contents} {contents.why}; nothing was changed",
            f"if you mean it: carillon db reset --database {contents.name}, or make db-init DATABASE={contents.name}",
        )
    if typer.prompt(f"{loss}, and it {contents.why}. Type its name to go on") != contents.name:
        raise AdminError("that is not its name; nothing was changed", f"it is called {contents.name}")
