"""Who sees what, for every table, view and function that the catalog has; with --pooled through PgBouncer."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.migrations.tenant_isolation import (
    AURORA,
    BREEZE,
    RELATIONS,
    SUPER,
    Claims,
    Plain,
    claims,
    seed,
    seen,
    viewer,
)

# What staff see nothing of: people, settings, audits, money.
NOT_FOR_STAFF = {"dashboard.users", "dashboard.tenant_settings", "dashboard.audits", "dashboard.session_amounts()"}
MONEY = "total_revenue"
NOBODY: dict[str, Claims] = {
    "no claims": None,
    "empty": "",
    "malformed JSON": "{",
    "an array": "[]",
    "a scalar": '"super_admin"',
    "null": "null",
    "metadata is no object": {"app_metadata": "super_admin"},
    "metadata is an array": {"app_metadata": [{"app_role": "super_admin"}]},
    "no role": {"app_metadata": {"tenant_id": str(AURORA)}},
    "an unknown role": claims("owner", AURORA),
    "an upper-case role": claims("SUPER_ADMIN", AURORA),
    "a malformed tenant": claims("admin", "1"),
    "a tenant with an injection": claims("admin", f"{AURORA}' or true --"),
    "a tenant with a line after it": claims("admin", f"{AURORA}\n"),
    "a tenant that is not there": claims("admin", uuid4()),
    "an admin of no tenant": {"app_metadata": {"app_role": "admin"}},
    "an admin of null": {"app_metadata": {"app_role": "admin", "tenant_id": None}},
    "a list of tenants": {"app_metadata": {"app_role": "admin", "tenant_id": [str(AURORA), str(BREEZE)]}},
    "role at top level": {"role": "super_admin", "tenant_id": str(AURORA)},
    "app_role at top level": {"app_role": "super_admin", "tenant_id": str(AURORA)},
    "claims that people write themselves": {"user_metadata": SUPER["app_metadata"]},
    "Supabase's role inside": {"app_metadata": {"role": "super_admin", "tenant_id": str(AURORA)}},
    "a character that jsonb cannot have": '{"app_metadata": {"app_role": "super_admin", "x": "\\u0000"}}',
}


@pytest.fixture(scope="module")
def arranged(module_direct_url: str) -> Iterator[Plain]:
    """Two salons, past the pooler."""
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        seed(connection)
        yield connection


@pytest.fixture(scope="module")
def looking(module_database_url: str, arranged: Plain) -> Iterator[Plain]:
    """The dashboard's connection."""
    assert not arranged.closed
    with psycopg.connect(module_database_url, autocommit=True, prepare_threshold=None) as connection:
        yield connection


@pytest.fixture(scope="module")
def relations(arranged: Plain) -> dict[str, list[str]]:
    """What authenticated may ask at all, and its columns."""
    return {name: columns for name, _, columns in arranged.execute(RELATIONS) if columns}


