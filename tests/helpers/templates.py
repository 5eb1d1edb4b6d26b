"""A migrated database to clone, made once per server and state of the migrations."""

import hashlib
from pathlib import Path

import psycopg

from infra.local import postgres
from migrations import runner

MIGRATIONS = Path(runner.__file__).parent / "versions"


def migrated(server_url: str) -> str:
    """The name of the template on the server at `server_url`; made anew whenever a migration changes."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(MIGRATIONS.glob("*.*"))))
    name = f"carillon_template_{digest.hexdigest()[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('carillon.template'))")
        if not connection.execute("select 1 from pg_database where datname = %s and datistemplate", (name,)).fetchone():
            postgres.drop_database(server_url, name)
            runner.upgrade(postgres.create_database(server_url, name))
            connection.execute(f"alter database {name} is_template true".encode())
    return name
