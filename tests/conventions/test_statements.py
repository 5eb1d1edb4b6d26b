"""Every statement that we ever send, explained against the migrated database."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.conventions import tree
from tests.conventions.tree import Statement

ALL = tree.statements("functions", "shared", "infra")
BY_ROLE = [(function, statement) for function in tree.FUNCTIONS for statement in tree.statements_of(function)]

_PARAMETER = re.compile(r"%\((\w+)\)s(::[a-z_0-9]+(\[\])?)?")


def explain(connection: psycopg.Connection[Any], statement: Statement) -> None:
    """Plan `statement` without values. Raises psycopg.Error."""
    text = _PARAMETER.sub(lambda found: f"null{found[2] or ''}", statement.text).replace("%%", "%")
    connection.execute(b"explain " + text.encode())


@pytest.fixture(scope="module")
def explaining(module_direct_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        yield connection


def test_there_are_statements_to_explain() -> None:
    assert len(ALL) > 20
    assert {function for function, _ in BY_ROLE} == set(tree.FUNCTIONS)


@pytest.mark.parametrize("statement", ALL, ids=str)
def test_a_statement_can_be_planned_and_names_every_schema(
    explaining: psycopg.Connection[Any], statement: Statement
) -> None:
    """With an empty search_path only pg_catalog is found unnamed."""
    with explaining.transaction():
        explaining.execute("select set_config('search_path', '', true)")
        explain(explaining, statement)


@pytest.mark.parametrize("statement", ALL, ids=str)
def test_every_parameter_has_a_cast(statement: Statement) -> None:
    uncast = [found[1] for found in _PARAMETER.finditer(statement.text) if not found[2]]

    assert uncast == []
    assert statement.text.count("%(") == len(_PARAMETER.findall(statement.text))


@pytest.mark.parametrize(("function", "statement"), BY_ROLE, ids=str)
def test_a_function_may_run_its_statements(
    explaining: psycopg.Connection[Any], function: str, statement: Statement
) -> None:
    with explaining.transaction(force_rollback=True):
        explaining.execute(f"set local role fn_{function}")
        explain(explaining, statement)


@pytest.mark.parametrize("statement", tree.statements(tree.VIEWERS), ids=str)
def test_a_viewer_may_run_the_statements_of_reports(explaining: psycopg.Connection[Any], statement: Statement) -> None:
    with explaining.transaction(force_rollback=True):
        explaining.execute("set local role authenticated")
        explain(explaining, statement)
