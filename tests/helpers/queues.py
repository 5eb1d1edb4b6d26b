"""A stand-in for SQS (moto) in a process of its own, and queues in it."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.session import Session  # type: ignore[import-untyped]

from tests.helpers.serving import free_port, wait_for_port

REGION = "eu-central-1"
SECRET_KEY = "canary-aws-secret-key-0123456789"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIACANARY0123456789", "AWS_SECRET_ACCESS_KEY": SECRET_KEY}


@dataclass(frozen=True)
class Queue:
    """A FIFO queue that the stand-in holds under the address that AWS would give it."""

    url: str
    environment: dict[str, str]  # what a function needs to reach it
    client: Any

    def receive(self, seconds: int = 0) -> list[dict[str, Any]]:
        """Messages as a Lambda gets them, waiting for the first; hidden from others until they are done."""
        found = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=seconds, AttributeNames=["All"]
        )
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "eventSource": "aws:sqs",
            }
            for message in found.get("Messages", [])
        ]

    def done(self, record: dict[str, Any]) -> None:
        """Delete a message, as Lambda does after a run that did not fail."""
        self.client.delete_message(QueueUrl=self.url, ReceiptHandle=record["receiptHandle"])

    def drain(self) -> list[dict[str, Any]]:
        """All messages, one group after the other, each done."""
        drained = []
        while found := self.receive():
            for record in found:
                self.done(record)
            drained += found
        return drained


@contextmanager
def sqs(printed: Path) -> Iterator[str]:
    """The stand-in; its address."""
    port = free_port()
    output = printed / f"sqs-{uuid.uuid4().hex[:8]}.log"
    with output.open("wb") as log:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for_port(port, process, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(300)


def fifo(endpoint: str, **attributes: str) -> Queue:
    """A new queue, as serverless.yml has it, in the stand-in at `endpoint`."""
    client = Session().create_client(
        "sqs",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    name = f"pokes-{uuid.uuid4().hex[:8]}.fifo"
    client.create_queue(QueueName=name, Attributes={"FifoQueue": "true", "VisibilityTimeout": "90", **attributes})
    url = f"https://sqs.{REGION}.amazonaws.com/123456789012/{name}"
    return Queue(url, {**CREDENTIALS, "AWS_ENDPOINT_URL_SQS": endpoint, "POKE": f"sqs:{url}"}, client)


def groups(records: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Each message's group, and the bot that it names."""
    return [(record["attributes"]["MessageGroupId"], json.loads(record["body"])["bot"]) for record in records]
