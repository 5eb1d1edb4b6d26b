"""A database in which somebody else's bot lives, and those who own it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from migrations import runner
from tests.migrations.tenant_isolation import AURORA, BOT_TABLES, BREEZE, Plain, seed_bot

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
    name = f"owner_{uuid.uuid4().hex[:12]}"
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


def theirs(connection: Plain) -> tuple[list[Any], list[Any]]:
    """Definitions and rows of what is not ours."""
    digest = "select md5(string_agg(t::text, '' order by t::text)) from public.{} t"
    data = [(name, connection.execute(digest.format(name).encode()).fetchone()) for name in BOT_TABLES]
    return connection.execute(THEIRS).fetchall(), data
