"""The schedules of serverless.yml."""

from importlib import import_module
from pathlib import Path

import pytest

from infra.local import server
from infra.local.schedules import Schedule, read_schedules


def test_schedules_are_read_in_every_spelling_and_other_triggers_are_passed_over(tmp_path: Path) -> None:
    template = tmp_path / "serverless.yml"
    template.write_text(
        """
functions:
  by_http: {events: [{httpApi: '*'}, sqs: {arn: !GetAtt Queue.Arn}]}
  without_events: {handler: x}
  short: {events: [{schedule: rate(1 minute)}]}
  long:
    events:
      - schedule: {rate: [rate(15 minutes), rate(1 day)], input: !Ref Anything}
      - schedule: {rate: rate(2 hours), enabled: true}
      - schedule: {rate: rate(5 minutes), enabled: false}
"""
    )

    assert read_schedules(template) == [
        Schedule("short", 60),
        Schedule("long", 900),
        Schedule("long", 86400),
        Schedule("long", 7200),
    ]


def test_a_schedule_that_cannot_be_kept_locally_is_named(tmp_path: Path) -> None:
    template = tmp_path / "serverless.yml"
    template.write_text("functions: {nightly: {events: [{schedule: 'cron(0 3 * * ? *)'}]}}")

    with pytest.raises(ValueError, match=r"nightly: .*rate\(5 minutes\), not cron"):
        read_schedules(template)


def test_every_scheduled_function_of_the_template_exists() -> None:
    schedules = read_schedules()

    assert schedules
    assert {schedule.function for schedule in schedules} <= set(server.names())


@pytest.mark.parametrize("schedule", read_schedules(), ids=lambda schedule: schedule.function)
def test_a_function_knows_how_often_it_is_called(schedule: Schedule) -> None:
    """It says so in platform.job_runs, where others see that it was not called."""
    assert import_module(f"functions.{schedule.function}.main").BUDGET.every == schedule.seconds
