"""Alembic's environment: one transaction per migration, short lock waits, one deploy at a time."""

import time

import psycopg
from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from migrations.concurrently import LIMITS
from shared import config

# The lock lives in a transaction of its own, because those of the migrations end one by one. Whoever waits for it asks
# again and again, each time in a new transaction: `create index concurrently` waits for all that have read something.
STAY = "set local idle_in_transaction_session_timeout = 0"
ONE_DEPLOY_AT_A_TIME = "select pg_try_advisory_xact_lock(hashtext('carillon.migrations'))"
ASK_SECONDS = 0.2
# In `public` others give rights to all tables at once. From 0027_walls on this one is for whoever migrates and for
# backups, again after each upgrade.
CLOSE_VERSION_TABLE = """
    do $$
    declare
        other text;
    begin
        if not exists (
                select from pg_policy p
                where p.polrelid = to_regclass('public.carillon_version') and p.polname = 'backup') then
            return;
        end if;
        if not (select c.relrowsecurity from pg_class c where c.oid = 'public.carillon_version'::regclass) then
            alter table public.carillon_version enable row level security;
        end if;
        for other in
            select distinct case when a.grantee = 0 then 'public' else quote_ident(a.grantee::regrole::text) end
            from pg_class c
            cross join lateral (
                select grantee from aclexplode(c.relacl)
                union all
                select x.grantee from pg_attribute t cross join lateral aclexplode(t.attacl) x
                where t.attrelid = c.oid) a
            where c.oid = 'public.carillon_version'::regclass
              and a.grantee not in (c.relowner, 'carillon_backup'::regrole)
        loop
            execute format('revoke all on public.carillon_version from %s', other);
        end loop;
    end $$
"""


def run() -> None:
    """Apply the wanted revisions over the direct connection (a pooler cannot hold the lock)."""
    url = context.config.attributes.get("url") or config.direct_database_url()
    # SQLAlchemy cannot read every address that libpq can: several hosts with a port each.
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    with engine.connect() as gate, engine.connect() as connection:
        _wait_for_turn(gate)
        connection.exec_driver_sql(LIMITS)
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True, version_table="carillon_version")
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text(CLOSE_VERSION_TABLE))
        connection.commit()


def _wait_for_turn(gate: Connection) -> None:
    while True:
        gate.execute(text(STAY))
        if gate.scalar(text(ONE_DEPLOY_AT_A_TIME)):
            return
        gate.rollback()
        time.sleep(ASK_SECONDS)


run()
