"""The stand-ins, and what carillon doctor says of the support desk's clients."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from infra.sandbox.server import SandboxServer, running
from tests.helpers.worlds.support import CHAT
from tests.infra.cli.conftest import Carillon

Line = tuple[str, str, str]


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    """The stand-ins, with the managers' forum."""
    async with running() as server:
        server.telegram.configure(CHAT, None, {"is_forum": True})
        yield server


async def findings(carillon: Carillon, sandbox: SandboxServer, check: str = "support", **settings: str) -> list[Line]:
    """Level, finding and next step of each line about the support desk."""
    addresses = {
        "TELEGRAM_API_URL": sandbox.url,
        "EVOLUTION_API_URL": f"{sandbox.url}/evolution",
        "WHATSAPP_CLOUD_API_URL": f"{sandbox.url}/whatsapp_cloud",
    }
    report = (await asyncio.to_thread(partial(carillon, "doctor", "--json", **{**addresses, **settings}))).json[
        "findings"
    ]
    lines = [line for line in report if line["area"] == check]
    assert all(line["next_step"] for line in lines if line["status"] != "ok")
    return [(line["status"], line["message"], line["next_step"]) for line in lines]


def wrong(lines: list[Line]) -> list[Line]:
    """What is not in order."""
    return [line for line in lines if line[0] != "ok"]
