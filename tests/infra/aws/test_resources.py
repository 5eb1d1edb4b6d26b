"""The queues, alarms and secret of serverless.yml, made in a stand-in for AWS, and what a poke meets there."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
import yaml
from moto import mock_aws

from tests.helpers.queues import CREDENTIALS, REGION
from tests.infra.aws.cloudformation import BLOCKS, FUNCTIONS, ROOT

STAGE = "prod"
SHARED = ("SECRETS_KEY", "CRON_SECRET", "LLM_API_KEY", "YCLIENTS_PARTNER_TOKEN")  # the first lines of serverless.yml


def read(name: str) -> dict[str, Any]:
    text = (ROOT / name).read_text(encoding="utf-8").replace("${sls:stage}", STAGE)
    found: dict[str, Any] = yaml.safe_load(text)
    return found


ALARMS: dict[str, Any] = read("infra/aws/alarms.yml")["Resources"]
[QUEUES] = [part["Resources"] for part in read("serverless.yml")["resources"] if isinstance(part, dict)]


class Stack:
    """What CloudFormation would make of them; moto's makes no alarms."""

    def __init__(self) -> None:
        self.sqs, self.cloudwatch = (boto3.client(name, region_name=REGION) for name in ("sqs", "cloudwatch"))
        self.values: dict[tuple[str, str], str] = {}
        topic = boto3.client("sns", region_name=REGION).create_topic(
            Name=ALARMS["AlarmTopic"]["Properties"]["TopicName"]
        )
        self.values["AlarmTopic", "Ref"] = topic["TopicArn"]
        for name in sorted(QUEUES, key=lambda queue: "RedrivePolicy" in QUEUES[queue]["Properties"]):
            self._queue(name, self.resolved(QUEUES[name]["Properties"]))
        for alarm in ALARMS.values():
            if alarm["Type"] == "AWS::CloudWatch::Alarm":
                self.cloudwatch.put_metric_alarm(**self.resolved(alarm["Properties"]))

    def _queue(self, name: str, properties: dict[str, Any]) -> None:
        queue = properties.pop("QueueName")
        attributes = {key: json.dumps(value) for key, value in properties.items()}
        url = self.sqs.create_queue(QueueName=queue, Attributes=attributes)["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.values |= {(name, "Ref"): url, (name, "Arn"): arn, (name, "QueueName"): queue}

    def resolved(self, value: Any) -> Any:
        """A value with its references to what was made."""
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        if "Ref" in value:
            return self.values[value["Ref"], "Ref"]
        if "Fn::GetAtt" in value:
            return self.values[value["Fn::GetAtt"][0], value["Fn::GetAtt"][1]]
        return {key: self.resolved(item) for key, item in value.items()}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        yield Stack()


def test_a_poke_whose_run_fails_five_times_is_put_aside_and_holds_up_no_other_bot(stack: Stack) -> None:
    pokes, aside = stack.values["Pokes", "Ref"], stack.values["FailedPokes", "Ref"]
    for bot in (7, 8):
        stack.sqs.send_message(
            QueueUrl=pokes,
            MessageBody=f'{{"bot": {bot}}}',
            MessageGroupId=f"bot-{bot}",
            MessageDeduplicationId=str(bot),
        )
    tries = 0
    while messages := stack.sqs.receive_message(QueueUrl=pokes, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            if "7" in message["Body"]:
                tries += 1  # Lambda gives it back after a failed run
                stack.sqs.change_message_visibility(
                    QueueUrl=pokes, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )
            else:
                stack.sqs.delete_message(QueueUrl=pokes, ReceiptHandle=message["ReceiptHandle"])

    [failed] = stack.sqs.receive_message(QueueUrl=aside).get("Messages", [])
    assert (tries, failed["Body"]) == (5, '{"bot": 7}')


def test_every_alarm_is_taken_and_looks_at_a_queue_or_function_that_there_is(stack: Stack) -> None:
    alarms = stack.cloudwatch.describe_alarms(MaxRecords=100)["MetricAlarms"]
    queues = {name for (_, kind), name in stack.values.items() if kind == "QueueName"}
    named = {"FunctionName": {f"carillon-{STAGE}-{name}" for name in FUNCTIONS}, "QueueName": queues}

    assert len(alarms) == len(ALARMS) - 1
    for alarm in alarms:
        [dimension] = alarm["Dimensions"]
        assert dimension["Value"] in named[dimension["Name"]], alarm["AlarmName"]
        assert alarm["AlarmActions"] == alarm["OKActions"] == [stack.values["AlarmTopic", "Ref"]]


def test_the_secret_that_the_first_lines_ask_for_answers_every_reference(stack: Stack) -> None:
    del stack  # it is what makes AWS a stand-in
    client = boto3.client("secretsmanager", region_name=REGION)
    keys = {*SHARED, *(f"DATABASE_URL_{name}" for name in FUNCTIONS)}
    client.create_secret(Name=f"carillon/{STAGE}", SecretString=json.dumps({key: f"value of {key}" for key in keys}))

    text = json.dumps(BLOCKS).replace("${sls:stage}", STAGE)
    references = set(re.findall(r"\{\{resolve:secretsmanager:([^:]+):SecretString:(\w+)\}\}", text))
    values = {key: json.loads(client.get_secret_value(SecretId=name)["SecretString"])[key] for name, key in references}

    assert set(values) == keys
