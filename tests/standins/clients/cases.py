"""What the scripts share: steering the sandbox, and running the cases of one client, a line for each."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

URL = os.environ["SANDBOX_URL"]
FILES = Path(os.environ["SANDBOX_FILES"])  # telegram.jpg, .png, .ogg, .mp3, .mp4 of python-telegram-bot's tests
CASE_SECONDS = 30
_OPENER = build_opener(ProxyHandler({}))


def steer(path: str, **body: object) -> Any:
    """Ask the sandbox for something that the real service has not; its answer."""
    return post(f"/_sandbox/{path}", body)


def post(path: str, body: object) -> Any:
    """Post JSON; the answer's JSON."""
    request = Request(URL + path, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310 - ours
    with _OPENER.open(request, timeout=CASE_SECONDS) as response:
        return json.load(response)


def file(name: str) -> bytes:
    """A file to send."""
    return (FILES / name).read_bytes()


def expect(is_so: object, otherwise: object = "") -> None:
    """Fail the case, unless it is so."""
    if not is_so:
        raise AssertionError(otherwise)


def run(cases: object) -> None:
    """Run the public methods of an object in their order, and say of each whether it went well."""
    asyncio.run(_run(cases))


async def _run(cases: object) -> None:
    for name in vars(type(cases)):
        if name.startswith("_"):
            continue
        try:
            async with asyncio.timeout(CASE_SECONDS):
                await getattr(cases, name)()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next case is tried
            problem = " ".join(f"{type(error).__name__} {error}".split())[:300]
            sys.stdout.write(f"no {name}: {problem}\n")
        else:
            sys.stdout.write(f"ok {name}\n")
