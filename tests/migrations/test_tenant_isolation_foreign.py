"""Where the bot's tables were here first: nothing of theirs is touched, and views keep the salons apart."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from migrations import runner
from tests.migrations.foreign import BEFORE_THE_BOT, bots_database, theirs
from tests.migrations.tenant_isolation import AURORA, BOT_TABLES, BREEZE, RELATIONS, SUPER, claims, seed_dashboard
from tests.migrations.tenant_isolation import seen as seen_by


def test_nothing_of_theirs_is_touched_on_the_way_up_nor_left_on_the_way_down(empty_url: str, owner: str) -> None:
    bots_database(empty_url, owner)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        before = theirs(connection)
        acls = """
            select relname,
                   coalesce(relacl, acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner))::text
            from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v') order by 1"""
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


def test_where_some_tables_are_theirs_and_some_ours_those_of_ours_are_isolated(empty_url: str, owner: str) -> None:
    bots_database(empty_url, owner)
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("drop table public.wishlist_v2")
        runner.upgrade(empty_url)
        secured: dict[str, bool] = dict(connection.execute(
            "select relname, relforcerowsecurity from pg_class where relname = any(%s)", (list(BOT_TABLES),)
        ).fetchall())  # fmt: skip
        granted = connection.execute(
            "select c.relname from pg_class c where relname = any(%s)"
            " and has_any_column_privilege('authenticated', c.oid, 'select')",
            (list(BOT_TABLES),),
        ).fetchall()
        of_reader = "select count(*) from pg_class where relowner = 'dashboard_reader'::regrole and relkind = 'v'"

        assert [name for name, is_secured in secured.items() if is_secured] == ["wishlist_v2"]
        assert granted == [("wishlist_v2",)]
        assert connection.execute(of_reader).fetchone() == (11,)
        runner.downgrade(empty_url, BEFORE_THE_BOT)
        assert connection.execute("select to_regclass('public.wishlist_v2')").fetchone() == (None,)
