"""From a webhook over the queue to a run of the dispatcher, each as a Lambda has it."""

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from tests.helpers import arrange, canaries
from tests.helpers.queues import CREDENTIALS, SECRET_KEY, Queue, fifo, groups, sqs
from tests.helpers.serving import Served, free_port, sandbox_process, serve
from tests.helpers.waiting import shortest, until
from tests.infra.aws.test_handler import home_of_echo, invoke, url_event

__all__ = ["home_of_echo"]
TRAINING, STUDENT, CHAT = "911000001", "512000001", 700_000_101
SETTINGS = {"CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY}
NO_DATABASE = "postgresql://u@127.0.0.1:1/x"


@pytest.fixture(scope="module")
def endpoint(printed: Path) -> Iterator[str]:
    """The stand-in for SQS."""
    with sqs(printed) as address:
        yield address


@pytest.fixture
def queue(endpoint: str) -> Queue:
    return fifo(endpoint)


def poked(*bots: object) -> dict[str, object]:
    """What Lambda hands over when these pokes wait; their ids count from 0."""
    return {"Records": [{"messageId": str(n), "body": json.dumps({"bot": bot})} for n, bot in enumerate(bots)]}


def again(*ids: object) -> dict[str, object]:
    """The answer that has these messages given out again, and no other."""
    return {"batchItemFailures": [{"itemIdentifier": str(failed)} for failed in ids]}


def post(ingest: Served, answer_id: str) -> httpx.Response:
    body = {"user_id": STUDENT, "answer_id": answer_id, "answer_training_id": TRAINING, "answer_text": "Ответ"}
    headers = {"x-webhook-secret": canaries.SOURCE_SECRET}
    return httpx.post(f"{ingest.url}/getcourse/school", json=body, headers=headers, trust_env=False, timeout=60)


def test_a_poke_is_a_scheduled_run_for_its_bot_and_many_of_a_bot_are_one(home_of_echo: Path) -> None:
    events: list[dict[str, Any]] = [poked(7), poked(None), poked(7, 7, 7)]
    calls = invoke("echo", events, home_of_echo, printed="ECHO ", DATABASE_URL=NO_DATABASE, **SETTINGS)

    assert [(call["method"], call["path"], call["query"]) for call in calls] == [
        ("POST", "/", "bot=7"), ("POST", "/", ""), ("POST", "/", "bot=7"),
    ]  # fmt: skip
    assert [call["headers"] for call in calls] == [{"x-cron-secret": canaries.CRON_SECRET}] * 3
    assert [(call["calls"], call["loops"]) for call in calls] == [(1, 1), (2, 1), (3, 1)]


def test_only_pokes_whose_run_failed_come_again(home_of_echo: Path) -> None:
    events: list[dict[str, Any]] = [poked(7, 13, None, 13), poked(7, None)]
    answers = invoke("echo", events, home_of_echo, DATABASE_URL=NO_DATABASE, **SETTINGS)

    assert answers == [again(1, 3), again()]


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"bot": "7&seconds=600"}', '{"bot": 1e999}', '{"bot": 7.5}'])
def test_what_is_no_poke_ends_among_the_failed_ones_and_holds_up_no_other(home_of_echo: Path, body: str) -> None:
    event: dict[str, Any] = {
        "Records": [{"messageId": "no poke", "body": body}, {"messageId": "1", "body": '{"bot": 7}'}]
    }
    answers = invoke("echo", [event], home_of_echo, DATABASE_URL=NO_DATABASE, **SETTINGS)

    assert answers == [again("no poke")]


@pytest.mark.slow
def test_a_webhook_reaches_telegram_over_the_queue_and_a_failed_run_is_given_out_again(
    database_url: str, connection: psycopg.Connection[DictRow], queue: Queue, printed: Path
) -> None:
    arrange.bot(connection)
    arrange.source(connection)
    mentor = arrange.mentor(connection, email="mentor@example.com", telegram_id=CHAT)
    student = arrange.student(connection, getcourse_id=STUDENT, email=canaries.EMAIL)
    arrange.mapping(connection, student, mentor, TRAINING)
    with (
        serve("ingest_webhook", printed, DATABASE_URL=database_url, **SETTINGS, **queue.environment) as ingest,
        sandbox_process(printed) as telegram,
    ):
        assert post(ingest, "1").status_code == 200
        [record] = queue.receive(seconds=2)  # it was there before the webhook was answered
        [failed] = invoke("dispatch_notifications", [{"Records": [record]}], DATABASE_URL=NO_DATABASE, **SETTINGS)
        assert post(ingest, "2").status_code == 200
        assert queue.receive() == []  # the same group: SQS holds it back, as Lambda has not deleted the first
        queue.client.change_message_visibility(
            QueueUrl=queue.url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0
        )
        second = queue.receive(seconds=2)
        dispatched = invoke(
            "dispatch_notifications",
            [{"Records": second}],
            DATABASE_URL=database_url,
            TELEGRAM_API_URL=telegram,
            **SETTINGS,
        )

    assert failed == again(record["messageId"])
    assert record["messageId"] in {message["messageId"] for message in second}
    assert {group for group, _ in groups(second)} <= {"bot-any", "bot-1"}
    assert dispatched == [again()]
    assert connection.execute("select state from platform.outbox").fetchall() == [{"state": "sent"}]


def test_over_http_a_poke_has_left_before_the_lambda_freezes(
    database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.source(connection)
    with socket.create_server(("127.0.0.1", 0)) as dispatcher:
        dispatcher.settimeout(20)
        poke = f"http:http://127.0.0.1:{dispatcher.getsockname()[1]}/"
        [answer] = invoke(
            "ingest_webhook", [url_event("user_id=1&answer_id=1")], DATABASE_URL=database_url, POKE=poke, **SETTINGS
        )
        poked, _ = dispatcher.accept()  # the Lambda is over by now
        with poked:
            request = poked.recv(1000).decode()

    assert answer["statusCode"] == 200
    assert request.startswith("POST / HTTP/1.1\r\n")
    assert f"X-Cron-Secret: {canaries.CRON_SECRET}\r\n" in request


@pytest.mark.slow
def test_a_queue_that_is_away_fails_no_webhook_and_shows_no_key(
    database_url: str, connection: psycopg.Connection[DictRow], queue: Queue, printed: Path
) -> None:
    arrange.source(connection)
    nobody = {**queue.environment, "AWS_ENDPOINT_URL_SQS": f"http://127.0.0.1:{free_port()}"}
    with serve("ingest_webhook", printed, DATABASE_URL=database_url, LOG_LEVEL="DEBUG", **SETTINGS, **nobody) as ingest:
        answer = post(ingest, "1")
        lasted = asyncio.run(shortest(lambda: asyncio.to_thread(post, ingest, "1"), 3))
        asyncio.run(until(lambda: '"poke_failed"' in ingest.output.read_text()))  # the second attempt may end later
        log = ingest.output.read_text()

    assert (answer.status_code, answer.json()["stored"]) == (200, 1)
    assert lasted < 3
    assert '"event": "poke_failed", "error": "ConnectionRefusedError"' in log
    assert not [hidden for hidden in (SECRET_KEY, CREDENTIALS["AWS_ACCESS_KEY_ID"]) if hidden in log]
    assert connection.execute("select count(*) as n from getcourse.webhook_events").fetchall() == [{"n": 1}]
