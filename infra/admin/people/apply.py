"""Reads the current versions and writes a plan, in the caller's transaction."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import DictRow

from infra.admin.people.check import Checked
from infra.admin.people.mapping import plan_mapping
from infra.admin.people.plan import Change, Known, Plan, plan
from infra.admin.people.tables import Table
from shared.database import sql

Connection = psycopg.Connection[DictRow]

BATCH_SIZE = 1000
_VERSION = ("id", "key", "valid_from", "valid_to")

_SQL = sql.load(__file__)


def now(connection: Connection) -> datetime:
    """The database's current time."""
    row = connection.execute(_SQL["now"]).fetchone()
    assert row is not None
    moment: datetime = row["now"]
    return moment


def lock(connection: Connection) -> None:
    """One import at a time; reading and sending go on."""
    connection.execute(_SQL["lock"])


def prepare(connection: Connection, checked: Checked, at: datetime, *, close_missing: bool) -> Plan:
    """The plan for the rows of a file, against what the database holds now."""
    table = checked.table
    current = known(connection, table.name)
    if table.name == "mapping":
        students, mentors = known(connection, "students"), known(connection, "mentors")
        result = plan_mapping(checked.rows, current, students, mentors, at, close_missing=close_missing)
    else:
        result = plan(table, checked.rows, current, at, close_missing=close_missing)
    if table.name in ("lessons", "mapping"):
        result.notes += _unknown_trainings(connection, result)
    return result


def known(connection: Connection, table: str) -> list[Known]:
    """The newest version of everybody in `table`."""
    rows = connection.execute(_SQL[f"known_{table}"]).fetchall()
    return [
        Known(
            row["id"],
            row["key"],
            {name: row[name] for name in row if name not in _VERSION},
            row["valid_from"],
            row["valid_to"],
        )
        for row in rows
    ]


def apply(connection: Connection, table: Table, plan: Plan, at: datetime, on_progress: Callable[[int], None]) -> None:
    """Write `plan`; `on_progress` gets the size of each batch. Ends go first, so that ids and e-mails are free."""
    for statement, changes in (
        (f"end_{table.name}", plan.of("ends")),
        ("new_versions", plan.of("changed")),
        (f"add_{table.name}", plan.of("new")),
    ):
        for start in range(0, len(changes), BATCH_SIZE):
            batch = changes[start : start + BATCH_SIZE]
            rows = json.dumps(
                [_row(change, nested=statement == "new_versions") for change in batch], default=datetime.isoformat
            )
            parameters: dict[str, Any] = {"rows": rows}
            if statement == "new_versions":
                parameters |= {"table": table.name, "at": at}
            connection.execute(_SQL[statement], parameters)
            on_progress(len(batch))


def _row(change: Change, *, nested: bool) -> dict[str, Any]:
    if nested:
        return {"id": change.id, "changes": dict(change.values)}
    return {"id": change.id, "at": change.at, **change.values}


def _unknown_trainings(connection: Connection, plan: Plan) -> list[str]:
    wanted: Sequence[str] = sorted(
        {change.values["training_id"] for change in plan.changes if "training_id" in change.values}
    )
    imported = {training.values["getcourse_id"] for training in known(connection, "trainings")}
    if unknown := [name for name in wanted if name not in imported]:
        return [f"trainings that are not imported yet: {', '.join(unknown[:10])}{' …' if len(unknown) > 10 else ''}"]
    return []
