"""Where the bot's tables were here first: nothing of theirs is touched, and views keep the salons apart."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, LockNotAvailable

from migrations import runner
from tests.migrations.walls import AURORA, BOT_TABLES, BREEZE, RELATIONS, SUPER, Plain, claims, seed_bot, seed_dashboard
from tests.migrations.walls import seen as seen_by

BEFORE_THE_BOT = "0005_support_desk"
# What Supabase and the bot's people made, as a catalog tells it. Our own roles are left out of the grants.
THEIRS = """
with theirs as (
    select c.* from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace) and c.relname !~ '^carillon_version'
)
select 'relation', c.oid::regclass::text, c.relkind::text, c.relowner::regrole::text,
       (c.relrowsecurity, c.relforcerowsecurity)::text, obj_description(c.oid, 'pg_class') from theirs c
union all
select 'column', attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod), attnotnull::text,
       col_description(attrelid, attnum)
from pg_attribute where attrelid in (select oid from theirs where relkind = 'r') and attnum > 0
union all
select 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), null, null
from pg_constraint where conrelid in (select oid from theirs)
union all
select 'index', indrelid::regclass::text, pg_get_indexdef(indexrelid), null, null, null
from pg_index where indrelid in (select oid from theirs)
union all
select 'policy', polrelid::regclass::text, polname::text, polcmd::text, polroles::regrole[]::text,
       pg_get_expr(polqual, polrelid)
from pg_policy where polrelid in (select oid from theirs)
union all
select 'trigger', tgrelid::regclass::text, tgname::text, null, null, null
from pg_trigger where not tgisinternal and tgrelid in (select oid from theirs)
union all
select 'function', oid::regprocedure::text, prosrc, proowner::regrole::text, proacl::text, null
from pg_proc where pronamespace = 'auth'::regnamespace
union all
select 'schema', nspname::text, nspowner::regrole::text, nspacl::text, null, null
from pg_namespace where nspname in ('auth', 'public')
union all
select 'grant', c.oid::regclass::text, a.grantee::text, a.privilege_type, null, null
from theirs c,
     aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner))) a
where a.grantee = 0 or a.grantee::regrole::text !~ '^(fn_|dashboard_|salon_bot)'
union all
select 'grant', t.attrelid::regclass::text || '.' || t.attname, a.grantee::text, a.privilege_type, null, null
from pg_attribute t, aclexplode(t.attacl) a
where t.attrelid in (select oid from theirs) and a.grantee::regrole::text !~ '^(fn_|dashboard_|salon_bot)'
order by 1, 2, 3, 4, 5
"""
# A bot that lives: columns that we do not know, an owner, a reader and a policy of its own.
LIVED_IN = """
alter table public.tenants_v2 add column plan text default 'pro';
alter table public.conversation_sessions_v2 add column tokens_spent int, alter column final_status drop not null;
create index own_index on public.conversation_sessions_v2 (channel);
comment on table public.tenants_v2 is 'The salons';
create policy viewers on public.user_ltm_v2 for select to public using (true);
create schema auth;
create function auth.jwt() returns jsonb language sql stable as
    $$ select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
                       nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
"""


@contextmanager
def role(server_url: str, options: str = "nologin") -> Iterator[str]:
    """A role of this test alone: roles belong to the whole cluster."""
    name = f"walls_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create role {name} {options}")
        try:
            yield name
        finally:
            connection.execute(f"drop role {name}")


def give_up(url: str, name: str) -> None:
    """Take everything in this database from a role, so that it can be dropped."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"reassign owned by {name} to current_user")
        connection.execute(f"drop owned by {name}")


def bots_database(url: str, owner: str) -> dict[str, Any]:
    """Make the bot's tables as somebody else would have; the sessions of both salons."""
    runner.upgrade(url, "0006_bot_tables")
    with psycopg.connect(url, autocommit=True) as connection:
        for name in BOT_TABLES:
            connection.execute(f"comment on table public.{name} is null")  # whose comment is gone, is not ours
        connection.execute("drop function auth.jwt(); drop schema auth")
        runner.downgrade(url, BEFORE_THE_BOT)
        connection.execute(LIVED_IN)
        for name in BOT_TABLES:
            connection.execute(f"alter table public.{name} owner to {owner}")
            connection.execute(f"grant select on public.{name} to reader_of_{owner}")
        return {word: seed_bot(connection, tenant, word) for tenant, word in ((AURORA, "aurora"), (BREEZE, "breeze"))}


@pytest.fixture
def owner(server_url: str, empty_url: str) -> Iterator[str]:
    """Whose the bot's tables are."""
    with role(server_url) as name:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"create role reader_of_{name} nologin")
        yield name
        give_up(empty_url, f"reader_of_{name}")
        give_up(empty_url, name)
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"drop role reader_of_{name}")


