"""The address that was registered at Telegram reaches a function that is served alone, behind its own address."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.rotation import telegram_webhook
from infra.sandbox.server import running
from infra.sandbox.telegram.models import Webhook
from tests.helpers import arrange, canaries
from tests.infra.aws.test_handler import invoke

FUNCTION_URL = "https://abcdefghij.lambda-url.eu-central-1.on.aws/"
PERSON = 700_000_101


def update(hook: Webhook, path: str, update_id: int) -> dict[str, Any]:
    """What a function URL makes of Telegram's call: somebody presses Start."""
    message = {"message_id": 1, "date": 1, "chat": {"id": PERSON, "type": "private"}, "text": "/start"}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "x-telegram-bot-api-secret-token": hook.secret_token},
        "requestContext": {"http": {"method": "POST", "path": path, "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": False,
        "body": json.dumps({"update_id": update_id, "message": message}),
    }


@pytest.mark.parametrize("given", ["", "/", "/telegram_webhook", "/telegram_webhook/", "/telegram_webhook/school"])
def test_the_address_is_the_same_however_much_of_it_was_given(given: str) -> None:
    for base in ("https://f.example.com", "https://example.com/school"):
        assert telegram_webhook.address_of("school", base + given) == f"{base}/telegram_webhook/school"


async def test_telegram_reaches_the_bot_at_the_very_address_that_was_registered(
    connection: psycopg.Connection[DictRow], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrange.bot(connection)
    async with running() as sandbox:
        settings = {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY}
        for name, value in {**settings, "TELEGRAM_API_URL": sandbox.url}.items():
            monkeypatch.setenv(name, value)
        address = telegram_webhook.address_of("school", FUNCTION_URL)
        await asyncio.to_thread(telegram_webhook.register, connection, "school", address)
        hook = sandbox.telegram.bot_of(int(canaries.BOT_TOKEN.split(":")[0])).webhook
    assert hook is not None
    registered = urlsplit(hook.url).path
    events = [update(hook, path, number) for number, path in enumerate((registered, "/school", "/other/school"))]

    answers = await asyncio.to_thread(invoke, "telegram_webhook", events, **settings)

    assert registered == "/telegram_webhook/school"
    assert [answer["statusCode"] for answer in answers] == [200, 200, 404]
    assert connection.execute("select chat_id from platform.starts").fetchall() == [{"chat_id": PERSON}]
