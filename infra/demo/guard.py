"""Which database `make demo` and `make dev` may use: none on which somebody lives, unless its name was typed."""

import os
from contextlib import suppress

from psycopg import errors
from psycopg import sql as compose

from infra.admin import schema
from infra.admin.database import connect, fetch
from infra.admin.errors import AdminError
from infra.local import postgres
from shared import config
from shared.database import sql

MARK = "carillon: demo"

_SQL = sql.load(__file__)


def check_server() -> None:
    """Whether the server that DATABASE_URL names, if any, is one for commands like these.

    Raises ConfigError, AdminError.
    """
    if not os.environ.get("DATABASE_URL"):
        return  # an embedded one
    config.load(names=("database_url",))
    if os.environ.get("SERVER_ENV", "").strip().lower() == "prod":
        step = "unset SERVER_ENV if this is none, or DATABASE_URL: then they make a database of their own"
        raise AdminError("SERVER_ENV is prod, and make demo and make dev are not for production", step)


def check(server_url: str, name: str, *, typed: bool) -> None:
    """Whether the database `name` may be used, if there is one. Raises AdminError, psycopg.Error."""
    with connect(server_url) as connection:
        found = fetch(connection, _SQL["find"], name=name, mark=MARK)
    if not found or found[0]["is_marked"] or typed:
        return
    contents = schema.contents(postgres.named(server_url, name))
    if contents.is_precious:
        raise AdminError(
            f"the database {contents} {contents.why}; nothing was changed",
            f"if you mean it: make demo DATABASE={name}, or make dev DATABASE={name}; or name another one",
        )


def mark(url: str) -> None:
    """Note that what is sent from the database at `url` is played."""
    with connect(url) as connection, suppress(errors.InsufficientPrivilege):  # who uses another's may not comment on it
        name = compose.Identifier(connection.info.dbname)
        connection.execute(compose.SQL("comment on database {} is {}").format(name, MARK))
