"""Who may do what, read from the catalog: each function's role has what it uses and nothing else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.conftest import rows
from tests.conventions import tree
from tests.conventions.test_statements import explain

# Everything that somebody was given by name, in any schema: relations, columns, schemas, functions, types.
GRANTED = """
with given as (
    select format('%s on %s', a.privilege_type, c.oid::regclass) as what, a.grantee, c.relnamespace as place
    from pg_class c, aclexplode(c.relacl) a
    union all
    select format('%s (%I) on %s', a.privilege_type, t.attname, t.attrelid::regclass), a.grantee, c.relnamespace
    from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
    union all
    select format('%s on schema %I', a.privilege_type, n.nspname), a.grantee, n.oid
    from pg_namespace n, aclexplode(n.nspacl) a
    union all
    select format('%s on function %s', a.privilege_type, p.oid::regprocedure), a.grantee, p.pronamespace
    from pg_proc p, aclexplode(p.proacl) a
    union all
    select format('%s on type %s', a.privilege_type, t.oid::regtype), a.grantee, t.typnamespace
    from pg_type t, aclexplode(t.typacl) a
)
select g.what, n.nspname as place, case when g.grantee = 0 then 'public' else g.grantee::regrole::text end as grantee
from given g join pg_namespace n on n.oid = g.place
order by 1
"""
SYSTEM = ("pg_catalog", "information_schema", "pg_toast", "public")
OURS = """
select oid, nspname from pg_namespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
"""
# Columns that hold secrets, or what somebody sent as it came, and which of them a role may read.
SECRET = r"(sealed|_hash|password|_token)$|^(raw_.*|body|query)$"
READABLE = f"""
select a.attrelid::regclass::text, a.attname::text
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and a.attname ~ '{SECRET}'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_column_privilege(%s, c.oid, a.attnum, 'select')
order by 1, 2
"""
OTHERS = """
select string_agg(quote_ident(attname), ', ') from pg_attribute
where attrelid = %s::regclass and attname <> %s and (attnum > 0 or attname in ('ctid', 'xmax')) and not attisdropped
  and (attnum < 0 or has_column_privilege(%s, attrelid, attnum, 'select'))
