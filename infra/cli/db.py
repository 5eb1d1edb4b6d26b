"""`carillon db`: the schema and its example data."""

from typing import Annotated

import psycopg
import typer

from infra.admin.database import Connection, connect, fetch_one
from infra.admin.errors import AdminError
from infra.cli.learning import import_track
from infra.cli.output import AsJson, console, print_json, say
from infra.local import postgres
from shared import config
from shared.database import sql

app = typer.Typer(help="The database: its schema and example data.", no_args_is_help=True)

ServerEnv = Annotated[str, typer.Option("--server-env", envvar="SERVER_ENV", hidden=True)]

_SQL = sql.load(__file__)
_EXAMPLE = sql.load(__file__, "example_school.sql")


@app.command("schema", epilog="Example: carillon db schema")
@app.command(epilog="Example: carillon db upgrade")
def upgrade() -> None:
    """Make the schema, or bring it up to the newest revision; schema and upgrade are the same.

    Uses DATABASE_DIRECT_URL when it is set.
    """
    with connect(config.load().database_direct_url) as connection:
        before = revision(connection)
    _migrate("upgrade")
    with connect(config.load().database_direct_url) as connection:
        after = revision(connection)
    say(f"✓ already at revision {after}" if before == after else f"✓ upgraded from {before or 'nothing'} to {after}")


@app.command(epilog="Example: carillon db reset --yes")
def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    server_env: ServerEnv = "dev",
) -> None:
    """Remove everything of Carillon from the database and make its empty tables anew. Asks when there is something."""
    _not_in_production(server_env, "reset")
    with connect(config.load().database_direct_url) as connection:
        name = f"{connection.info.dbname} at {connection.info.host}"
        filled = revision(connection) is not None and fetch_one(connection, _SQL["something_to_lose"])["there"]
    if filled and not yes:
        typer.confirm(f"Everything that Carillon keeps in the database {name} will be gone. Go on?", abort=True)
    _migrate("downgrade")
    _migrate("upgrade")
    say(f"✓ the database {name} is empty and at the newest revision")


@app.command(epilog="Example: carillon db seed")
def seed(server_env: ServerEnv = "dev") -> None:
    """Put an invented school and a learning track into the database. Twice is as good as once."""
    _not_in_production(server_env, "seed")
    with connect() as connection:
        school, track = seed_school(connection), import_track.seed(connection)
    for what, added in (("school", school), ("track", track)):
        say(f"✓ the example {what} " + (f"is there ({added} rows added)" if added else "was there already"))


@app.command(epilog="Example: carillon db status --json")
def status(as_json: AsJson = False) -> None:
    """Show the schema's revision, the server's version and how many rows there are."""
    with connect() as connection:
        state = {
            "revision": revision(connection),
            "newest": _head(),
            "server_version": connection.info.server_version // 10000,
            "database": connection.info.dbname,
        }
        counts = fetch_one(connection, _SQL["counts"]) if state["revision"] else {}
    if as_json:
        print_json({**state, "counts": counts})
    else:
        for label, value in {**state, **counts}.items():
            console().print(f"{label.replace('_', ' '):28} {value if value is not None else '–'}", markup=False)
    if state["revision"] != state["newest"]:
        raise AdminError(
            f"the schema is at {state['revision'] or 'nothing'}, not at {state['newest']}", "run: carillon db upgrade"
        )


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it has no Carillon schema."""
    there = fetch_one(connection, _SQL["has_version"])["there"]
    return fetch_one(connection, _SQL["revision"])["revision"] if there else None


def seed_school(connection: Connection) -> int:
    """Add what is missing of the example school; how many rows that were."""
    with connection.transaction():
        return sum(connection.execute(statement).rowcount for statement in _EXAMPLE.values())


def _migrate(direction: str) -> None:
    """Run Alembic. Raises Failure, psycopg.Error."""
    from alembic.util import CommandError  # noqa: PLC0415 - a third of a second that only migrations need
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from migrations import runner  # noqa: PLC0415

    url = config.load().database_direct_url
    try:
        postgres.check_version(url)
        if direction == "upgrade":
            runner.upgrade(url)
        else:
            runner.downgrade(url, "base")
    except postgres.TooOld:
        raise AdminError("Carillon needs Postgres 15 or newer", "point DATABASE_URL to such a server") from None
    except CommandError:
        raise AdminError(
            "the database is at a revision that this checkout does not know", "check out newer code"
        ) from None
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from None
        raise


def _head() -> str:
    from migrations import runner  # noqa: PLC0415 - see _migrate

    return runner.head()


def _not_in_production(server_env: str, command: str) -> None:
    if server_env.strip().lower() == "prod":
        raise AdminError(
            f"SERVER_ENV is prod, and db {command} is not for production", "unset SERVER_ENV if this is none"
        )
