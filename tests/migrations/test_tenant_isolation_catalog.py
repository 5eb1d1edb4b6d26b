"""Row level security in the catalog: forced everywhere, no way round, nothing of the bot's that we could change."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, ObjectNotInPrerequisiteState, WrongObjectType

from tests.conftest import rows
from tests.migrations.tenant_isolation import AURORA, BOT_TABLES, RELATIONS, SUPER, Plain, claims, seed, viewer

WITHOUT_POLICY = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and (n.nspname = 'dashboard' or n.nspname = 'public' and c.relname ~ '_v2$')
  and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
"""
# Whom migrations make, or would make, and who logs in as them. `salon_bot` is the bot itself.
OUR_ROLES = """
select rolname from pg_roles
where rolname ~ '^(fn_|dashboard_)' or rolname in ('authenticated', 'anon', 'service_role', 'carillon_backup')
"""
READABLE_BY_VIEWERS = """
select c.oid::regclass::text, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
where a.attnum > 0 and not a.attisdropped and c.relnamespace in ('dashboard'::regnamespace, 'public'::regnamespace)
  and (has_column_privilege('authenticated', c.oid, a.attnum, 'select')
       or has_column_privilege('anon', c.oid, a.attnum, 'select')
       or has_column_privilege('dashboard_reader', c.oid, a.attnum, 'select') and c.relname = 'tenants_v2')
"""
SECRETS = {
    ("dashboard.users", "encrypted_password"),
    ("dashboard.users", "reset_password_token"),
    ("dashboard.bookings", "verification_data"),
    ("tenants_v2", "metadata"),
    ("conversation_sessions_v2", "booking_amount"),
    ("conversation_sessions_v2", "booking_currency"),
}
REFUSED = (InsufficientPrivilege, WrongObjectType, ObjectNotInPrerequisiteState, FeatureNotSupported)


@pytest.fixture(scope="module")
def catalog(module_direct_url: str) -> Iterator[Plain]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        seed(connection)
        yield connection


def test_every_table_has_row_level_security_and_owners_are_no_exception(catalog: Plain) -> None:
    assert rows(catalog, WITHOUT_POLICY) == []


@pytest.mark.parametrize("less", ["enable", "enable and force"])
def test_a_new_table_without_row_level_security_is_noticed(catalog: Plain, less: str) -> None:
    with catalog.transaction(force_rollback=True):
        catalog.execute("create table dashboard.notes (id bigint primary key, tenant_id uuid)")
        catalog.execute("alter table dashboard.notes enable row level security")
        if less == "enable and force":  # and no policy
            catalog.execute("alter table dashboard.notes force row level security")

        assert rows(catalog, WITHOUT_POLICY) == [("dashboard.notes",)]


def test_an_owner_who_is_no_superuser_sees_nothing(catalog: Plain) -> None:
    owner = f"owner_{uuid.uuid4().hex[:12]}"
    tables = [name for name, kind, _ in catalog.execute(RELATIONS) if kind == "r"]
    with catalog.transaction(force_rollback=True):
        catalog.execute(f"create role {owner} nologin")
        catalog.execute(f"grant usage on schema dashboard to {owner}")
        for name in tables:
            catalog.execute(f"alter table {name} owner to {owner}")
        catalog.execute(f"set local role {owner}")

        assert {catalog.execute(f"select count(*) from {name}").fetchone() for name in tables} == {(0,)}
        catalog.execute("alter table dashboard.users no force row level security")  # or the test would prove nothing
        assert catalog.execute("select count(*) from dashboard.users").fetchone() == (2,)


def test_no_materialised_view_is_given_to_anybody(catalog: Plain) -> None:
    """Row level security does not count for them."""
    given = """
        select c.oid::regclass::text, r.rolname from pg_class c, pg_roles r
        where c.relkind = 'm' and not r.rolsuper and r.oid <> c.relowner and has_table_privilege(r.oid, c.oid, 'select')
    """

    assert rows(catalog, given) == []


def test_views_look_with_the_viewers_own_rights(catalog: Plain) -> None:
    others = """
        select c.oid::regclass::text from pg_class c
        where c.relkind = 'v' and c.relnamespace = 'dashboard'::regnamespace
          and not coalesce('security_invoker=true' = any(c.reloptions), false)
    """

    assert rows(catalog, others) == []


def test_no_role_of_ours_may_change_what_is_the_bots(catalog: Plain) -> None:
    may = f"""
        select r.rolname, c.oid::regclass::text, p.name
        from ({OUR_ROLES}) r cross join pg_class c
        cross join (values ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) as p (name)
        where c.relnamespace = 'public'::regnamespace and c.relname = any(%s)
          and (has_table_privilege(r.rolname, c.oid, p.name)
               or p.name in ('insert', 'update') and has_any_column_privilege(r.rolname, c.oid, p.name))
    """
    counters = f"""
        select r.rolname, c.oid::regclass::text from ({OUR_ROLES}) r cross join pg_class c
        where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace
          and has_sequence_privilege(r.rolname, c.oid, 'usage, update')
    """

    assert len(rows(catalog, OUR_ROLES)) >= 10
    assert rows(catalog, may, list(BOT_TABLES)) == []
    assert rows(catalog, counters) == []


