"""The WhatsApp stand-ins over real HTTP, and our client in front of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra.sandbox.server import running
from shared import config
from shared.channels.outcome import Outcome
from shared.channels.router import Channels
from shared.credentials.account import Account, Channel
from tests.helpers import canaries

TO = "77010000001@s.whatsapp.net"
ADDRESSES: dict[Channel, str] = {"chatflow": "instance-1", "evolution": "salon", "whatsapp_cloud": "100000000000001"}


@dataclass
class WhatsApp:
    """Sends as the dispatcher does, and looks at what arrived."""

    channels: Channels
    control: httpx.AsyncClient

    async def send(
        self, channel: Channel, method: str = "sendMessage", to: int | str = TO, address: str = "", **payload: Any
    ) -> Outcome:
        """One call of an account whose token is a canary."""
        account = Account(channel, canaries.SOURCE_SECRET, address or ADDRESSES[channel])
        outcome = await self.channels.call(account, to, method, payload)
        assert canaries.SOURCE_SECRET not in repr((account, outcome))
        return outcome

    async def arm(self, does: str, **fault: Any) -> None:
        """Let the next message meet a fault."""
        assert (await self.control.post("faults", json={"does": does, **fault})).status_code == 200

    async def arrived(self) -> list[dict[str, Any]]:
        """What came to the gateways, delivered or not, without what is different every time."""
        rows = (await self.control.get("journal")).json()
        return [{name: value for name, value in row.items() if name != "unix"} for row in rows]


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsApp]:
    async with running() as sandbox:
        settings = config.load(
            {
                "DATABASE_URL": "postgresql://nobody@127.0.0.1/nothing",
                "CHATFLOW_API_URL": f"{sandbox.url}/chatflow",
                "EVOLUTION_API_URL": f"{sandbox.url}/evolution",
                "WHATSAPP_CLOUD_API_URL": f"{sandbox.url}/whatsapp_cloud",
            }
        )
        channels = Channels(settings)
        async with httpx.AsyncClient(base_url=f"{sandbox.url}/_sandbox/whatsapp/", trust_env=False) as control:
            yield WhatsApp(channels, control)
        await channels.close()
