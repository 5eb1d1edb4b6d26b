"""What fails on AWS is told: schedules on both their ways, queues, errors."""

from typing import Any

import pytest

from infra.local.schedules import seconds_of
from tests.infra.aws.cloudformation import FUNCTIONS, SCHEDULES, logical_name, of_type

ALARM = "AWS::CloudWatch::Alarm"


@pytest.mark.slow
def test_no_schedule_fails_unseen_neither_on_its_way_nor_in_its_function(stack: dict[str, Any]) -> None:
    told = {"Fn::GetAtt": ["FailedRuns", "Arn"]}
    schedules = of_type(stack, "AWS::Scheduler::Schedule")
    configured = of_type(stack, "AWS::Lambda::EventInvokeConfig")

    assert len(schedules) == len(configured) == len(SCHEDULES)
    for schedule in schedules:
        assert schedule["ScheduleExpressionTimezone"] == "UTC"
        assert schedule["Target"]["DeadLetterConfig"] == {"Arn": told}
        assert schedule["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 10}
    for name in SCHEDULES:
        [of_function] = [c for c in configured if c["FunctionName"] == {"Ref": logical_name(name, "LambdaFunction")}]
        assert of_function["DestinationConfig"] == {"OnFailure": {"Destination": told}}
        assert (of_function["Qualifier"], of_function["MaximumEventAgeInSeconds"]) == ("$LATEST", 600)


@pytest.mark.slow
def test_alarms_tell_one_topic_of_queues_dead_letters_errors_and_missed_schedules(stack: dict[str, Any]) -> None:
    alarms = {alarm["AlarmName"].removeprefix("carillon-dev-"): alarm for alarm in of_type(stack, ALARM)}
    lambdas = {name for name in alarms if name.endswith(("-errors", "-missed"))}

    assert set(alarms) == {
        "pokes-old", "bursts-old", "pokes-failed", "runs-failed",
        *(f"{name}-errors" for name in FUNCTIONS), *(f"{name}-missed" for name in SCHEDULES),
    }  # fmt: skip
    assert all(alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}] for alarm in alarms.values())
    for name in lambdas:
        function, _, kind = name.rpartition("-")
        [dimension] = alarms[name]["Dimensions"]
        metric = "Invocations" if kind == "missed" else "Errors" if function in SCHEDULES else "Url5xxCount"
        assert dimension == {"Name": "FunctionName", "Value": f"carillon-dev-{function}"}
        assert alarms[name]["MetricName"] == metric
    for name, rate in SCHEDULES.items():
        missed = alarms[f"{name}-missed"]
        assert (missed["Period"], missed["EvaluationPeriods"]) == (seconds_of(name, rate), 3)
        assert missed["TreatMissingData"] == "breaching"
