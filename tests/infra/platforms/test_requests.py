"""A request is the same for a function whichever platform brings it, and so is its answer for the caller."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.package import gcp
from tests.benchmarks import cold
from tests.helpers import arrange, canaries
from tests.helpers.platforms import (
    Call,
    answer_of,
    api_gateway_event,
    function_url_event,
    google_headers,
    rest_api_event,
    yandex_gateway_event,
)
from tests.helpers.serving import ROOT, free_port, wait_for_port
from tests.infra.aws.cloudformation import BLOCKS
from tests.infra.aws.test_handler import home_of_echo, invoke

__all__ = ["home_of_echo"]
AWS: list[Callable[[Call], dict[str, Any]]] = [function_url_event, api_gateway_event, rest_api_event]
YANDEX = "infra.yandex.handler"
HTTP_FUNCTIONS = [name for name, block in BLOCKS.items() if block.get("url")]
SETTINGS = {"SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET}
BOUNDARY = b"--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\xd0\x9e\xff\r\n--b--\r\n"
FORM, FILES, JSON = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json"
CALLS = {
    "a query in Cyrillic, and twice the same name": Call(query="text=%D0%9E%D1%82%D0%B2%D0%B5%D1%82&n=1&n=2&empty="),
    "a form": Call(
        "POST", "/getcourse/school", "", (("Content-Type", FORM), ("X-Webhook-Secret", "s")), b"a=%D0%9E&b=+"
    ),
    "a form with a file": Call("POST", "/x", "", (("Content-Type", FILES),), BOUNDARY),
    "JSON": Call("PATCH", "/sessions/1", "", (("Content-Type", JSON),), '{"a": "Ответ"}'.encode()),
    "a header that comes twice": Call(
        "DELETE", "/", "", (("X-Many", "1"), ("X-Many", "2"), ("X-Forwarded-For", "::1"))
    ),
    "nothing": Call(),
}
SIGNED_IN = Call(headers=(("Authorization", "Bearer t"), ("Cookie", "a=1; b=2"), ("X-Api-Token", "t")))


def received(echo: dict[str, Any]) -> tuple[str, str, str, bytes]:
    """What a function is told, without headers that platforms add."""
    return echo["method"], echo["path"], echo["query"].replace("%20", "+"), bytes.fromhex(echo["body"])


def expected(call: Call) -> tuple[str, str, str, bytes]:
    return call.method, call.path, call.query, call.body


@pytest.mark.parametrize("event_of", [*AWS, yandex_gateway_event])
def test_a_function_sees_what_was_sent_to_the_byte(home_of_echo: Path, event_of: Callable[[Call], Any]) -> None:
    handler = YANDEX if event_of is yandex_gateway_event else "infra.aws.handler"
    answers = invoke("echo", [event_of(call) for call in CALLS.values()], home_of_echo, handler=handler)

    for (what, call), answer in zip(CALLS.items(), map(answer_of, answers), strict=True):
        echo = json.loads(answer.body)
        assert (answer.status, received(echo)) == (200, expected(call)), what
        assert answer.cookies == ["first=1; Path=/; SameSite=lax", "second=2; Path=/; SameSite=lax"], what
        if call.header("x-many"):
            assert echo["headers"]["x-many"].replace(" ", "") == "1,2"


def test_a_function_sees_it_on_google_too(home_of_echo: Path, printed: Path) -> None:
    """As functions-framework serves the entry of an archive there; cookies and Authorization arrive, too."""
    (home_of_echo / "main.py").write_text(gcp.MAIN.format(function="echo", module=gcp.CALLED[0], entry=gcp.CALLED[1]))
    port, output = free_port(), printed / "google.log"
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": f"{home_of_echo}:{ROOT}", "FUNCTION_TARGET": "echo",
        "FUNCTION_USE_ASGI": "1", "PORT": str(port), "HOST": "127.0.0.1",
    }  # fmt: skip
    framework, home = [sys.executable, "-m", "functions_framework"], home_of_echo
    with (
        output.open("wb") as log,
        subprocess.Popen(framework, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=120) as http,
    ):
        try:
            wait_for_port(port, process, output)
            answers = [_on_google(http, call) for call in (*CALLS.values(), SIGNED_IN)]
        finally:
            process.terminate()
            process.wait(300)

    for call, answer in zip((*CALLS.values(), SIGNED_IN), answers, strict=True):
        echo = answer.json()
        assert (answer.status_code, received(echo)) == (200, expected(call))
        assert answer.headers.get_list("set-cookie") == [
            "first=1; Path=/; SameSite=lax", "second=2; Path=/; SameSite=lax",
        ]  # fmt: skip
    assert (echo["cookies"], echo["headers"]["authorization"]) == ({"a": "1", "b": "2"}, "Bearer t")


def _on_google(http: httpx.Client, call: Call) -> httpx.Response:
    address = f"{call.path}?{call.query}" if call.query else call.path
    return http.request(call.method, address, headers=google_headers(call), content=call.body)


def test_cookies_and_authorization_arrive_on_aws_and_not_on_yandex(home_of_echo: Path) -> None:
    on_aws = invoke("echo", [event_of(SIGNED_IN) for event_of in AWS], home_of_echo)
    [on_yandex] = invoke("echo", [yandex_gateway_event(SIGNED_IN)], home_of_echo, handler=YANDEX)

    for answer in on_aws:
        echo = json.loads(answer["body"])
        assert (echo["cookies"], echo["headers"]["authorization"]) == ({"a": "1", "b": "2"}, "Bearer t")
    headers = json.loads(on_yandex["body"])["headers"]
    assert headers["x-api-token"] == "t"
    assert headers.keys().isdisjoint({"authorization", "cookie"})


@pytest.mark.parametrize("function", HTTP_FUNCTIONS)
def test_every_function_with_an_address_does_its_work_on_each_platform(
    function: str, database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    """The first request of the benchmark `cold`: a real one, with an effect."""
    arrange.bot(connection)
    arrange.source(connection)
    cold.arrange_client(connection)
    requests = [cold.first_request(function) for _ in range(len(AWS) + 1)]
    calls = [_call(request) for request in requests]
    settings = {**SETTINGS, "DATABASE_URL": database_url}
    on_aws = [event_of(call) for event_of, call in zip(AWS, calls, strict=False)]
    on_yandex = yandex_gateway_event(_without_authorization(calls[-1]))

    answers = invoke(function, on_aws, **settings) + invoke(function, [on_yandex], handler=YANDEX, **settings)

    assert [answer["statusCode"] for answer in answers] == [request.status for request in requests]
    if function == "ingest_webhook":
        stored = connection.execute("select count(*) as n from getcourse.webhook_events").fetchone()
        assert stored == {"n": len(calls)}


def _call(request: cold.Request) -> Call:
    path, _, query = request.path.partition("?")
    headers = (("Content-Type", JSON), *request.headers.items())
    return Call(request.method, path, query, headers, request.body.encode())


def _without_authorization(call: Call) -> Call:
    """As a client sends it that knows that Authorization would not arrive."""
    token = call.header("authorization").removeprefix("Bearer ")
    return replace(call, headers=(*call.headers, ("X-Api-Token", token)))