def test_no_role_of_ours_changes_it_whatever_it_tries(catalog: Plain) -> None:
    """Also through views that Postgres could write through."""
    views = [name for name, kind, _ in catalog.execute(RELATIONS) if kind == "v"]
    tried = [f"public.{name}" for name in BOT_TABLES] + views
    for (role,) in rows(catalog, OUR_ROLES):
        for name in tried:
            column = "is_active = true" if "tenants" in name else "tenant_id = tenant_id"
            changes = (f"update {name} set {column}", f"delete from {name}", f"insert into {name} default values",
                       f"truncate {name}")  # fmt: skip
            for change in changes:
                with pytest.raises(REFUSED), catalog.transaction():
                    catalog.execute("select set_config('role', %s, true)", (role,))
                    catalog.execute(change)


def test_views_over_the_bots_tables_could_be_written_through(catalog: Plain) -> None:
    """Grants alone stand there: without them the test above would prove nothing about views."""
    with catalog.transaction(force_rollback=True):
        catalog.execute("update dashboard.v_wishlist set comment = 'x'")


def test_secrets_and_money_are_columns_that_nobody_is_given(catalog: Plain) -> None:
    readable = set(rows(catalog, READABLE_BY_VIEWERS))

    assert readable & SECRETS == set()
    assert {("dashboard.users", "email"), ("tenants_v2", "name")} <= readable
    names = {column for _, column in readable}
    assert not {name for name in names if any(word in name for word in ("password", "token", "secret", "metadata"))} - {
        "metadata"  # dashboard.audits has one, without secrets
    }


@pytest.mark.parametrize(
    "question",
    [
        "select metadata from public.tenants_v2",
        "select t from public.tenants_v2 t",
        "select 1 from public.tenants_v2 where metadata ->> 'telegram_bot_token' like 's%'",
        "select * from public.tenants_v2",
        "select encrypted_password from dashboard.users",
        "select reset_password_token from dashboard.users",
        "select sum(booking_amount) from public.conversation_sessions_v2",
        "select verification_data from dashboard.bookings",
    ],
)
def test_no_question_reaches_them(catalog: Plain, question: str) -> None:
    with pytest.raises(InsufficientPrivilege), viewer(catalog, SUPER):
        catalog.execute(question)


def test_definer_functions_fix_their_search_path_and_take_no_word_for_anything(catalog: Plain) -> None:
    """What two of them are told narrows what the claims allow: which rows, and never whose."""
    definers = rows(catalog, """
        select p.oid::regprocedure::text, p.pronargs, p.proconfig, p.proowner::regrole::text,
               has_function_privilege('anon', p.oid, 'execute')
        from pg_proc p where p.prosecdef and p.pronamespace = 'dashboard'::regnamespace order by 1
    """)  # fmt: skip

    assert [definer[:2] for definer in definers] == [
        ("dashboard.audit_addresses(bigint[])", 1), ("dashboard.bind_chat_move()", 0),
        ("dashboard.follow_moved_chat()", 0), ("dashboard.session_amounts()", 0),
        ("dashboard.session_money(uuid,timestamp with time zone,timestamp with time zone)", 3),
        ("dashboard.tenant_zones()", 0),
    ]  # fmt: skip
    for definer in definers:
        assert definer[2:] == (["search_path=pg_catalog, pg_temp"], "dashboard_keeper", False)


@pytest.mark.parametrize("fixed", [True, False], ids=["as it is", "without its search_path"])
def test_a_definer_function_cannot_be_hijacked(catalog: Plain, fixed: bool) -> None:  # noqa: FBT001
    """Somebody's own operators make every tenant theirs, where a function asks for them by the caller's search_path."""
    with catalog.transaction(force_rollback=True):
        catalog.execute("create schema evil")
        catalog.execute("grant usage on schema evil to public")
        catalog.execute("create function evil.yes(uuid, uuid) returns boolean language sql as 'select true'")
        for operator in ("=", "<=", ">="):
            catalog.execute(f"create operator evil.{operator} (leftarg = uuid, rightarg = uuid, function = evil.yes)")
        if not fixed:
            catalog.execute("alter function dashboard.session_amounts() reset search_path")
        with viewer(catalog, claims("admin", AURORA)):
            catalog.execute("set local search_path = evil, pg_catalog")
            stolen = catalog.execute("select id from dashboard.session_amounts()").fetchall()

    assert len(stolen) == (1 if fixed else 2)


def test_the_bot_itself_can_write_its_tables(catalog: Plain) -> None:
    with catalog.transaction(force_rollback=True):
        catalog.execute("set local role salon_bot")
        for name in BOT_TABLES:
            assert catalog.execute(f"select count(*) from public.{name}").fetchone() == (2,)
        catalog.execute(
            "insert into public.wishlist_v2 (tenant_id, user_id, item_type, item_id)"
            " select tenant_id, user_id, item_type, item_id from public.wishlist_v2"
        )
        catalog.execute("delete from public.recent_history_v2")


def test_a_wrong_zone_blinds_nobody(catalog: Plain) -> None:
    """A zone that Postgres does not know is replaced by the usual one."""
    with catalog.transaction(force_rollback=True):
        catalog.execute("set local session_replication_role = replica")  # as it was written before zones were checked
        catalog.execute("update dashboard.tenant_settings set timezone = 'Mars/Base' where tenant_id = %s", (AURORA,))
        with viewer(catalog, SUPER):
            zones = catalog.execute("select timezone from dashboard.v_tenants order by slug").fetchall()
            days = catalog.execute("select count(*) from dashboard.v_conversion_funnel_corrected").fetchone()

    assert zones == [("Asia/Almaty",), ("Europe/Moscow",)]
    assert days == (2,)
