"""serverless.yml names every function with its trigger, and becomes a template that AWS would take."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.aws.cloudformation import BLOCKS, FUNCTIONS, OSLS, ROOT, SCHEDULES, TEMPLATE, logical_name, of_type

QUEUES = ("POKE", "POKE_ANSWERS")
OF_ALL = {"SERVER_ENV", "OTEL_EXPORTER_OTLP_ENDPOINT", "SENTRY_DSN"}  # functions
SECRETS = {"DATABASE_URL", "SECRETS_KEY", "CRON_SECRET", "LLM_API_KEY", "YCLIENTS_PARTNER_TOKEN"}
MAIN_ACTIONS = ("logs:PutLogEvents", "sqs:SendMessage", "sqs:ReceiveMessage")
POKING = [
    name
    for name in FUNCTIONS
    if any(
        "shared.delivery.poke" in path.read_text(encoding="utf-8") for path in ROOT.glob(f"functions/{name}/**/*.py")
    )
]


def test_every_function_has_one_block_with_a_trigger_and_its_own_timeout() -> None:
    assert sorted(BLOCKS) == FUNCTIONS
    for name, block in BLOCKS.items():
        assert block["environment"]["FUNCTION_TARGET"] == name
        assert block["timeout"] > 0
        assert bool(block.get("url")) != bool(block.get("events"))


def test_osls_is_locked_in_the_version_that_is_tried_here() -> None:
    package, lock = (
        json.loads((ROOT / "infra/aws" / name).read_text()) for name in ("package.json", "package-lock.json")
    )

    assert package["dependencies"] == {"osls": OSLS.partition("@")[2]}
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    assert all("integrity" in locked for name, locked in lock["packages"].items() if name)


def test_whoever_pokes_gets_the_address_of_the_queue() -> None:
    assert {"ingest_webhook", "remind_deadlines"} <= set(POKING)
    assert sorted(name for name, block in BLOCKS.items() if "POKE" in block["environment"]) == POKING


def may_use(stack: dict[str, Any], function: dict[str, Any]) -> dict[str, list[str]]:
    """What a function's role allows: the resources of each kind of action, named by its main one."""
    role = stack["Resources"][function["Role"]["Fn::GetAtt"][0]]["Properties"]
    [policy] = role["Policies"]
    allowed = {}
    for statement in policy["PolicyDocument"]["Statement"]:
        actions, resources = statement["Action"], statement["Resource"]
        [main] = [action for action in MAIN_ACTIONS if action in actions]
        assert "*" not in json.dumps(statement)
        found = resources if isinstance(resources, list) else [resources]
        allowed[main] = [arn["Fn::GetAtt"][0] for arn in found]
    return allowed


@pytest.mark.slow
def test_each_folder_is_a_lambda_of_the_same_name(stack: dict[str, Any]) -> None:
    names = sorted(function["FunctionName"] for function in of_type(stack, "AWS::Lambda::Function"))

    assert names == [f"carillon-dev-{name}" for name in FUNCTIONS]


@pytest.mark.slow
def test_each_schedule_has_its_rate_and_says_what_to_do(stack: dict[str, Any]) -> None:
    schedules = {
        json.loads(schedule["Target"]["Input"])["task"]: schedule["ScheduleExpression"]
        for schedule in of_type(stack, "AWS::Scheduler::Schedule")
    }

    assert schedules == SCHEDULES
    assert schedules["dispatch_notifications"] == "rate(1 minute)"


@pytest.mark.slow
def test_only_functions_that_outsiders_call_have_an_address(stack: dict[str, Any]) -> None:
    targets = [json.dumps(url["TargetFunctionArn"]) for url in of_type(stack, "AWS::Lambda::Url")]
    called = [name for name, block in BLOCKS.items() if block.get("url")]

    assert {"ingest_webhook", "telegram_webhook", "serve_media", "learning_api"} <= set(called)
    assert len(targets) == len(called) == len(FUNCTIONS) - len(SCHEDULES)
    for name in called:
        assert any(name.capitalize().replace("_", "Underscore") in target for target in targets)


@pytest.mark.slow
def test_no_secret_is_in_the_template_and_each_function_has_what_its_block_says(stack: dict[str, Any]) -> None:
    for function in of_type(stack, "AWS::Lambda::Function"):
        variables = function["Environment"]["Variables"]
        block = BLOCKS[variables["FUNCTION_TARGET"]]
        resolved = {name for name, value in variables.items() if str(value).startswith("{{resolve:secretsmanager:")}

        assert set(variables) == {*block["environment"], *OF_ALL}
        assert resolved == SECRETS.intersection(variables)
        assert variables["DATABASE_URL"].endswith(f":DATABASE_URL_{variables['FUNCTION_TARGET']}}}}}")


@pytest.mark.slow
def test_each_lambda_has_its_own_timeout(stack: dict[str, Any]) -> None:
    timeouts = {function["FunctionName"]: function["Timeout"] for function in of_type(stack, "AWS::Lambda::Function")}

    assert timeouts == {f"carillon-dev-{name}": block["timeout"] for name, block in BLOCKS.items()}


