"""Updates on their way to the bot's webhook: in order, again and again until one is taken."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from infra.sandbox.telegram.errors import ApiError
from infra.sandbox.telegram.journal import Attempt
from infra.sandbox.telegram.params import chat_id, parse_body
from infra.sandbox.telegram.recording import perform_and_record, to_json
from infra.sandbox.telegram.state import mask_tokens

if TYPE_CHECKING:
    from infra.sandbox.inside.webhook_log import Headers
    from infra.sandbox.telegram.models import Bot, Json, Webhook
    from infra.sandbox.telegram.state import Telegram

# Besides all that begin with get, the server ignores these in the body of a webhook's answer.
_NOT_IN_ANSWERS = ("setwebhook", "deletewebhook", "close", "logout")
_TAKEN = range(200, 300)
_MAX_PAUSE_S = 60.0


async def deliver(telegram: Telegram, bot: Bot, kind: str, content: Json) -> Json:
    """Send an update; its id, the webhook's status and body, and the method that the body asked for.

    What the webhook does not take is sent again until it does, and what comes later waits behind it.
    """
    bot.update_id += 1
    update = {"update_id": bot.update_id, kind: content}
    hook = bot.webhook
    if _is_filtered(bot, kind):
        return {"update_id": update["update_id"], "filtered": True}
    if hook is None or bot.pending:
        bot.pending.append(update)
        bot.arrived.set()
        redeliver(telegram, bot)
        return {"update_id": update["update_id"], "queued": True}
    answer = await _try(telegram, bot, hook, update)
    if answer["status"] not in _TAKEN:
        bot.pending.append(update)
        redeliver(telegram, bot)
    return {"update_id": update["update_id"]} | answer


def redeliver(telegram: Telegram, bot: Bot) -> None:
    """Send what waits, in its order, for as long as there is a webhook."""
    if bot.webhook and bot.pending and (bot.redelivery is None or bot.redelivery.done()):
        bot.redelivery = asyncio.create_task(_send_pending(telegram, bot))


async def _send_pending(telegram: Telegram, bot: Bot) -> None:
    pause: float = telegram.redelivery_seconds
    while waiting := _first(bot):
        if bot.webhook_error:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _MAX_PAUSE_S)
        if (waiting := _first(bot)) is None:  # by now
            return
        hook, update = waiting
        answer = await _try(telegram, bot, hook, update)
        if answer["status"] in _TAKEN:
            pause = telegram.redelivery_seconds
            if bot.pending and bot.pending[0] is update:
                bot.pending.popleft()


def _first(bot: Bot) -> tuple[Webhook, Json] | None:
    return (bot.webhook, bot.pending[0]) if bot.webhook is not None and bot.pending else None


def _is_filtered(bot: Bot, kind: str) -> bool:
    allowed = bot.webhook.allowed_updates if bot.webhook else bot.polled_updates
    return bool(allowed) and kind not in allowed


async def _try(telegram: Telegram, bot: Bot, hook: Webhook, update: Json) -> Json:
    """One delivery: the webhook's status (None: no answer), its body, the method that it asked for."""
    try:
        response = await telegram.webhook_log.post(f"telegram:{bot.id}", hook.url, to_json(update), _headers(hook))
    except httpx.HTTPError as error:
        bot.webhook_error = (int(time.time()), "Connection failed")
        return {"status": None, "error": type(error).__name__}
    answer: Json = {"status": response.status_code, "body": mask_tokens(response.text)}
    if response.is_success:
        bot.webhook_error = None
        return answer | _perform_answer(telegram, bot, response)
    phrase = HTTPStatus(response.status_code).phrase
    description = f"Wrong response from the webhook: {response.status_code} {phrase}"
    bot.webhook_error = (int(time.time()), description)
    return answer


def _headers(hook: Webhook) -> Headers:
    secret = {"X-Telegram-Bot-Api-Secret-Token": hook.secret_token} if hook.secret_token else {}
    return lambda _content: {"Content-Type": "application/json"} | secret


def _perform_answer(telegram: Telegram, bot: Bot, response: httpx.Response) -> Json:
    """Call the method in the body of a webhook's answer; nobody gets its result, as with the real server."""
    try:
        params = parse_body(response.content, response.headers.get("content-type", ""))
    except ApiError:
        return {}
    method = str(params.pop("method", ""))
    if not method or method.lower().startswith("get") or method.lower() in _NOT_IN_ANSWERS:
        return {}
    perform_and_record(telegram, bot, Attempt(bot.id, method, chat_id(params), params))
    return {"performed": method}
