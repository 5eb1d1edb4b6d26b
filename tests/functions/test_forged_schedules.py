"""Whoever knows the address of a scheduled function, and not its secret, starts no run and is not listened to."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from shared import config
from shared.credentials import secrets
from shared.http.function import Function
from tests.helpers import arrange
from tests.shared.http.test_scheduled import BY_SCHEDULE

NEW, OLD = secrets.new_secret(), secrets.new_secret()
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"
UNSIGNED = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL2YuZXhhbXBsZS5jb20ifQ."
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
FORGED: list[Mapping[str, str]] = [
    {},
    {"x-cron-secret": ""},
    {"x-cron-secret": OLD},
    {"x-cron-secret": NEW[:-1]},
    {"x-cron-secret": f"{NEW},{OLD}"},  # as the setting has it while it is changed
    {"x-cron-secret": NEW.swapcase()},
    {"x-cron-secret": "\xff\xfe"},
    {"x-cron-secret": "s" * 60_000},
    {"x-cron-secret": OLD, "authorization": f"Bearer {NEW}"},  # which of two counts is not the caller's to choose
    {"authorization": "Bearer "},
    {"authorization": f"Bearer {OLD}"},
    {"authorization": f"Basic {NEW}"},
    {"authorization": f"Bearer {UNSIGNED}"},
    {"x-cloudscheduler": "true", "user-agent": "Google-Cloud-Scheduler"},
    {"x-appengine-cron": "true", "x-appengine-queuename": "default"},
    {"x-goog-authenticated-user-email": "accounts.google.com:scheduler@example.com"},
    {"user-agent": "AmazonEventBridge", "x-amz-invocation-type": "Event"},
    {"x-yc-apigateway-operation-id": "timer"},
    {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "host": "localhost"},
    {"x-http-method-override": "POST", "x-original-url": "/", "x-rewrite-url": "/"},
    {"content-type": "application/cloudevents+json", "ce-type": "google.cloud.scheduler.job.v1.executed"},
    {"content-length": "1000000000000", "expect": "100-continue"},
    {"transfer-encoding": "chunked", "content-encoding": "gzip"},
]  # fmt: skip
TARGETS = [("/", b""), ("/", b"seconds=600&bot=1"), ("//", b""), ("/../", b""), ("/run", b"task=timer")]


def made(name: str, cron_secret: str) -> Function:
    """The function, which can reach no database."""
    environment = {"DATABASE_URL": NO_DATABASE, "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": cron_secret}
    function: Function = import_module(f"functions.{name}.main").create(config.load(environment))
    return function


async def call(
    function: Function, method: str, headers: Mapping[str, str], path: str = "/", query: bytes = b""
) -> Response:
    """Its answer to a request of whose body not a byte ever comes: who waits for one fails."""

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was asked for")

    raw = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": raw}
    return await function.handler(Request(scope, receive))


@pytest.mark.parametrize("name", BY_SCHEDULE)
async def test_forged_calls_of_every_kind_get_the_one_answer_unread(name: str) -> None:
    function = made(name, NEW)
    called = [
        (headers, await call(function, method, headers, path, query))
        for method in METHODS
        for headers in FORGED
        for path, query in TARGETS
    ]
    await function.close()

    answers = {
        (answer.status_code, bytes(answer.body), *sorted(set(answer.headers) - {"x-correlation-id", "connection"}))
        for _, answer in called
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    for headers, answer in called:
        announces_much = not headers.keys().isdisjoint({"content-length", "transfer-encoding"})
        assert answer.headers.get("connection") == ("close" if announces_much else None)


@pytest.mark.parametrize("name", BY_SCHEDULE)
async def test_a_former_secret_calls_it_while_it_is_changed_and_not_afterwards(name: str) -> None:
    during, afterwards = made(name, f"{NEW},{OLD}"), made(name, NEW)
    bad_budget = b"seconds=0"  # refused without a run, and only to those who may have one
    found = [
        (await call(function, "POST", {"x-cron-secret": secret}, query=bad_budget)).status_code
        for function in (during, afterwards)
        for secret in (NEW, OLD)
    ]
    await during.close()
    await afterwards.close()

    assert found == [400, 400, 400, 404]


@pytest.mark.parametrize("name", BY_SCHEDULE)
async def test_what_the_scheduler_itself_gets_wrong_is_said_without_a_run(name: str) -> None:
    function, known = made(name, NEW), {"x-cron-secret": NEW}
    budgets = (b"-1", b"0", b"nan", b"inf", b"1e309", b"601", b"", b"1,5", b"%00", b"9" * 5000)
    statuses = {(await call(function, "POST", known, query=b"seconds=" + text)).status_code for text in budgets}
    methods = {(await call(function, method, known)).status_code for method in METHODS if method not in ("GET", "POST")}
    await function.close()

    assert (statuses, methods) == ({400}, {405})
