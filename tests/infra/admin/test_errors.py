"""Errors as a cause and a next step, without what a driver says."""

import psycopg
import pytest
from psycopg import errors

from infra.admin.errors import AdminError, explain
from shared.errors import ConfigError

SECRET = "geheimwort"


@pytest.mark.parametrize(
    ("error", "cause", "next_step"),
    [
        (AdminError("there is no bot school", "look: carillon bots list"), "no bot school", "carillon bots list"),
        (ConfigError("DATABASE_URL is missing: put it into .env"), "DATABASE_URL is missing", "put it into .env"),
        (errors.UndefinedTable(SECRET), "no Carillon tables", "carillon db upgrade"),
        (errors.InsufficientPrivilege(SECRET), "lacks a right", "the owner of Carillon's tables"),
        (errors.LockNotAvailable(SECRET), "somebody else", "try again"),
        (errors.ReadOnlySqlTransaction(SECRET), "takes no writes", "the primary"),
        (errors.DuplicatePreparedStatement(SECRET), "a pooler", "DATABASE_DIRECT_URL"),
        (errors.DiskFull(SECRET), "disk", "make room"),
        (psycopg.OperationalError(SECRET), "no connection", "its own log"),
        (errors.CheckViolation(SECRET), "Postgres refused a statement", "report this line"),
    ],
)
def test_an_error_has_a_cause_and_a_next_step_and_none_of_the_drivers_text(
    error: Exception, cause: str, next_step: str
) -> None:
    explained = explain(error)

    assert cause in explained[0]
    assert next_step in explained[1]
    assert SECRET not in "".join(explained)