def theirs(connection: Plain) -> tuple[list[Any], list[Any]]:
    """Definitions and rows of what is not ours."""
    digest = "select md5(string_agg(t::text, '' order by t::text)) from public.{} t"
    data = [(name, connection.execute(digest.format(name).encode()).fetchone()) for name in BOT_TABLES]
    return connection.execute(THEIRS).fetchall(), data


def test_nothing_of_theirs_is_touched_on_the_way_up_nor_left_on_the_way_down(empty_url: str, owner: str) -> None:
    bots_database(empty_url, owner)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        before = theirs(connection)
        acls = "select relname, relacl::text from pg_class where relnamespace = 'public'::regnamespace order by 1"
        granted = connection.execute(acls).fetchall()

        runner.upgrade(empty_url)
        assert theirs(connection) == before
        runner.downgrade(empty_url, BEFORE_THE_BOT)
        assert theirs(connection) == before
        assert connection.execute(acls).fetchall() == granted
        runner.upgrade(empty_url)
        assert theirs(connection) == before


def test_the_views_keep_the_salons_apart(empty_url: str, owner: str) -> None:
    sessions = bots_database(empty_url, owner)
    runner.upgrade(empty_url)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        for tenant, word in ((AURORA, "aurora"), (BREEZE, "breeze")):
            seed_dashboard(connection, tenant, word, sessions[word])
        readable = {name: columns for name, _, columns in connection.execute(RELATIONS) if columns}

        assert [name for name in readable if name.startswith("public.")] == []
        assert len([name for name in readable if name.startswith("dashboard.v_")]) >= 11
        for name, columns in readable.items():
            first, second = (seen_by(connection, claims("admin", tenant), name, columns) for tenant in (AURORA, BREEZE))
            assert (len(first), len(second)) == (1, 1), name
            assert "breeze" not in str(first), name
            assert sorted(first + second) == seen_by(connection, SUPER, name, columns), name
            assert seen_by(connection, None, name, columns) == [], name
            assert seen_by(connection, "{", name, columns) == [], name
        for name in ("dashboard.v_top_services", "dashboard.v_top_services_corrected"):
            assert seen_by(connection, claims("staff", AURORA), name, ["total_revenue"]) == ["(None,)"]
        zone = seen_by(connection, claims("staff", AURORA), "dashboard.v_tenants", ["timezone"])
        assert zone == ["('Europe/Moscow',)"]
        for name in BOT_TABLES:
            with pytest.raises(InsufficientPrivilege):
                seen_by(connection, SUPER, f"public.{name}", ["1"])


def test_whoever_looks_through_the_views_cannot_look_past_their_condition(empty_url: str, owner: str) -> None:
    """A cheap function of one's own must not be shown other salons' rows before they are filtered."""
    bots_database(empty_url, owner)
    runner.upgrade(empty_url)
    noted: list[str] = []
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: noted.append(str(notice.message_primary)))
        connection.execute(
            "create function public.peek(text) returns boolean language plpgsql cost 0.0001 as"
            " $$ begin raise notice '%', $1; return true; end $$"
        )
        peeked = seen_by(connection, claims("admin", AURORA), "dashboard.v_clients where public.peek(phone)", ["phone"])

    assert (peeked, noted) == (["('aurora',)"], ["aurora"])


def test_without_the_bots_tables_supabases_generosity_is_taken_back(empty_url: str) -> None:
    """There each new table of public is everybody's, and TRUNCATE asks no policy."""
    with psycopg.connect(empty_url, autocommit=True) as connection:
        for what in ("tables", "sequences", "functions"):
            connection.execute(f"alter default privileges in schema public grant all on {what} to anon, authenticated")
        runner.upgrade(empty_url)
        may = """
            select c.oid::regclass::text, r.name, p.name
            from pg_class c, (values ('anon'), ('authenticated')) as r (name),
                 (values ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) as p (name)
            where c.relkind = 'r' and c.relname = any(%s) and has_table_privilege(r.name, c.oid, p.name)
        """
        assert connection.execute(may, (list(BOT_TABLES),)).fetchall() == []
        secret = "select has_column_privilege('authenticated', 'public.tenants_v2', 'metadata', 'select')"
        assert connection.execute(secret).fetchone() == (False,)
        counters = """
            select c.relname from pg_class c where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace
              and (has_sequence_privilege('anon', c.oid, 'usage, select, update')
                   or has_sequence_privilege('authenticated', c.oid, 'usage, select, update'))
        """
        assert connection.execute(counters).fetchall() == []


