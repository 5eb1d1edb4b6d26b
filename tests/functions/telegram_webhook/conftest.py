"""The function over HTTP, and calls as Telegram makes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from shared.credentials import secrets
from tests.functions.telegram_webhook.support.world import Managers
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds import support

SECRET = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "school", 1, None)[0]


@dataclass(frozen=True)
class Webhook:
    """The function, to be called."""

    url: str
    bot: int

    def post(self, update: Any, secret: str | None = SECRET, path: str = "/school") -> httpx.Response:
        """Call it as Telegram does."""
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        with httpx.Client(base_url=self.url, trust_env=False, timeout=60) as client:
            if isinstance(update, bytes):
                return client.post(path, content=update, headers=headers)
            return client.post(path, json=update, headers=headers)


@pytest.fixture
def webhook(connection: psycopg.Connection[DictRow], database_url: str, printed: Path) -> Iterator[Webhook]:
    """telegram_webhook, with one bot."""
    bot = arrange.bot(connection, private_pace="0")
    with serve_in_thread(
        "telegram_webhook", printed, DATABASE_URL=database_url, SECRETS_KEY=arrange.SECRETS_KEY
    ) as served:
        yield Webhook(served.url, bot)


@pytest.fixture(scope="module")
def managers(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[Managers]:
    """A support desk whose tests keep to people of their own, and the function."""
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "telegram_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
    ):
        yield Managers(connection, support.desk(connection), served.url)
