"""The history of the schema: up, down, up again, twice at once, and its snapshot."""

import asyncio
import subprocess
import sys
import time
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory

from migrations import runner
from tests.helpers.moody_proxy import moody
from tests.helpers.serving import ROOT, free_port
from tests.migrations import snapshot

OURS = """
    select 'schema ' || nspname from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
    union all
    select 'relation ' || relname from pg_class
    where relnamespace = 'public'::regnamespace and relname !~ '^carillon_version'
    union all
    select 'function ' || p.oid::regprocedure from pg_proc p
    where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""


def _revisions() -> list[str]:
    scripts = ScriptDirectory.from_config(runner.alembic_config(""))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _version(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute("select version_num from carillon_version").fetchone()
    return str(row[0]) if row else "base"


def test_the_history_is_one_line() -> None:
    assert _revisions()[-1] == runner.head()


@pytest.mark.slow
def test_every_step_down_leaves_exactly_what_was_there_before_it(empty_url: str) -> None:
    after = snapshot.dump(empty_url)
    for revision in _revisions():
        before = after
        runner.upgrade(empty_url, revision)
        after = snapshot.dump(empty_url)
        runner.downgrade(empty_url, "-1")
        runner.upgrade(empty_url, revision)

        assert snapshot.dump(empty_url) == after != before


def test_all_the_way_down_leaves_nothing_of_ours(empty_url: str) -> None:
    runner.upgrade(empty_url)
    full = snapshot.dump(empty_url)
    runner.downgrade(empty_url, "base")

    with psycopg.connect(empty_url) as connection:
        assert connection.execute(OURS).fetchall() == []
        assert _version(connection) == "base"
    runner.upgrade(empty_url)
    assert snapshot.dump(empty_url) == full


def test_two_deploys_at_once_both_succeed(empty_url: str) -> None:
    """They start together: the lock's owner holds them back until both have asked for it."""
    program = f"from migrations import runner; runner.upgrade({empty_url!r})"
    waiting = """
        select count(*) from pg_stat_activity
        where datname = current_database() and query ~* '^(select pg_try_advisory_xact_lock|rollback)'
    """
    with psycopg.connect(empty_url, autocommit=True) as barrier:
        barrier.execute("select pg_advisory_lock(hashtext('carillon.migrations'))")
        deploys = [
            subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        while all(deploy.poll() is None for deploy in deploys):
            if barrier.execute(waiting).fetchone() == (2,):
                break
            time.sleep(0.02)
        barrier.execute("select pg_advisory_unlock(hashtext('carillon.migrations'))")
        errors = [deploy.communicate(timeout=300)[1] for deploy in deploys]

        assert [deploy.returncode for deploy in deploys] == [0, 0], errors
        assert _version(barrier) == runner.head()


def test_a_deploy_that_finds_nothing_to_do_changes_nothing(direct_url: str) -> None:
    before = snapshot.dump(direct_url)
    runner.upgrade(direct_url)

    assert snapshot.dump(direct_url) == before


async def test_of_several_hosts_with_a_port_each_the_one_that_takes_writes_is_migrated(direct_url: str) -> None:
    async with moody(direct_url) as proxy:
        url = proxy.url.replace("@", f"@127.0.0.1:{free_port()},") + "&target_session_attrs=read-write"
        await asyncio.to_thread(runner.upgrade, url)


def test_the_snapshot_is_the_migrated_database(direct_url: str, server_url: str) -> None:
    major = snapshot.server_major(server_url)
    if major != snapshot.snapshot_major():
        pytest.skip(f"the snapshot is of PostgreSQL {snapshot.snapshot_major()}, this server is {major}")

    written = snapshot.SNAPSHOT.read_text(encoding="utf-8").removeprefix(snapshot.HEADER.format(major=major))
    assert written == snapshot.dump(direct_url), "after a change: python -m tests.migrations.snapshot"


def test_one_database_taken_down_leaves_another_of_the_cluster_its_roles(empty_url: str, direct_url: str) -> None:
    """Roles belong to the whole cluster."""
    runner.upgrade(empty_url)
    runner.downgrade(empty_url, "base")

    allowed = "select has_schema_privilege('fn_ingest_webhook', 'platform', 'usage')"
    with psycopg.connect(direct_url) as connection:
        assert connection.execute(allowed).fetchone() == (True,)