"""
HOLDERS = {
    ("platform.bots", "token_sealed"): {"dispatch_notifications", "serve_media"},
    ("platform.webhook_sources", "signing_secret_sealed"): {"ingest_webhook"},
    ("platform.source_secrets", "secret_hash"): {"ingest_webhook"},
    ("learning.client_tokens", "token_hash"): {"agent_reply", "learning_api"},
    ("dashboard.users", "encrypted_password"): {"salon_pages"},
    ("dashboard.users", "reset_password_token"): {"salon_pages"},
    ("dashboard.page_sessions", "id_hash"): {"salon_pages"},
    ("dashboard.sign_in_links", "token_hash"): {"salon_pages", "telegram_webhook"},
    ("platform.inbox", "body"): set(),
    ("platform.inbox", "query"): set(),
}
# The release before this one reads every column of the row while this one is deployed; the next one takes it back.
STILL_READ = {("dispatch_notifications", ("getcourse.webhook_events", "raw_body"))}


@dataclass(frozen=True)
class Grant:
    """One line of the catalog."""

    what: str
    place: str
    grantee: str


@pytest.fixture(scope="module")
def catalog(module_direct_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def grants(catalog: psycopg.Connection[Any]) -> list[Grant]:
    return [Grant(*row) for row in catalog.execute(GRANTED)]


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_role_has_no_grant_that_its_function_could_do_without(
    function: str, catalog: psycopg.Connection[Any], grants: list[Grant]
) -> None:
    """Take one away and some statement of the function must be refused."""
    role = f"fn_{function}"
    own = [grant for grant in grants if grant.grantee == role]
    statements = tree.statements_of(function)
    unused = [
        grant.what
        for grant in own
        if not _refused_without(catalog, grant, role, statements) and not _is_drawn_from(grant, statements)
    ]

    assert own or not statements
    assert unused == []


def _is_drawn_from(grant: Grant, statements: list[tree.Statement]) -> bool:
    """Whether it is the USAGE of a sequence that some statement names: a plan alone is not refused."""
    numbers = f"nextval('{grant.what.removeprefix('USAGE on ')}')"
    return any(numbers in statement.text for statement in statements)


def _refused_without(
    catalog: psycopg.Connection[Any], grant: Grant, role: str, statements: list[tree.Statement]
) -> bool:
    words = set(re.findall(r"\w+", grant.what))  # who shares many of them is likely to be refused: planned first
    likely = sorted(statements, key=lambda statement: -len(words.intersection(re.findall(r"\w+", statement.text))))
    with catalog.transaction(force_rollback=True):
        catalog.execute(f"revoke {grant.what} from {role}")
        catalog.execute(f"set local role {role}")
        try:
            for statement in likely:
                explain(catalog, statement)
        except InsufficientPrivilege:
            return True
    return False


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_a_function_reads_no_secret_and_no_raw_body_that_its_statements_do_not_need(
    function: str, catalog: psycopg.Connection[Any]
) -> None:
    role = f"fn_{function}"
    readable = rows(catalog, READABLE, role)
    statements = tree.statements_of(function)

    unneeded = [found for found in readable if not _refused_without_column(catalog, role, found, statements)]
    assert [found for found in unneeded if (function, found) not in STILL_READ] == []


def _refused_without_column(
    catalog: psycopg.Connection[Any], role: str, place: tuple[str, str], statements: list[tree.Statement]
) -> bool:
    """Whether some statement is refused when the role may read every other column that it read, but this one."""
    table, column = place
    [(others,)] = rows(catalog, OTHERS, table, column, role)
    with catalog.transaction(force_rollback=True):
        catalog.execute(f"revoke select on {table} from {role}")
        catalog.execute(f"grant select ({others}) on {table} to {role}")
        catalog.execute(f"set local role {role}")
        try:
            for statement in statements:
                explain(catalog, statement)
        except InsufficientPrivilege:
            return True
    return False


@pytest.mark.parametrize(("table", "column"), HOLDERS, ids=str)
def test_a_secret_is_read_by_those_alone_who_have_to(table: str, column: str, catalog: psycopg.Connection[Any]) -> None:
    """Of all roles of functions, retired ones, too."""
    readers = "select rolname from pg_roles where rolname ~ '^fn_' and has_column_privilege(oid, %s, %s, 'select')"

    assert {name for (name,) in rows(catalog, readers, table, column)} == {
        f"fn_{name}" for name in HOLDERS[table, column]
    }


def test_nothing_of_ours_is_granted_to_everybody(grants: list[Grant]) -> None:
    """But EXECUTE of functions, Postgres's own default, which nobody can use without the schema's USAGE."""
    assert [grant for grant in grants if grant.grantee == "public" and grant.place not in SYSTEM] == []


def test_roles_are_given_nothing_outside_our_schemas_but_a_look_at_the_bots_tables(grants: list[Grant]) -> None:
    outside = [grant for grant in grants if grant.grantee.startswith("fn_") and grant.place in SYSTEM]

    assert [grant for grant in outside if not re.fullmatch(r"SELECT( \(\w+\))? on \w+_v2", grant.what)] == []


def test_there_is_a_role_for_each_function_that_can_do_nothing_by_itself(catalog: psycopg.Connection[Any]) -> None:
    """But that of the pages may become a viewer, whom row level security holds; it inherits nothing of theirs."""
    powers = """
        select rolname, rolcanlogin or rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
                        or exists (select from pg_auth_members m where m.member = r.oid
                                     and (r.rolname <> 'fn_salon_pages' or r.rolinherit
                                          or m.roleid <> 'authenticated'::regrole)) as powerful
        from pg_roles r where rolname = any(%s)
    """
    names = [f"fn_{function}" for function in tree.FUNCTIONS]

    assert sorted(rows(catalog, powers, names)) == [(name, False) for name in names]


def test_functions_that_could_be_misled_fix_their_search_path(catalog: psycopg.Connection[Any]) -> None:
    """PL/pgSQL resolves names when it runs, SECURITY DEFINER runs them as somebody else."""
    loose = f"""
        select p.oid::regprocedure::text from pg_proc p join pg_language l on l.oid = p.prolang
        where p.pronamespace in (select oid from ({OURS}) o) and (p.prosecdef or l.lanname = 'plpgsql')
          and not exists (select from unnest(p.proconfig) c where c like 'search_path=%%')
    """

    assert rows(catalog, loose) == []


def test_a_view_that_runs_as_its_owner_is_given_to_nobody(catalog: psycopg.Connection[Any]) -> None:
    given = """
        select c.oid::regclass::text, a.grantee::regrole::text
        from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
        where c.relkind in ('v', 'm') and a.grantee <> c.relowner
          and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)
          and n.nspname not in ('pg_catalog', 'information_schema')
    """

    assert rows(catalog, given) == []
