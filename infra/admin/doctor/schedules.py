"""Doctor: whether the scheduled functions of serverless.yml are called, of systems in use. It changes nothing."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.formats import format_duration
from infra.admin.salon.tenants import as_keeper
from shared.database import sql

AREA = "last run"
MISSED_TICKS = 3
# Functions that have work only while their system is in use; the others always have.
SYSTEMS: Mapping[str, str] = {
    "remind_deadlines": "getcourse",
    "remind_participants": "courses",
    "daily_metrics_digest": "salon",
    "verify_bookings": "salon",
    "answer_conversations": "support",
    "handover_reminder_sweep": "support",
}

_SQL = sql.load(__file__)


def in_use(connection: Connection) -> set[str]:
    """The systems that have something to do here: a school, an active desk, a salon or course bot that is connected."""
    systems = {row["system"] for row in fetch(connection, _SQL["systems"])}
    with as_keeper(connection, read_only=True):
        return systems | {row["system"] for row in fetch(connection, _SQL["salons"])}


def runs(connection: Connection, template: Path | None = None, systems: Collection[str] | None = None) -> list[Finding]:
    """Whether the scheduler calls what `template` (by default this installation's serverless.yml) schedules.

    Functions of other `systems` than these (by default those in use) are not missed.
    """
    try:
        periods = _shortest_periods(template)
    except FileNotFoundError:
        step = "run carillon doctor where the functions are deployed from"
        return [Finding("warning", AREA, "the schedules are not known: there is no serverless.yml", step)]
    except ValueError as error:
        return [Finding("warning", AREA, f"the schedules cannot be read: {error}", "correct serverless.yml")]
    last = {row["function"]: row["age"] for row in fetch(connection, _SQL["runs"])}
    systems = in_use(connection) if systems is None else systems
    wanted = [function for function in periods if SYSTEMS.get(function) in (None, *systems)]
    return [_run(function, last.get(function), periods[function]) for function in wanted]


@cache
def _shortest_periods(template: Path | None) -> Mapping[str, float]:
    """The seconds between two ticks of each function, which may have several schedules."""
    from infra.local.schedules import read_schedules  # noqa: PLC0415 - PyYAML, which other commands need not

    periods: dict[str, float] = {}
    for schedule in read_schedules(template):
        periods[schedule.function] = min(schedule.seconds, periods.get(schedule.function, schedule.seconds))
    return periods


def _run(function: str, age: float | None, period: float) -> Finding:
    step = f"see that the scheduler calls {function} every {period:.0f} s with CRON_SECRET"
    if age is None:
        return Finding("warning", AREA, f"{function} has never run", step, function)
    if age > MISSED_TICKS * period:
        return Finding("problem", AREA, f"{function} ran {format_duration(age)} ago", step, function)
    return Finding("ok", AREA, f"{function} ran {format_duration(age)} ago", subject=function)
