"""The function over HTTP, in front of the stand-ins, with accounts of two tenants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from shared import config
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.credentials import secrets
from shared.credentials.account import Channel, token_associated_data
from tests.helpers import arrange, canaries
from tests.helpers.serving import sandbox_process
from tests.helpers.threads import serve_in_thread

OTHER_TOKEN = canaries.BOT_TOKEN.replace("7000000001", "7000000002")
GATEWAY_TOKEN = canaries.SOURCE_SECRET
ADDRESSES = {"evolution": "salon", "whatsapp_cloud": "100000000000001"}


@dataclass(frozen=True)
class Media:
    """The function, to be called; `bots` by their names."""

    url: str
    bots: dict[str, int]
    output: Path
    sandbox: str

    def link(self, bot: str, channel: Channel, file_id: str, name: str = "a.pdf", now: datetime | None = None) -> str:
        """A link to a file, as functions make it."""
        environ = {"DATABASE_URL": "postgresql://nobody@127.0.0.1/none", "MEDIA_URL": self.url}
        settings = config.load({**environ, "SECRETS_KEY": arrange.SECRETS_KEY})
        reference = Reference(self.bots.get(bot, 999_999), channel, file_id)
        made = media_links.link(settings, reference, name, now or datetime.now(UTC))
        assert made
        return made

    def get(self, address: str, method: str = "GET") -> httpx.Response:
        """Fetch it as a gateway does. Whatever is answered, no token is in it."""
        with httpx.Client(trust_env=False, timeout=60) as client:
            answer = client.request(method, address)
        for token in (canaries.BOT_TOKEN, OTHER_TOKEN, GATEWAY_TOKEN):
            assert token not in f"{answer.headers} {answer.text} {answer.url}"
        return answer

    def tell(self, path: str, **said: Any) -> dict[str, Any]:
        """Steer a stand-in."""
        with httpx.Client(base_url=self.sandbox, trust_env=False, timeout=60) as client:
            answer = client.post(f"/_sandbox/{path}", json=said)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def accounts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Two tenants' Telegram bots, and an account at each gateway whose files need a token."""
    bots = {
        "ours": arrange.bot(connection, "ours", system="support"),
        "theirs": arrange.bot(connection, "theirs", OTHER_TOKEN, system="support"),
    }
    for channel, address in ADDRESSES.items():
        bots[channel] = gateway_account(connection, channel.replace("_", "-"), channel, address)
    return bots


def gateway_account(connection: psycopg.Connection[Any], name: str, channel: str, address: str) -> int:
    """An account at a gateway."""
    sealed = secrets.seal(arrange.SECRETS_KEY, GATEWAY_TOKEN, token_associated_data(name))
    columns: dict[str, Any] = {"channel": channel, "address": address, "telegram_id": None, "token_sealed": sealed}
    return arrange.bot(connection, name, system="support", **columns)


@pytest.fixture(scope="module")
def bots(module_direct_url: str) -> dict[str, int]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        return accounts(connection)


@pytest.fixture(scope="module")
def media(bots: dict[str, int], module_database_url: str, printed: Path) -> Iterator[Media]:
    """The stand-ins and the function."""
    with sandbox_process(printed) as sandbox:
        settings = {
            "DATABASE_URL": module_database_url,
            "SECRETS_KEY": arrange.SECRETS_KEY,
            "TELEGRAM_API_URL": sandbox,
            "EVOLUTION_API_URL": f"{sandbox}/evolution",
            "WHATSAPP_CLOUD_API_URL": f"{sandbox}/whatsapp_cloud",
        }
        with serve_in_thread("serve_media", printed, **settings) as served:
            yield Media(served.url, bots, served.output, sandbox)
