"""A migrated database to clone, made once per server and state of the migrations."""

import hashlib
from pathlib import Path

import psycopg

import migrations
from infra.local import postgres

MIGRATIONS = Path(migrations.__file__ or "").parent / "versions"


def migrated(server_url: str) -> str:
    """The name of the template on the server at `server_url`; made anew whenever a migration changes."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(MIGRATIONS.glob("*.*"))))
    name = f"carillon_template_{digest.hexdigest()[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('carillon.template'))")
        if not connection.execute("select 1 from pg_database where datname = %s and datistemplate", (name,)).fetchone():
            from migrations import runner  # noqa: PLC0415 - Alembic is slow to load, and a template is rarely made

            postgres.drop_database(server_url, name)
            runner.upgrade(postgres.create_database(server_url, name))
            connection.execute(f"alter database {name} is_template true".encode())
    return name