def test_where_some_tables_are_theirs_and_some_ours_no_wall_is_missing(empty_url: str, owner: str) -> None:
    bots_database(empty_url, owner)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("drop table public.wishlist_v2")
        runner.upgrade(empty_url)
        walls: dict[str, bool] = dict(connection.execute(
            "select relname, relforcerowsecurity from pg_class where relname = any(%s)", (list(BOT_TABLES),)
        ).fetchall())  # fmt: skip
        granted = connection.execute(
            "select c.relname from pg_class c where relname = any(%s)"
            " and has_any_column_privilege('authenticated', c.oid, 'select')",
            (list(BOT_TABLES),),
        ).fetchall()
        of_reader = "select count(*) from pg_class where relowner = 'dashboard_reader'::regrole and relkind = 'v'"

        assert [name for name, wall in walls.items() if wall] == ["wishlist_v2"]
        assert granted == [("wishlist_v2",)]
        assert connection.execute(of_reader).fetchone() == (11,)
        runner.downgrade(empty_url, BEFORE_THE_BOT)
        assert connection.execute("select to_regclass('public.wishlist_v2')").fetchone() == (None,)


def test_a_migration_gives_up_after_four_seconds_and_shuts_nobody_out(empty_url: str, owner: str) -> None:
    """While it waits for one of the bot's transactions, the others wait behind it, and then go on."""
    bots_database(empty_url, owner)
    others: list[float] = []

    def write() -> None:
        time.sleep(1.5)
        began = time.monotonic()
        with psycopg.connect(empty_url, autocommit=True) as another:
            another.execute("update public.tenants_v2 set name = name where id = %s", (BREEZE,))
        others.append(time.monotonic() - began)

    other = Thread(target=write)
    with psycopg.connect(empty_url) as bot:
        bot.execute("update public.tenants_v2 set name = name where id = %s", (AURORA,))
        other.start()
        began = time.monotonic()
        with pytest.raises(LockNotAvailable):
            runner.upgrade(empty_url)
        waited = time.monotonic() - began
        other.join(10)
        bot.commit()

    assert 3.5 < waited < 8
    assert [wait < 5 for wait in others] == [True]
    runner.upgrade(empty_url)  # goes on where it stopped


def test_a_bot_that_writes_all_the_time_goes_on(empty_url: str, owner: str) -> None:
    """Its longest wait while we migrate; sessions and messages, each in a transaction of its own."""
    bots_database(empty_url, owner)
    waits, done = [], False

    def write() -> None:
        with psycopg.connect(empty_url, autocommit=True, options="-c lock_timeout=2s") as bot:
            while not done:
                began = time.monotonic()
                bot.execute("update public.tenants_v2 set updated_at = now()")
                bot.execute(
                    "insert into public.recent_history_v2 (tenant_id, user_id, role, message)"
                    " select tenant_id, id, 'user', 'x' from public.clients_v2"
                )
                waits.append(time.monotonic() - began)

    writer = Thread(target=write)
    writer.start()
    try:
        runner.upgrade(empty_url)
    finally:
        done = True
        writer.join(30)

    assert len(waits) > 20
    assert max(waits) < 1.5


def test_whoever_migrates_need_not_be_a_superuser(server_url: str, empty_url: str, template: str) -> None:
    """As on Supabase: they may make roles, own the bot's tables, and are met by the walls like everybody."""
    assert template
    options = "login createrole noinherit password 'walls'"
    with role(server_url, options) as migrator, psycopg.connect(empty_url, autocommit=True) as connection:
        if connection.info.server_version < 160000:
            pytest.skip("until Postgres 15 whoever makes roles is in all of them")
        try:
            connection.execute(f"grant create on database {connection.info.dbname} to {migrator}")
            connection.execute(f"grant create on schema public to {migrator}")
            for one in ("dashboard_keeper", "dashboard_reader"):  # a fresh cluster's would be theirs
                connection.execute(f"grant {one} to {migrator} with admin option, inherit false, set false")
            parts = urlsplit(empty_url)
            url = urlunsplit(parts._replace(netloc=f"{migrator}:walls@{parts.netloc.rpartition('@')[2]}"))
            runner.upgrade(url)
            for tenant, word in ((AURORA, "aurora"), (BREEZE, "breeze")):
                seed_dashboard(connection, tenant, word, seed_bot(connection, tenant, word))
            with psycopg.connect(url, autocommit=True) as theirs:
                for name in ("dashboard.users", "public.tenants_v2"):
                    assert theirs.execute(f"select count(*) from {name}").fetchone() == (0,)
                with theirs.transaction():
                    theirs.execute("set local role dashboard_keeper")
                    assert theirs.execute("select count(*) from dashboard.users").fetchone() == (2,)
        finally:
            give_up(empty_url, migrator)
