"""What can go wrong: a cause and a next step. Never a driver's own text, which can hold secrets and rows."""

import psycopg
from psycopg import errors

from shared.database.pool import describe

_UPGRADE = "run: carillon db upgrade"
_NO_SCHEMA = (
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.UndefinedFunction,
    errors.InvalidSchemaName,
)
# libpq says why only in words; they are matched, never shown.
_CONNECTING = (
    ("password authentication failed", "Postgres refused the user or the password", "check both in DATABASE_URL"),
    ("no password supplied", "Postgres wants a password", "put one into DATABASE_URL"),
    ("does not exist", "the user or the database of DATABASE_URL does not exist", "create it, or correct the name"),
    ("could not translate host name", "the host in DATABASE_URL has no address", "correct the name"),
    ("name or service not known", "the host in DATABASE_URL has no address", "correct the name"),
    ("failed to resolve host", "the host in DATABASE_URL has no address", "correct the name"),
    ("invalid", "DATABASE_URL cannot be read as a Postgres address", "write postgresql://user:password@host:5432/name"),
    ("ssl", "Postgres and the client do not agree about TLS", "add ?sslmode=require, or take it away"),
)


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
    if isinstance(error, _NO_SCHEMA):
        return "the database has no Carillon tables, or older ones", _UPGRADE
    if isinstance(error, errors.InsufficientPrivilege):
        return "this database user may not do that", "use the owner of the database in DATABASE_URL"
    if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled | errors.DeadlockDetected):
        return "somebody else holds what this command needs", "try again in a moment"
    if isinstance(error, psycopg.OperationalError):
        return _connecting(error)
    return f"Postgres refused a statement ({describe(error)})", "report this line to the developers"


def _connecting(error: psycopg.OperationalError) -> tuple[str, str]:
    message = str(error).lower()
    for part, cause, next_step in _CONNECTING:
        if part in message:
            return cause, next_step
    return "the database of DATABASE_URL does not answer", "start it, or correct host and port in DATABASE_URL"
