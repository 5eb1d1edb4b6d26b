"""Calls of methods, recorded in the journal without their secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.sandbox.telegram.methods.call import perform
from infra.sandbox.telegram.state import mask_tokens

if TYPE_CHECKING:
    from infra.sandbox.telegram.journal import Attempt
    from infra.sandbox.telegram.models import Bot
    from infra.sandbox.telegram.state import Telegram


def perform_and_record(telegram: Telegram, bot: Bot, attempt: Attempt) -> tuple[int, bytes]:
    """Call a method and record it in the journal; status and body."""
    status, answer = perform(telegram, bot, attempt.method, attempt.params)
    body = to_json(answer)
    record(telegram, attempt, status, body, delivered=answer["ok"])
    return status, body


def record(
    telegram: Telegram,
    attempt: Attempt,
    status: int | None,
    body: bytes | None,
    *,
    delivered: bool,
) -> None:
    """Record a call without its secrets."""
    if "secret_token" in attempt.params:
        attempt.params = attempt.params | {"secret_token": "***"}
    given = str(attempt.params)
    if mask_tokens(given) != given:
        attempt.params = json.loads(mask_tokens(json.dumps(attempt.params)))
    if body is not None:
        shown = body.decode("utf-8", "replace")
        safe = mask_tokens(shown)
        body = body if safe == shown else safe.encode()
    telegram.journal.add(attempt, status, body, delivered=delivered)


def to_json(answer: dict[str, Any]) -> bytes:
    """The body of an answer."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
