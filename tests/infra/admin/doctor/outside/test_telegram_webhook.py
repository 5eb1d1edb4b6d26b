"""What Telegram says of a webhook, and when a bot is in order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.admin.doctor.outside.telegram_webhook import webhook
from infra.admin.rotation.telegram_webhook import UPDATES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://f.example.com/telegram_webhook/desk"
SET = {"url": URL, "pending_update_count": 0, "allowed_updates": UPDATES}
FIX = "carillon bots set-webhook desk --url"


def failed(words: str, hours_ago: float = 1, waiting: int = 3) -> dict[str, Any]:
    at = NOW - timedelta(hours=hours_ago)
    return {**SET, "last_error_date": int(at.timestamp()), "last_error_message": words, "pending_update_count": waiting}


@pytest.mark.parametrize(
    ("info", "hours_since_update", "status", "message", "step"),
    [
        (SET, None, "ok", "desk is @d, its webhook is set", ""),
        ({**SET, "url": "https://f.example.com/desk"}, None, "ok", "its webhook is set", ""),
        ({**SET, "url": "https://f.example.com/telegram_webhook/other"}, None, "problem", "no address of desk", FIX),
        ({**SET, "url": "https://old.example.com/bot"}, None, "problem", "https://old.example.com/bot", FIX),
        ({**SET, "allowed_updates": ["message"]}, None, "problem", "does not bring callback_query", FIX),
        ({"url": URL}, None, "ok", "its webhook is set", ""),
        ({"url": ""}, None, "warning", "hears nothing: no webhook", FIX),
        (failed("Wrong response from the webhook: 404 Not Found"), None, "problem", "404 Not Found", FIX),
        (failed("Wrong response from the webhook: 404 Not Found"), 2, "problem", "3 wait", FIX),
        (failed("Wrong response from the webhook: 404 Not Found"), 0.5, "ok", "an update came after", ""),
        (failed("Connection refused"), None, "problem", "Connection refused", "served at f.example.com"),
        (failed("SSL error {certificate verify failed}"), None, "problem", "certificate", "served at f.example.com"),
        (failed("Wrong response from the webhook: 503 Service Unavailable"), None, "problem", "503", "its database"),
        (failed("Wrong response from the webhook: 302 Found"), None, "problem", "302", FIX),
        (failed("Something new"), None, "problem", "Something new", "the log of telegram_webhook"),
        (failed("Connection refused", waiting=0), None, "warning", "do not arrive", "served at f.example.com"),
        (failed("Connection refused", 25, waiting=0), None, "ok", "more than a day old, and nothing waits", ""),
        (failed("Connection refused", 25, waiting=1), None, "problem", "1 wait", "served at f.example.com"),
        ({**SET, "pending_update_count": 100}, None, "warning", "100 updates wait", "telegram_webhook answers"),
    ],
)
def test_a_webhook_is_in_order_when_its_last_error_is_older_than_its_last_success(
    info: dict[str, Any], hours_since_update: float | None, status: str, message: str, step: str
) -> None:
    last = None if hours_since_update is None else NOW - timedelta(hours=hours_since_update)
    finding = webhook({"name": "desk", "system": "support", "last_update": last, "now": NOW}, "d", info)

    assert (finding.status, message in finding.message, step in finding.next_step) == (status, True, True)
    assert bool(finding.next_step) == (status != "ok")


def test_a_bot_that_only_sends_needs_no_webhook() -> None:
    bot = {"name": "school", "system": "getcourse", "last_update": None, "now": NOW}

    assert webhook(bot, "s", {"url": ""}).status == "ok"
