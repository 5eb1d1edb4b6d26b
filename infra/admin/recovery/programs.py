"""Postgres' own pg_dump and pg_restore. They print their errors themselves: those can hold rows."""

import os
import re
import shutil
import subprocess

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.admin.errors import AdminError

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def find(name: str, server_version: int) -> str:
    """The program on the PATH, not older than a server of this major version. Raises AdminError."""
    next_step = f"install postgresql-client-{server_version}, and put it first on the PATH"
    if not (program := shutil.which(name)):
        raise AdminError(f"{name} is not installed", next_step)
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603 - no words of others
    found = _VERSION.search(said)
    if found and int(found[1]) < server_version:
        raise AdminError(f"{name} is of PostgreSQL {found[1]}, the server is {server_version}", next_step)
    return program


def run(program: str, url: str, *arguments: str) -> bool:
    """Run it on the database at `url`; whether it succeeded. The password is in nobody's list of processes."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [program, "--no-password", "--dbname", make_conninfo("", **parts), *arguments]
    return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603 - no words of others
