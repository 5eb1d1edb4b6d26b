"""Doctor reads the schedules from serverless.yml: whatever is scheduled there is missed when it is not called."""

import re
import tomllib
from pathlib import Path

import psycopg
import pytest
import yaml
from psycopg.rows import DictRow

from infra.admin.doctor.finding import Finding
from infra.admin.doctor.schedules import MISSED_TICKS, SYSTEMS, runs
from infra.local import schedules
from tests.helpers import arrange
from tests.helpers.serving import ROOT
from tests.helpers.worlds import support

Connection = psycopg.Connection[DictRow]

BLOCKS = yaml.safe_load((ROOT / "serverless.yml").read_text(encoding="utf-8"))["functions"]
EVERY_SYSTEM = set(SYSTEMS.values())
UNITS = {"minute": 60, "hour": 3600, "day": 86400}
PERIODS = {
    name: int(number) * UNITS[unit]
    for name, block in BLOCKS.items()
    for event in block.get("events", [])
    if "schedule" in event
    for number, unit in re.findall(r"(\d+) (minute|hour|day)", str(event["schedule"]["rate"]))
}


def ran(connection: Connection, function: str, seconds_ago: float) -> None:
    query = """
        insert into platform.job_runs (function, started_at, finished_at)
        select %s, now() - make_interval(secs => %s), now()"""
    connection.execute(query, (function, seconds_ago))


def only(findings: list[Finding], function: str) -> Finding:
    [finding] = [finding for finding in findings if finding.message.startswith(f"{function} ")]
    return finding


def test_the_template_schedules_something() -> None:
    assert {"daily_metrics_digest", "verify_bookings", "housekeeping"} <= PERIODS.keys()


def test_there_is_one_line_for_each_scheduled_function(connection: Connection) -> None:
    assert sorted(finding.message.split()[0] for finding in runs(connection, systems=EVERY_SYSTEM)) == sorted(PERIODS)


def test_each_scheduled_function_is_of_a_system_or_of_all() -> None:
    assert PERIODS.keys() - SYSTEMS.keys() == {"dispatch_notifications", "housekeeping"}
    assert SYSTEMS.keys() <= PERIODS.keys()


def test_functions_of_systems_that_are_not_in_use_are_not_missed(connection: Connection) -> None:
    assert {finding.subject for finding in runs(connection)} == {"dispatch_notifications", "housekeeping"}

    support.desk(connection)
    arrange.source(connection)
    bot = arrange.bot(connection, "course-tg", "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr", system="courses")
    connection.execute("insert into courses.school (name, bot_id) values ('Школа', %s)", [bot])

    assert {finding.subject for finding in runs(connection)} == PERIODS.keys() - {
        "daily_metrics_digest",
        "verify_bookings",
    }


@pytest.mark.parametrize("function", PERIODS)
def test_a_scheduled_function_that_has_never_run_is_missed(connection: Connection, function: str) -> None:
    for other in PERIODS.keys() - {function}:
        ran(connection, other, 0)
    findings = runs(connection, systems=EVERY_SYSTEM)

    assert only(findings, function).status == "warning"
    assert only(findings, function).message == f"{function} has never run"
    assert f"calls {function} every {PERIODS[function]} s" in only(findings, function).next_step
    assert {finding.status for finding in findings if finding != only(findings, function)} == {"ok"}


@pytest.mark.parametrize("function", PERIODS)
def test_a_scheduled_function_that_missed_its_ticks_is_a_problem(connection: Connection, function: str) -> None:
    ran(connection, function, MISSED_TICKS * PERIODS[function] + 30)

    assert only(runs(connection, systems=EVERY_SYSTEM), function).status == "problem"


@pytest.mark.parametrize("function", PERIODS)
def test_a_scheduled_function_that_missed_fewer_ticks_is_in_order(connection: Connection, function: str) -> None:
    ran(connection, function, MISSED_TICKS * PERIODS[function] - 30)

    assert only(runs(connection, systems=EVERY_SYSTEM), function).status == "ok"


def test_the_shortest_of_several_schedules_counts(connection: Connection, tmp_path: Path) -> None:
    template = tmp_path / "serverless.yml"
    template.write_text("functions: {both: {events: [{schedule: [rate(1 day), rate(1 minute)]}]}}")
    ran(connection, "both", 600)

    assert only(runs(connection, template), "both").status == "problem"


def test_an_installation_without_the_template_says_so(connection: Connection, tmp_path: Path) -> None:
    [finding] = runs(connection, tmp_path / "serverless.yml")

    assert (finding.status, "serverless.yml" in finding.message) == ("warning", True)
    assert finding.next_step


def test_a_schedule_that_cannot_be_read_is_named(connection: Connection, tmp_path: Path) -> None:
    template = tmp_path / "serverless.yml"
    template.write_text("functions: {nightly: {events: [{schedule: 'cron(0 3 * * ? *)'}]}}")
    [finding] = runs(connection, template)

    assert (finding.status, "nightly" in finding.message) == ("warning", True)


def test_the_wheel_carries_the_template_to_where_it_is_looked_for() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]

    assert (ROOT / wheel["force-include"]["serverless.yml"]) in schedules.TEMPLATES
