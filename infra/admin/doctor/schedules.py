"""Doctor: whether every scheduled function of serverless.yml is called. It changes nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.formats import format_duration
from shared.database import sql

if TYPE_CHECKING:
    from infra.local.schedules import Schedule

CHECK = "last run"
MISSED_TICKS = 3

_SQL = sql.load(__file__)


def runs(connection: Connection, template: Path | None = None) -> list[Finding]:
    """Whether the scheduler calls whatever `template` schedules, by default this installation's serverless.yml."""
    from infra.local.schedules import read_schedules  # noqa: PLC0415 - PyYAML, which other commands need not

    try:
        periods = _shortest_periods(read_schedules(template))
    except FileNotFoundError:
        step = "run carillon doctor where the functions are deployed from"
        return [Finding("warning", CHECK, "the schedules are not known: there is no serverless.yml", step)]
    except ValueError as error:
        return [Finding("warning", CHECK, f"the schedules cannot be read: {error}", "correct serverless.yml")]
    last = {row["function"]: row["age"] for row in fetch(connection, _SQL["runs"])}
    return [_run(function, last.get(function), period) for function, period in periods.items()]


def _shortest_periods(schedules: "list[Schedule]") -> dict[str, float]:
    """The seconds between two ticks of each function, which may have several schedules."""
    periods: dict[str, float] = {}
    for schedule in schedules:
        periods[schedule.function] = min(schedule.seconds, periods.get(schedule.function, schedule.seconds))
    return periods


def _run(function: str, age: float | None, period: float) -> Finding:
    step = f"see that the scheduler calls {function} every {period:.0f} s with CRON_SECRET"
    if age is None:
        return Finding("warning", CHECK, f"{function} has never run", step)
    if age > MISSED_TICKS * period:
        return Finding("problem", CHECK, f"{function} ran {format_duration(age)} ago", step)
    return Finding("ok", CHECK, f"{function} ran {format_duration(age)} ago")
