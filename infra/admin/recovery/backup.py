"""A whole copy of the database in one file, by whoever owns it: all rows, also those that policies hide from owners."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infra.admin.database import Connection, connect, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.recovery import programs
from shared import config
from shared.database import sql

# As carillon_backup, to whom the policies show every row; without the second, pg_dump refuses to go by policies.
OPTIONS = ("--format=custom", "--role=carillon_backup", "--enable-row-security")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Backup:
    """What was made: the moment that `db after-restore` wants, and other people's tables, which are not in it."""

    ended_at: datetime
    left_out: list[str]


def make(file: Path) -> Backup:
    """Dump the database to `file`, which is not there yet; half a file never stays. Raises AdminError."""
    if file.exists():
        raise AdminError(f"{file} is there already", "name another file")
    url = config.load(names=("database_direct_url",)).database_direct_url
    with connect(url) as connection:
        _require_readable(connection)
        left_out = [row["name"] for row in fetch(connection, _SQL["not_ours"])]
        program = programs.find("pg_dump", connection.info.server_version // 10000)
    part = file.with_name(file.name + ".part")
    part.touch(mode=0o600)  # names, phones and what people wrote
    excluded = [f"--exclude-table={name}" for name in left_out]
    if not programs.run(program, url, *OPTIONS, *excluded, f"--file={part}"):
        part.unlink()
        raise AdminError("pg_dump failed, and says why above; no file was made", "docs/operations.md has the whole way")
    part.rename(file)
    with connect(url) as connection:
        return Backup(fetch_one(connection, _SQL["now"])["now"], left_out)


def _require_readable(connection: Connection) -> None:
    """Raises AdminError when rows would be missing."""
    cause = "this schema is from before backups by its owner"
    if fetch_one(connection, _SQL["has_role"])["there"]:
        unreadable = [row["name"] for row in fetch(connection, _SQL["unreadable"])]
        if not unreadable:
            return
        cause = f"a backup would lack rows of {', '.join(unreadable[:3])}"
    raise AdminError(cause, "run: carillon db upgrade; or let a superuser run pg_dump")
