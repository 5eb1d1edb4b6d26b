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
        (errors.InsufficientPrivilege(SECRET), "may not do that", "the owner of the database"),
        (errors.LockNotAvailable(SECRET), "somebody else", "try again"),
        (psycopg.OperationalError(f"password authentication failed {SECRET}"), "refused the user", "DATABASE_URL"),
        (psycopg.OperationalError(SECRET), "does not answer", "start it"),
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
