"""What can go wrong: a cause and a next step. Never a driver's own text, which can hold secrets and rows."""

import psycopg
from psycopg import errors

from infra.admin.refusals import connecting, rights
from shared.database.pool import describe

# What needs no more than its class to be explained.
_PLAIN: tuple[tuple[tuple[type[psycopg.Error], ...], str, str], ...] = (
    ((errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction, errors.InvalidSchemaName),
     "the database has no Carillon tables, or older ones", "run: carillon db upgrade"),
    ((errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected),
     "somebody else holds what this command needs", "try again in a moment"),
    ((errors.ReadOnlySqlTransaction,), "the database takes no writes now",
     "connect to the primary; if this is it, see that its disk is not full"),
    ((errors.DuplicatePreparedStatement, errors.InvalidSqlStatementName), "a pooler stands before the database",
     "give migrations and this command the direct address: DATABASE_DIRECT_URL"),
    ((errors.DiskFull,), "the disk of the database is full", "make room there, then try again"),
)  # fmt: skip


class AdminError(Exception):
    """An operator's request cannot be carried out: the cause, and what to do next."""

    def __init__(self, cause: str, next_step: str = "") -> None:
        """Neither part holds a secret."""
        super().__init__(cause)
        self.cause = cause
        self.next_step = next_step


def explain(error: Exception) -> tuple[str, str]:
    """The cause and the next step of `error`."""
    if isinstance(error, AdminError):
        return error.cause, error.next_step
    if not isinstance(error, psycopg.Error):  # ConfigError and DatabaseUnavailable: their texts are ours
        cause, _, next_step = str(error).partition(": ")
        return cause, next_step
    for classes, cause, next_step in _PLAIN:
        if isinstance(error, classes):
            return cause, next_step
    if isinstance(error, errors.InsufficientPrivilege):
        return rights.explain(error)
    if isinstance(error, psycopg.OperationalError):
        return connecting.explain(error)
    return f"Postgres refused a statement ({describe(error)})", "report this line to the developers"
