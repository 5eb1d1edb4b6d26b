"""A CSV file into a table of people: checked, planned, and written when nothing stands against it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from psycopg import errors

from infra.admin.database import Connection
from infra.admin.errors import AdminError
from infra.admin.people import apply, report
from infra.admin.people.check import Checked, check
from infra.admin.people.plan import Plan
from infra.admin.people.sheet import UnreadableSheet, read
from infra.admin.people.tables import Table

OnProgress = Callable[[int, int], None]


class InTheFuture(ValueError):
    """The moment of an import has not come yet."""


@dataclass(frozen=True)
class Imported:
    """What a file changes, or would change, at which moment."""

    plan: Plan
    applied: bool
    at: datetime


def check_file(content: bytes, table: Table, timezone: str) -> Checked:
    """The rows of a CSV file; times without an offset are local in `timezone`. Raises AdminError."""
    try:
        sheet = read(content, lambda title: table.column(title) is not None)
    except UnreadableSheet as unreadable:
        cause, _, next_step = str(unreadable).partition(": ")
        raise AdminError(cause, next_step) from None
    return check(sheet, table, timezone)


def import_rows(
    connection: Connection,
    checked: Checked,
    at: datetime | None,
    *,
    write: bool = False,
    close_missing: bool = False,
    on_progress: OnProgress = lambda _written, _total: None,
) -> Imported:
    """Plan the import of `checked` rows as of `at` (now when None); write it when `write`, unless there are problems.

    All in one transaction. `on_progress` gets the number of changes in each batch, and of all together.
    Raises InTheFuture, AdminError when the changes contradict the database.
    """
    with connection.transaction():
        if write:
            apply.lock(connection)
        now = apply.now(connection)
        moment = at or now
        if moment > now:
            raise InTheFuture("--at lies in the future: import when it has come")
        plan = report.join(checked, apply.prepare(connection, checked, moment, close_missing=close_missing))
        applied = write and not plan.problems
        if applied:
            _write(connection, checked.table, plan, moment, on_progress)
    return Imported(plan, applied, moment)


def _write(connection: Connection, table: Table, plan: Plan, at: datetime, on_progress: OnProgress) -> None:
    total = sum(len(plan.of(action)) for action in ("new", "changed", "ends"))
    try:
        apply.apply(connection, table, plan, at, lambda written: on_progress(written, total))
    except errors.ExclusionViolation:
        raise AdminError(
            "two of the changes contradict each other or an older version; nothing was written",
            "look for an id or an e-mail that moves from one person to another, and import in two steps",
        ) from None
    except errors.CheckViolation:
        raise AdminError("a change would leave somebody without any id, or an end before a begin; nothing was written",
                      "look at the dates and dashes of the changed rows") from None  # fmt: skip
