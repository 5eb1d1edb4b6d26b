"""Salons whose alerts are evaluated, and time that goes by."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tests.helpers.worlds import salon as salons
from tests.helpers.worlds.salon import Plain, Salon

Evaluate = Callable[[], Awaitable[dict[str, int]]]

NOTHING = {"raised": 0, "escalated": 0, "resolved": 0, "sent": 0}
_AGE = """
    update dashboard.alerts
    set triggered_at = triggered_at - %(by)s, told_at = told_at - %(by)s, resolved_at = resolved_at - %(by)s
"""


def salon(connection: Plain, name: str = "Лотос", **settings: Any) -> Salon:
    """A salon that is never quiet."""
    return salons.salon(connection, name, **{"quiet_from": 0, "quiet_until": 0, **settings})


def forget(connection: Plain) -> None:
    """Delete all sessions."""
    connection.execute("delete from public.conversation_sessions_v2")


def age(connection: Plain, **by: float) -> None:
    """Let time go by for the alerts."""
    connection.execute(_AGE, {"by": timedelta(**by)})