@pytest.mark.slow
def test_who_pokes_knows_the_queue_and_may_send_to_it(stack: dict[str, Any]) -> None:
    pokes = {
        function["Environment"]["Variables"]["FUNCTION_TARGET"]: function["Environment"]["Variables"]["POKE"]
        for function in of_type(stack, "AWS::Lambda::Function")
        if "POKE" in function["Environment"]["Variables"]
    }

    assert pokes == {name: {"Fn::Join": ["", ["sqs:", {"Ref": "Pokes"}]]} for name in POKING}
    for function in of_type(stack, "AWS::Lambda::Function"):
        variables = function["Environment"]["Variables"]
        sends = [value["Fn::Join"][1][1]["Ref"] for name, value in variables.items() if name in QUEUES]
        sends += ["FailedRuns"] * (variables["FUNCTION_TARGET"] in SCHEDULES)
        receives = [
            mapping["EventSourceArn"]["Fn::GetAtt"][0]
            for mapping in of_type(stack, "AWS::Lambda::EventSourceMapping")
            if mapping["FunctionName"]
            == {"Fn::GetAtt": [logical_name(variables["FUNCTION_TARGET"], "LambdaFunction"), "Arn"]}
        ]
        assert may_use(stack, function) == {
            "logs:PutLogEvents": [logical_name(variables["FUNCTION_TARGET"], "LogGroup")],
            **({"sqs:SendMessage": sends} if sends else {}),
            **({"sqs:ReceiveMessage": receives} if receives else {}),
        }


@pytest.mark.slow
def test_housekeeping_may_put_files_below_its_archives_prefix_where_there_is_one(stack: dict[str, Any]) -> None:
    """And whatever else there is, stands in one policy of each role."""
    [policy] = of_type(stack, "AWS::IAM::Policy")
    [statement] = policy["PolicyDocument"]["Statement"]
    place = {"Fn::Select": [1, {"Fn::Split": ["s3://", "s3://nowhere"]}]}  # as ARCHIVE_URL is not set here

    assert stack["Conditions"] == {"HasArchive": {"Fn::Not": [{"Fn::Equals": ["", ""]}]}}
    assert stack["Resources"]["HousekeepingArchive"]["Condition"] == "HasArchive"
    assert policy["Roles"] == [{"Ref": "HousekeepingRole"}]
    assert statement == {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": {"Fn::Join": ["", ["arn:aws:s3:::", place, "/*"]]},
    }


@pytest.mark.slow
def test_only_the_scheduler_calls_what_has_a_schedule_and_no_function_calls_another(stack: dict[str, Any]) -> None:
    roles = {schedule["Target"]["RoleArn"]["Fn::GetAtt"][0] for schedule in of_type(stack, "AWS::Scheduler::Schedule")}
    [tells, calls] = stack["Resources"]["SchedulerRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]

    assert roles == {"SchedulerRole"}
    assert (tells["Action"], tells["Resource"]) == ("sqs:SendMessage", {"Fn::GetAtt": ["FailedRuns", "Arn"]})
    assert calls["Action"] == "lambda:InvokeFunction"
    assert [arn["Fn::GetAtt"][0] for arn in calls["Resource"]] == [
        logical_name(name, "LambdaFunction") for name in SCHEDULES
    ]
    assert len(of_type(stack, "AWS::IAM::Role")) == len(FUNCTIONS) + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "name", "at_once"), [("dispatch_notifications", "Pokes", 1), ("answer_conversations", "Bursts", 10)]
)
def test_pokes_reach_their_function_and_a_failed_one_comes_again_until_it_is_put_aside(
    stack: dict[str, Any], function: str, name: str, at_once: int
) -> None:
    mappings = of_type(stack, "AWS::Lambda::EventSourceMapping")
    [mapping] = [item for item in mappings if item["EventSourceArn"] == {"Fn::GetAtt": [name, "Arn"]}]
    queue = stack["Resources"][name]["Properties"]
    aside = stack["Resources"]["FailedPokes"]["Properties"]

    assert function.capitalize().replace("_", "Underscore") in json.dumps(mapping["FunctionName"])
    assert (mapping["BatchSize"], mapping["Enabled"]) == (at_once, True)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (queue["FifoQueue"], queue["ContentBasedDeduplication"], aside["FifoQueue"]) == (True, False, True)
    assert queue["VisibilityTimeout"] > BLOCKS[function]["timeout"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["FailedPokes", "Arn"]}
    assert queue["MessageRetentionPeriod"] > queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"]
    assert all(item["QueueName"].endswith(".fifo") for item in (queue, aside))


@pytest.mark.slow
def test_each_lambda_is_its_own_archive_and_keeps_its_log_for_a_month_without_tracing(stack: dict[str, Any]) -> None:
    for function in of_type(stack, "AWS::Lambda::Function"):
        name = function["Environment"]["Variables"]["FUNCTION_TARGET"]
        log = stack["Resources"][logical_name(name, "LogGroup")]["Properties"]
        assert function["Code"]["S3Key"].endswith(f"/{name}.zip")
        assert log == {"LogGroupName": f"/aws/lambda/carillon-dev-{name}", "RetentionInDays": 30}
        assert function.keys().isdisjoint({"TracingConfig", "SnapStart"})


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_cfn_lint_finds_no_error(package: Path) -> None:
    program = Path(sys.executable).with_name("cfn-lint")
    command = [str(program), "--non-zero-exit-code", "error", "--", str(package / TEMPLATE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)

    assert done.returncode == 0, done.stdout
