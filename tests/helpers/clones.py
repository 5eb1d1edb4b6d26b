"""Clones of the migrated template. A used one is emptied for the next test, where that makes it as good as new."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.rows import DictRow, dict_row

from infra.local import postgres

# Everybody else leaves, as when it is dropped, and what this session did is counted at once, not within seconds. Until
# they have left one asks again: pg_terminate_backend would wait for each in steps of a tenth of a second.
ALONE = """
    select count(pg_terminate_backend(pid)) as others, pg_stat_force_next_flush() from pg_stat_get_activity(null)
    where datid = (select oid from pg_database where datname = current_database())
      and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
LEAVE_SECONDS, ASK_SECONDS = 5.0, 0.002
# Counted since its last user: whoever creates, alters, grants, drops or analyzes something writes to a catalog.
WRITTEN = "pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid)"
CHANGED = f"""
    select coalesce(sum({WRITTEN}), 0) > 0 or current_setting('track_counts') <> 'on' or exists (
        select from pg_database d left join pg_db_role_setting on setdatabase = d.oid
        where datname = current_database() and (setconfig is not null or datacl is not null or datconnlimit <> -1))
        as changed
    from pg_class c
    where relkind = 'r' and not relisshared and (oid < 16384 or oid = to_regclass('public.carillon_version'))
"""
FILLED = """
    select quote_ident(nspname) || '.' || quote_ident(relname) as name, pg_relation_size(c.oid) as bytes
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where c.oid >= 16384 and relkind = 'r' and pg_stat_get_tuples_inserted(c.oid) > 0
"""
AGAIN = """
    select setval(seqrelid::regclass, seqstart, false) from pg_sequence
    where pg_sequence_last_value(seqrelid) is not null
"""
MOST_BYTES = 512 * 1024  # dead rows stay in the files; where there were many, plans and costs would be others


class Clone:
    """A database, and a connection to look and arrange with that outlives a test: each one costs a process."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url
        self._kept: psycopg.Connection[DictRow] | None = None

    @property
    def connection(self) -> psycopg.Connection[DictRow]:
        """It commits each statement, and answers with dictionaries."""
        if self._kept is None or self._kept.closed:
            self._kept = psycopg.connect(self.url, autocommit=True, row_factory=dict_row)
        return self._kept

    def emptied(self) -> bool:
        """Whether the database is again as it was new: without rows, its sequences at their start, no session left."""
        connection = self._as_new()
        if not self._alone(connection):
            return False
        filled: dict[str, int] = {row["name"]: row["bytes"] for row in connection.execute(FILLED)}
        changed = connection.execute(CHANGED).fetchone()
        if changed is None or changed["changed"] or max(filled.values(), default=0) > MOST_BYTES:
            return False
        deleted = ";".join(f"delete from {name}" for name in filled)
        connection.execute(f"set session_replication_role = replica; {deleted}".encode())
        connection.execute(AGAIN)
        connection.execute("reset session_replication_role")
        connection.execute("select pg_stat_force_next_flush()")
        connection.execute("select pg_stat_reset()")
        return True

    @staticmethod
    def _alone(connection: psycopg.Connection[DictRow]) -> bool:
        """Whether everybody else has left."""
        give_up_at = time.monotonic() + LEAVE_SECONDS
        while (row := connection.execute(ALONE).fetchone()) and row["others"]:
            if time.monotonic() > give_up_at:
                return False
            time.sleep(ASK_SECONDS)
        return True

    def close(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()

    def _as_new(self) -> psycopg.Connection[DictRow]:
        """The connection without what a test left in its session."""
        try:
            self.connection.rollback()
            self.connection.autocommit, self.connection.row_factory = True, dict_row
            self.connection._prepared.clear()
            self.connection.execute("discard all")
        except psycopg.Error:  # it was terminated, or is in the middle of something
            self.close()
        return self.connection


class Clones:
    """The clones of one test process."""

    def __init__(self, server_url: str, template: str) -> None:
        self.server_url, self.template = server_url, template
        self._idle: list[Clone] = []

    @contextmanager
    def one(self) -> Iterator[Clone]:
        """A clone that is as new."""
        clone = self._idle.pop() if self._idle else self._another()
        try:
            yield clone
        finally:
            if clone.emptied():
                self._idle.append(clone)
            else:
                self._drop(clone)

    def drop(self) -> None:
        """Drop those that nobody uses."""
        while self._idle:
            self._drop(self._idle.pop())

    def _another(self) -> Clone:
        name = f"carillon_test_{uuid.uuid4().hex[:12]}"
        return Clone(name, postgres.create_database(self.server_url, name, self.template))

    def _drop(self, clone: Clone) -> None:
        clone.close()
        postgres.drop_database(self.server_url, clone.name)
