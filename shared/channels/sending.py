"""The one interface: call a method as an account, and hear what became of it."""

from collections.abc import Mapping
from typing import Any

from shared.channels import telegram
from shared.channels.account import Account
from shared.channels.outcome import Outcome
from shared.channels.web import Web
from shared.config import Settings


class Channels:
    """All ways out, over one client."""

    def __init__(self, settings: Settings) -> None:
        """`settings` has the gateways' addresses and the deadline of a call."""
        self._settings = settings
        self._web = Web(settings.send_deadline_seconds)

    async def call(self, account: Account, to: int | str, method: str, payload: Mapping[str, Any]) -> Outcome:
        """One call, never repeated. Raises nothing but cancellation."""
        return await telegram.call(self._web, self._settings.telegram_api_url, account, int(to), method, payload)

    async def close(self) -> None:
        """Close what a call has opened."""
        await self._web.close()
