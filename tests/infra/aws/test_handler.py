"""Lambda's events reach the function as requests, and its answers go back."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.helpers import arrange, canaries

ROOT = Path(__file__).parents[3]
# A Lambda in a process of its own: events in as lines, answers out as lines.
LAMBDA = """
import importlib, json, sys
from infra.aws.handler import CallAgain
handle = importlib.import_module(sys.argv[1]).handle
for line in sys.stdin:
    try:
        answer = handle(json.loads(line), None)
    except CallAgain as error:
        answer = {"raised": str(error)}
    print("ANSWER " + json.dumps(answer), flush=True)
"""


def invoke(
    function: str,
    events: list[dict[str, Any]],
    home: Path = ROOT,
    /,
    handler: str = "infra.aws.handler",
    printed: str = "ANSWER ",
    **settings: str,
) -> list[dict[str, Any]]:
    """What one warm Lambda answers to `events`, one after the other. Its functions/ is the one in `home`.

    With "ECHO " as `printed` the requests that the function of the tests saw.
    """
    done = subprocess.run(
        [sys.executable, "-c", LAMBDA, handler],
        input="\n".join(json.dumps(event) for event in events),
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{home}:{ROOT}", "FUNCTION_TARGET": function, **settings},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = [line.partition(printed)[2] for line in done.stdout.splitlines() if line.startswith(printed)]
    return [json.loads(line) for line in found]


def url_event(
    query: str = "", body: str | None = None, *, method: str = "GET", encoded: bool = False
) -> dict[str, Any]:
    """A function URL's event, version 2.0."""
    event = {
        "version": "2.0",
        "rawPath": "/getcourse/school",
        "rawQueryString": query,
        "headers": {
            "x-webhook-secret": canaries.SOURCE_SECRET,
            "content-type": "application/json",
            "host": "x.example",
        },
        "requestContext": {"http": {"method": method, "path": "/getcourse/school", "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": encoded,
    }
    return event if body is None else {**event, "body": body}


@pytest.fixture
def home_of_echo(tmp_path: Path) -> Path:
    """A project whose one function says what reached it."""
    folder = tmp_path / "functions" / "echo"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "__init__.py").touch()
    shutil.copy(Path(__file__).with_name("echo.py"), folder / "main.py")
    return tmp_path


def test_the_function_sees_the_request_as_it_was_sent_and_the_caller_each_cookie(home_of_echo: Path) -> None:
    query = "text=%D0%9E%D1%82%D0%B2%D0%B5%D1%82+%26+%2B&text=2&empty="
    event = {**url_event(query), "cookies": ["a=1", "b=2"], "headers": {"x-webhook-secret": "s", "x-many": "1,2"}}

    [answer] = invoke("echo", [event], home_of_echo)

    assert answer["cookies"] == ["first=1; Path=/; SameSite=lax", "second=2; Path=/; SameSite=lax"]
    assert answer["headers"]["content-type"] == "application/json"
    echo = json.loads(answer["body"])
    assert (echo["method"], echo["path"], echo["query"]) == ("GET", "/getcourse/school", query)
    assert echo["headers"] == {"x-webhook-secret": "s", "x-many": "1,2", "cookie": "a=1; b=2"}
    assert echo["cookies"] == {"a": "1", "b": "2"}
    assert echo["body"] == ""


def test_a_base64_body_reaches_the_function_byte_for_byte(home_of_echo: Path) -> None:
    sent = bytes(range(256))

    event = url_event(body=base64.b64encode(sent).decode(), method="POST", encoded=True)
    [answer] = invoke("echo", [event], home_of_echo)

    assert bytes.fromhex(json.loads(answer["body"])["body"]) == sent


def test_warm_invocations_of_either_kind_run_in_one_event_loop(home_of_echo: Path) -> None:
    settings = {"DATABASE_URL": "postgresql://u@127.0.0.1:1/x", "CRON_SECRET": canaries.CRON_SECRET}

    answers = invoke("echo", [url_event(), {"task": "echo"}, url_event()], home_of_echo, **settings)

    echoes = [json.loads(answer["body"]) for answer in answers]
    assert [(echo["calls"], echo["loops"]) for echo in echoes] == [(1, 1), (2, 1), (3, 1)]
    assert (echoes[1]["method"], echoes[1]["path"]) == ("POST", "/")
    assert echoes[1]["headers"] == {"x-cron-secret": canaries.CRON_SECRET}


@pytest.mark.slow
def test_webhooks_arrive_as_query_text_and_base64_and_a_warm_lambda_goes_on(
    database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.source(connection)
    body = json.dumps({"user_id": "1", "answer_id": "3", "answer_text": "Ответ"}, ensure_ascii=False)

    answers = invoke(
        "ingest_webhook",
        [
            url_event("user_id=1&answer_id=1&answer_text=%D0%9E%D1%82%D0%B2%D0%B5%D1%82"),
            url_event(body=body.replace('"3"', '"2"'), method="POST"),
            url_event(body=base64.b64encode(body.encode()).decode(), method="POST", encoded=True),
            {**url_event(), "headers": {}},
        ],
        DATABASE_URL=database_url,
    )

    assert [answer["statusCode"] for answer in answers] == [200, 200, 200, 404]
    stored = connection.execute("select answer_id, answer_text from getcourse.webhook_events order by 1").fetchall()
    assert stored == [{"answer_id": str(n), "answer_text": "Ответ"} for n in (1, 2, 3)]


@pytest.mark.slow
def test_a_schedule_runs_the_function_and_a_failed_run_is_repeated_by_the_scheduler(database_url: str) -> None:
    settings = {"CRON_SECRET": canaries.CRON_SECRET}

    [tidied] = invoke("housekeeping", [{"task": "housekeeping"}], DATABASE_URL=database_url, **settings)
    [failed] = invoke(
        "housekeeping", [{"task": "housekeeping"}], DATABASE_URL="postgresql://u@127.0.0.1:1/x", **settings
    )

    assert json.loads(tidied["body"]) == {"done": 0, "remaining": 0}
    assert failed == {"raised": "housekeeping answered 503"}
