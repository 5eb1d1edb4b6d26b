"""Lambda's entry for every function: HTTP events go through mangum, schedules and pokes become the requests they mean.

FUNCTION_TARGET names the function, as for functions-framework. mangum runs every
invocation in the current event loop: one for the life of the process, so connections survive between warm invocations.
"""

import asyncio
import importlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from mangum import Mangum
from mangum.types import LambdaContext, Receive, Scope, Send
from starlette.requests import Request

from shared import config, freezing
from shared.credentials.cache import may_wait
from shared.telemetry import setup as telemetry

_TARGET = os.environ["FUNCTION_TARGET"]
_function = getattr(importlib.import_module(f"functions.{_TARGET}.main"), _TARGET)
freezing.between_requests.set(True)
may_wait.set(False)  # an instance serves one request at a time: an unknown caller who waits would hold it


class CallAgain(Exception):
    """A run answered 5xx: the error makes Lambda repeat it, and then put it aside."""


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """The function as an ASGI application."""
    response = await _function(Request(scope, receive))
    await response(scope, receive, send)


asyncio.set_event_loop(asyncio.new_event_loop())
_adapter = Mangum(_app, lifespan="off")


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one invocation: a request to a function URL or a gateway, a schedule's `{"task": …}`, a queue's `Records`.

    Raises CallAgain when a scheduled run answers 5xx.
    """
    try:
        return _answer(event, context)
    finally:
        telemetry.flush()


def _answer(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    if "Records" in event:
        return {"batchItemFailures": [{"itemIdentifier": failed} for failed in _poked(event["Records"], context)]}
    if "task" not in event:
        return _adapter(_without_stage(event), context)
    answer = _run("", context)
    if answer["statusCode"] >= 500:
        raise CallAgain(f"{_TARGET} answered {answer['statusCode']}")
    return answer


def _without_stage(event: dict[str, Any]) -> dict[str, Any]:
    """An API gateway (version 2.0) puts the name of its stage before the path; a function URL has none."""
    stage = event["requestContext"].get("stage", "$default")
    http = event["requestContext"].get("http", {})
    if stage == "$default" or not f"{http.get('path', '')}/".startswith(f"/{stage}/"):
        return event
    path = http["path"].removeprefix(f"/{stage}") or "/"
    return {**event, "requestContext": {**event["requestContext"], "http": {**http, "path": path}}}


def _poked(records: list[dict[str, Any]], context: LambdaContext) -> Iterator[str]:
    """Run for pokes; the ids of those to be given out again. One run is enough for many pokes of a bot.

    AWS asks to stop at a FIFO queue's first failure, which keeps the order in a group: pokes of a bot are all the same.
    """
    wanted = defaultdict(list)
    for record in records:
        query = _query(record["body"])
        if query is None:
            yield record["messageId"]
        else:
            wanted[query].append(record["messageId"])
    for query, ids in wanted.items():
        if _run(query, context)["statusCode"] >= 500:
            yield from ids


def _query(body: str) -> str | None:
    """The query of the run that a message of shared.delivery.poke wants, for its bot or for all; None of no poke."""
    try:
        bot = json.loads(body)["bot"]
        query = "" if bot is None else f"bot={bot:d}"
    except (ValueError, TypeError, KeyError):
        return None
    return query


def _run(query: str, context: LambdaContext) -> dict[str, Any]:
    return _adapter(_as_request(query), context)


def _as_request(query: str) -> dict[str, Any]:
    """POST / with the scheduler's secret, as a function URL would deliver it."""
    return {
        "version": "2.0",
        "rawPath": "/",
        "rawQueryString": query,
        "headers": {"x-cron-secret": _cron_secret()},
        "requestContext": {"http": {"method": "POST", "path": "/", "sourceIp": "127.0.0.1"}},
        "isBase64Encoded": False,
    }


@cache
def _cron_secret() -> str:
    """Read when a run is called: functions that outsiders call are not given it."""
    return config.settings(("cron_secret",)).cron_secret
