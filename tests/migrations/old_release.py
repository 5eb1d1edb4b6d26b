"""Runs functions of a release that stands in the current folder: calls in as lines of JSON, their statuses out.

Nothing of today's may be imported here but what the release has.
"""

import asyncio
import importlib
import json
import sys
from typing import Any

from starlette.requests import Request

from shared import config


async def answer(call: dict[str, Any]) -> int:
    """The status that a function of the release answers."""
    function = importlib.import_module(f"functions.{call['function']}.main").create(config.load(call["settings"]))
    headers = [(name.lower().encode(), value.encode()) for name, value in call["headers"].items()]
    path, _, query = call["path"].partition("?")
    scope = {
        "type": "http", "method": call["method"], "path": path, "query_string": query.encode(), "headers": headers,
        "scheme": "https", "server": ("function.example.com", 443), "client": ("192.0.2.1", 1),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": call["body"].encode()}

    try:
        return int((await function.handler(Request(scope, receive))).status_code)
    finally:
        await function.close()


async def main() -> None:
    """Answer all calls, one after the other."""
    for line in sys.stdin:
        sys.stdout.write(f"ANSWER {await answer(json.loads(line))}\n")


if __name__ == "__main__":
    asyncio.run(main())
