"""A test's database may have been another test's: nothing of that is in it."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from tests.helpers import arrange
from tests.helpers.clones import Clones
from tests.helpers.worlds import support
from tests.helpers.worlds.salon import salon

RELATIONS = """
    select c.oid::regclass::text
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'S') and nspname !~ '^pg_' and nspname <> 'information_schema' order by 1
"""
CHANGES = {
    "a table": "create table getcourse.more (id int)",
    "a table less": "drop table getcourse.application_logs cascade",
    "all tables less": "drop schema getcourse cascade; drop table public.carillon_version",
    "a column": "alter table platform.outbox add column more int",
    "a function": "create function more() returns int language sql as 'select 1'",
    "the body of a function": "create or replace function dashboard.day_begins(day date, timezone text)"
    " returns timestamptz language sql stable as 'select now()'",
    "a trigger less": "alter table support.handovers disable trigger user",
    "a right": "grant select on platform.bots to public",
    "the right to a column": "grant select (name) on platform.bots to public",
    "a right to what will come": "alter default privileges in schema platform grant select on tables to public",
    "row level security": "alter table platform.bots force row level security",
    "a type": "create type more as enum ('one')",
    "a comment": "comment on table platform.bots is 'more'",
    "statistics": "insert into platform.bots (name, system, telegram_id, token_sealed)"
    " values ('x', 'getcourse', 1, 'x'); analyze platform.bots",
    "emptied files": "truncate platform.outbox cascade",
    "a setting": "do $$ begin execute format('alter database %I set timezone = utc', current_database()); end $$",
    "a right to the database": "do $$ begin"
    " execute format('grant create on database %I to public', current_database()); end $$",
    "another version": "update public.carillon_version set version_num = 'x'",
    "no version": "delete from public.carillon_version",
    "so much that dead rows would change a plan": "insert into platform.bots (name, system, telegram_id, token_sealed)"
    " select 'x' || n, 'getcourse', n, convert_to(repeat('x', 200), 'utf8') from generate_series(1, 5000) n",
}


def everything(url: str) -> dict[str, Any]:
    """Each table's rows and each sequence's place."""
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(RELATIONS)]
        assert len(names) > 50
        return {name: connection.execute(f"select row(t.*)::text from {name} t".encode()).fetchall() for name in names}


def test_an_emptied_one_is_as_a_new_one(clones: Clones) -> None:
    with clones.one() as clone:
        url, connection = clone.url, clone.connection
        new = everything(url)
        arrange.event(connection, source_id=arrange.source(connection), answer_id="1", user_id="2")
        support.conversation(connection, support.desk(connection))
        salon(connection).session(datetime(2026, 3, 2, tzinfo=UTC))
        assert everything(url) != new
        assert clone.emptied()
        assert everything(url) == new


def test_rows_of_a_connection_that_was_closed_in_the_middle_are_gone(clones: Clones) -> None:
    with clones.one() as clone:
        new = everything(clone.url)
        arrange.bot(clone.connection)
        clone.connection.close()
        assert clone.emptied()
        assert everything(clone.url) == new


def test_nothing_of_a_session_is_left_for_the_next_test(clones: Clones) -> None:
    with clones.one() as clone:
        connection = clone.connection
        for _ in range(8):  # more often than psycopg waits before it prepares a statement
            connection.execute("select %s::int", (1,))
        connection.execute("set lock_timeout = '1s'; set role fn_housekeeping; listen news")
        connection.autocommit = False
        connection.execute("select pg_advisory_lock(1)")
        assert clone.emptied()

        assert (clone.connection, connection.autocommit) == (connection, True)
        query = """
            select current_user = session_user as oneself, current_setting('lock_timeout') as timeout,
                   (select count(*) from pg_listening_channels()) as channels,
                   (select count(*) from pg_prepared_statements) as prepared,
                   (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks
        """
        expected = {"oneself": True, "timeout": "0", "channels": 0, "prepared": 0, "locks": 0}
        assert connection.execute(query, prepare=False).fetchone() == expected
        assert connection.execute("select %s::int as n", (1,)).fetchone() == {"n": 1}


def test_whoever_is_still_in_it_leaves(clones: Clones) -> None:
    with clones.one() as clone, psycopg.connect(clone.url) as connection:
        arrange.bot(connection)
        assert clone.emptied()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_one_whose_schema_settings_or_size_changed_is_not_given_again(clones: Clones, change: str) -> None:
    with clones.one() as clone:
        for statement in change.split("; ") if not change.startswith("do ") else [change]:
            clone.connection.execute(statement.encode())
        assert not clone.emptied()

    with clones.one() as other:
        assert other.name != clone.name
