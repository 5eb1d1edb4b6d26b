"""The one interface: call a method as an account, and get its outcome."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.channels import chatflow, evolution, media_links, telegram, whatsapp_cloud
from shared.channels.outcome import Outcome
from shared.clients import network
from shared.clients.http import HttpClient
from shared.clients.network import network_of
from shared.config import Settings
from shared.credentials.account import Account

SETTINGS = (
    "secrets_key",
    "telegram_api_url",
    "chatflow_api_url",
    "evolution_api_url",
    "whatsapp_cloud_api_url",
    "send_deadline_seconds",
    *network.SETTINGS,
)


class Channels:
    """All ways out, over one client."""

    def __init__(self, settings: Settings) -> None:
        """`settings` has the gateways' addresses and the deadline of a call."""
        self._settings = settings
        self._http = HttpClient(settings.send_deadline_seconds, network_of(settings))

    def open(self) -> None:
        """Load what a call needs, before there is one."""
        self._http.open()

    async def call(self, account: Account, to: int | str, method: str, payload: Mapping[str, Any]) -> Outcome:
        """One call, never repeated. Links to files of ours are made anew. Raises nothing but cancellation."""
        client, settings = self._http, self._settings
        payload = media_links.renewed(settings.secrets_key, payload, datetime.now(UTC))
        if account.channel == "telegram":
            if isinstance(to, str):
                return Outcome("bad_request", "no_telegram_chat")
            return await telegram.call(client, settings.telegram_api_url, account, to, method, payload)
        if isinstance(to, int):
            return Outcome("bad_request", "no_whatsapp_address")
        if account.channel == "chatflow":
            return await chatflow.call(client, settings.chatflow_api_url, account, to, method, payload)
        if account.channel == "evolution":
            return await evolution.call(client, settings.evolution_api_url, account, to, method, payload)
        return await whatsapp_cloud.call(client, settings.whatsapp_cloud_api_url, account, to, method, payload)

    async def close(self) -> None:
        """Close what a call has opened."""
        await self._http.close()
