"""Salons to be looked at, what was said in them, and the alerts that came of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import rows
from tests.functions.daily_metrics_digest.salons import Plain, Salon
from tests.functions.daily_metrics_digest.salons import salon as a_salon

Look = Callable[[], Awaitable[dict[str, int]]]

NOTHING = {"raised": 0, "escalated": 0, "resolved": 0, "sent": 0}
_AGE = """
    update dashboard.alerts
    set triggered_at = triggered_at - %(by)s, told_at = told_at - %(by)s, resolved_at = resolved_at - %(by)s
"""


def salon(connection: Plain, name: str = "Лотос", **settings: Any) -> Salon:
    """A salon that is never quiet."""
    return a_salon(connection, name, **{"quiet_from": 0, "quiet_until": 0, **settings})


def dialogs(of: Salon, done: int = 0, hours: float = 1, **others: int) -> None:
    """So many sessions by final status, all of them so many hours ago; those that are done are booked."""
    at = datetime.now(UTC) - timedelta(hours=hours)
    for n in range(done):
        of.session(at, booking_id=f"7{n}")
    for status, count in others.items():
        for _ in range(count):
            of.session(at, final_status=status)


def forget(connection: Plain) -> None:
    connection.execute("delete from public.conversation_sessions_v2")


def standing(of: Salon) -> list[tuple[Any, ...]]:
    """Its alerts: kind, severity, actual, whether open."""
    query = "select *, resolved_at is null as open from dashboard.alerts where tenant_id = %s order by id"
    return [
        (row["kind"], row["severity"], float(row["actual"]), row["open"]) for row in rows(of.connection, query, of.id)
    ]


def told(of: Salon) -> list[dict[str, Any]]:
    """The messages of its alerts, in order."""
    query = """
        select o.* from platform.outbox o join dashboard.alerts a on o.dedup_key like 'salon/alert/' || a.id || '/%%'
        where a.tenant_id = %s order by o.id
    """
    return rows(of.connection, query, of.id)


def age(connection: Plain, **by: float) -> None:
    """Let time go by for the alerts."""
    connection.execute(_AGE, {"by": timedelta(**by)})