def differing(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Where two answers are not the same."""
    return {name: (left[name], right[name]) for name in left if left[name] != right[name]}


def test_everything_has_rows_of_both_salons(arranged: Plain) -> None:
    """Without them the other tests would prove nothing."""
    tables = [name for name, kind, _ in arranged.execute(RELATIONS) if kind in "rp"]
    own = {"public.tenants_v2": "id"}
    count = "select count(distinct {}) from {}"
    asked = {name: count.format(own.get(name, "tenant_id"), name).encode() for name in tables}
    poor = [name for name, question in asked.items() if arranged.execute(question).fetchone() != (2,)]

    assert poor == []
    assert len(tables) >= 14


def test_every_relation_is_asked(arranged: Plain, relations: dict[str, list[str]]) -> None:
    assert [name for name, _, _ in arranged.execute(RELATIONS) if name not in relations] == []
    assert "dashboard.v_top_services" in relations
    assert "dashboard.session_amounts()" in relations


def test_super_admin_sees_all(arranged: Plain, looking: Plain, relations: dict[str, list[str]]) -> None:
    theirs = {name: seen(looking, SUPER, name, columns) for name, columns in relations.items()}
    tables = [name for name in relations if "v_" not in name.split(".")[1] and "(" not in name]
    there = {name: arranged.execute(f"select count(*) from {name}").fetchone() for name in tables}

    assert {name: (len(theirs[name]),) for name in tables} == there
    assert [name for name, rows in theirs.items() if len(rows) < 2] == []


def test_each_admin_sees_their_own_and_both_together_see_all(looking: Plain, relations: dict[str, list[str]]) -> None:
    for name, columns in relations.items():
        first, second = (seen(looking, claims("admin", tenant), name, columns) for tenant in (AURORA, BREEZE))

        assert (len(first), len(second)) == (1, 1), name
        assert str(BREEZE) not in str(first), name
        assert "breeze" not in str(first), name
        assert sorted(first + second) == seen(looking, SUPER, name, columns), name


def test_staff_see_what_their_admin_sees_but_money_settings_users_and_audits(
    looking: Plain, relations: dict[str, list[str]]
) -> None:
    plain = {name: [c for c in columns if c != MONEY] for name, columns in relations.items()}
    staff, admin = ({name: seen(looking, claims(role, AURORA), name, columns) for name, columns in plain.items()}
                    for role in ("staff", "admin"))  # fmt: skip

    assert set(differing(staff, admin)) == NOT_FOR_STAFF
    assert [staff[name] for name in NOT_FOR_STAFF] == [[]] * len(NOT_FOR_STAFF)


def test_staff_see_no_sum_of_money(looking: Plain, relations: dict[str, list[str]]) -> None:
    with_money = [name for name, columns in relations.items() if MONEY in columns]

    assert with_money == ["dashboard.v_top_services", "dashboard.v_top_services_corrected"]
    for name in with_money:
        assert seen(looking, claims("staff", AURORA), name, [MONEY]) == ["(None,)"]
        assert seen(looking, claims("admin", AURORA), name, [MONEY]) != ["(None,)"]


def test_money_is_told_in_a_connection_that_asked_nothing_before(module_database_url: str, looking: Plain) -> None:
    """A definer function that asks for the claims first must be able to."""
    assert not looking.closed
    with psycopg.connect(module_database_url, autocommit=True, prepare_threshold=None) as fresh:
        assert len(seen(fresh, claims("admin", AURORA), "dashboard.session_amounts()", ["*"])) == 1


@pytest.mark.parametrize("who", NOBODY.values(), ids=NOBODY)
def test_nobody_sees_nothing(looking: Plain, relations: dict[str, list[str]], who: Claims) -> None:
    assert [name for name, columns in relations.items() if seen(looking, who, name, columns)] == []


@pytest.mark.parametrize("role", ["anon", "fn_answer_conversations"])
def test_strangers_may_not_even_ask(looking: Plain, relations: dict[str, list[str]], role: str) -> None:
    for name in relations:
        with pytest.raises(InsufficientPrivilege), looking.transaction():
            looking.execute("select set_config('role', %s, true)", (role,))
            looking.execute("select set_config('request.jwt.claims', %s, true)", (json.dumps(SUPER),))
            looking.execute(f"select 1 from {name}")


def test_claims_are_gone_with_their_transaction(module_database_url: str, looking: Plain) -> None:
    """Through PgBouncer both clients have the same server connection."""
    count = "select count(*) from dashboard.users"
    with viewer(looking, SUPER):
        assert looking.execute(count).fetchone() == (2,)
    with psycopg.connect(module_database_url, autocommit=True, prepare_threshold=None) as next_client:
        for client in (looking, next_client):
            assert client.execute("select current_setting('request.jwt.claims', true)").fetchone() in {("",), (None,)}
            assert client.execute("select current_user <> 'authenticated'").fetchone() == (True,)
            with viewer(client, None):
                assert client.execute(count).fetchone() == (0,)


def test_claims_are_gone_when_their_transaction_fails(looking: Plain) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero), viewer(looking, SUPER):
        looking.execute("select 1 / 0")
    with viewer(looking, None):
        assert looking.execute("select count(*) from dashboard.users").fetchone() == (0,)


def test_a_viewer_changes_nothing(looking: Plain, relations: dict[str, list[str]]) -> None:
    for name in relations:
        if "(" in name:
            continue
        for change in (f"delete from {name}", f"insert into {name} default values", f"truncate {name}"):
            with pytest.raises((InsufficientPrivilege, psycopg.errors.WrongObjectType,
                                psycopg.errors.ObjectNotInPrerequisiteState)), viewer(looking, SUPER):  # fmt: skip
                looking.execute(change)
