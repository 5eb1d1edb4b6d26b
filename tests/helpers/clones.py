"""Clones of the migrated template. A used one is emptied for the next test, where that makes it as good as new."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from infra.local import postgres

# Everybody leaves, as when it is dropped.
ALONE = """
    select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
# Counted since its last user: whoever creates, alters, grants, drops or analyzes something writes to a catalog.
WRITTEN = "pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid)"
CHANGED = f"""
    select coalesce(sum({WRITTEN}), 0) > 0 or current_setting('track_counts') <> 'on' or exists (
        select from pg_database d left join pg_db_role_setting on setdatabase = d.oid
        where datname = current_database() and (setconfig is not null or datacl is not null or datconnlimit <> -1))
    from pg_class c where not relisshared and (oid < 16384 or oid = to_regclass('public.carillon_version'))
"""
FILLED = """
    select quote_ident(nspname) || '.' || quote_ident(relname), pg_relation_size(c.oid)
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where c.oid >= 16384 and relkind = 'r' and pg_stat_get_tuples_inserted(c.oid) > 0
"""
AGAIN = """
    select setval(seqrelid::regclass, seqstart, false) from pg_sequence
    where pg_sequence_last_value(seqrelid) is not null
"""
MOST_BYTES = 512 * 1024  # dead rows stay in the files; where there were many, plans and costs would be others


class Clones:
    """The clones of one test process."""

    def __init__(self, server_url: str, template: str) -> None:
        self.server_url, self.template = server_url, template
        self._idle: list[str] = []

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of a clone that is as new."""
        name = self._idle.pop() if self._idle else self._another()
        url = postgres.named(self.server_url, name)
        try:
            yield url
        finally:
            if emptied(url):
                self._idle.append(name)
            else:
                postgres.drop_database(self.server_url, name)

    def drop(self) -> None:
        """Drop those that nobody uses."""
        while self._idle:
            postgres.drop_database(self.server_url, self._idle.pop())

    def _another(self) -> str:
        name = f"carillon_test_{uuid.uuid4().hex[:12]}"
        postgres.create_database(self.server_url, name, self.template)
        return name


def emptied(url: str) -> bool:
    """Whether the database is again as it was new: without rows, its sequences at their start."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ALONE)
        filled: dict[str, int] = dict(connection.execute(FILLED).fetchall())
        if connection.execute(CHANGED).fetchone() != (False,) or max(filled.values(), default=0) > MOST_BYTES:
            return False
        deleted = ";".join(f"delete from {name}" for name in filled)
        connection.execute(f"set session_replication_role = replica; {deleted}".encode())
        connection.execute(AGAIN)
        connection.execute("select pg_stat_reset()")
        return True
