"""How our migrations arrive where a bot lives: without waiting, without shutting it out, without a superuser."""

import time
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.errors import LockNotAvailable

from migrations import runner
from tests.migrations.foreign import bots_database, give_up, role
from tests.migrations.tenant_isolation import AURORA, BREEZE, seed_bot, seed_dashboard


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
        other.join(300)
        bot.commit()

    assert waited > 3.5
    assert [wait < waited for wait in others] == [True]  # it began later, and went on as soon as the migration gave up
    runner.upgrade(empty_url)  # goes on where it stopped


def test_a_bot_that_writes_all_the_time_goes_on(empty_url: str, owner: str) -> None:
    """Its longest wait while we migrate; sessions and messages, each in a transaction of its own."""
    bots_database(empty_url, owner)
    waits, done = [], False

    def write() -> None:
        with psycopg.connect(empty_url, autocommit=True, options="-c lock_timeout=60s") as bot:
            while not done:
                began = time.monotonic()
                bot.execute("update public.tenants_v2 set updated_at = now()")
                bot.execute(
                    "insert into public.recent_history_v2 (tenant_id, user_id, role, message)"
                    " select tenant_id, id, 'user', 'x' from public.clients_v2"
                )
                waits.append(time.monotonic() - began)

    writer = Thread(target=write)
    started = time.monotonic()
    writer.start()
    try:
        runner.upgrade(empty_url)
    finally:
        done = True
        writer.join(300)

    assert len(waits) > 20
    assert max(waits) < max(1.5, (time.monotonic() - started) / 10)  # on however slow a machine


def test_whoever_migrates_need_not_be_a_superuser(server_url: str, empty_url: str, template: str) -> None:
    """As on Supabase: they may make roles and own the bot's tables; row level security holds for them, too."""
    assert template
    options = "login createrole noinherit password 'migrator'"
    with role(server_url, options) as migrator, psycopg.connect(empty_url, autocommit=True) as connection:
        if connection.info.server_version < 160000:
            pytest.skip("until Postgres 15 whoever makes roles is in all of them")
        try:
            connection.execute(f"grant create on database {connection.info.dbname} to {migrator}")
            connection.execute(f"grant create on schema public to {migrator}")
            for role_name in (
                "carillon_backup",
                "dashboard_keeper",
                "dashboard_reader",
            ):  # a fresh cluster's would be theirs
                connection.execute(f"grant {role_name} to {migrator} with admin option, inherit false, set false")
            parts = urlsplit(empty_url)
            url = urlunsplit(parts._replace(netloc=f"{migrator}:migrator@{parts.netloc.rpartition('@')[2]}"))
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
