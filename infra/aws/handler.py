"""Lambda's entry for every function: HTTP events go through mangum, a schedule becomes the request it stands for.

Which function this Lambda is stands in FUNCTION_TARGET (the name that functions-framework uses too). mangum runs every
invocation in the current event loop: one for the life of the process, so connections survive between warm invocations.
"""

import asyncio
import importlib
import os
from typing import Any

from mangum import Mangum
from mangum.types import LambdaContext, Receive, Scope, Send
from starlette.requests import Request

from shared import config

_TARGET = os.environ["FUNCTION_TARGET"]
_function = getattr(importlib.import_module(f"functions.{_TARGET}.main"), _TARGET)


class CallAgain(Exception):
    """A scheduled run answered 5xx: failing makes the scheduler repeat it."""


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """The function as an ASGI application."""
    response = await _function(Request(scope, receive))
    await response(scope, receive, send)


asyncio.set_event_loop(asyncio.new_event_loop())
_adapter = Mangum(_app, lifespan="off")


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one invocation: a function URL's event (version 2.0) or a schedule's `{"task": …}`.

    Raises CallAgain when a scheduled run could not do its work.
    """
    if "task" not in event:
        return _adapter(event, context)
    answer = _adapter(_as_request(), context)
    if answer["statusCode"] >= 500:
        raise CallAgain(f"{_TARGET} answered {answer['statusCode']}")
    return answer


def _as_request() -> dict[str, Any]:
    """POST / with the scheduler's secret, as a function URL would deliver it."""
    return {
        "version": "2.0",
        "rawPath": "/",
        "rawQueryString": "",
        "headers": {"x-cron-secret": config.settings().cron_secret},
        "requestContext": {"http": {"method": "POST", "path": "/", "sourceIp": "127.0.0.1"}},
        "isBase64Encoded": False,
    }
