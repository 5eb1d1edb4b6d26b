"""Methods about the bot itself and how it gets its updates."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.sandbox.telegram.errors import POLLING_WITH_WEBHOOK, ApiError, bad_request
from infra.sandbox.telegram.methods.call import Call, Described, method
from infra.sandbox.telegram.params import Params, flag, integer, json_value, text
from infra.sandbox.telegram.state import Webhook

if TYPE_CHECKING:
    from infra.sandbox.telegram.state import Bot, Json

_PORTS = (80, 88, 443, 8443)
_MAX_SECRET_LENGTH = 256
_MAX_CONNECTIONS = 100
_MAX_POLL_S = 50


@method("getMe")
def get_me(call: Call) -> Json:
    """The User object of the bot, with its abilities."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return call.bot.public() | abilities


@method("setWebhook")
def set_webhook(call: Call) -> Described:
    """Set the address that updates are sent to."""
    params, old = call.params, call.bot.webhook
    if flag(params, "drop_pending_updates"):
        call.bot.pending.clear()
    if not text(params, "url"):
        return delete_webhook(call)
    allowed = json_value(params, "allowed_updates")
    if not isinstance(allowed, list):
        allowed = old.allowed_updates if old else []
    connections = integer(params, "max_connections") or 40
    new = Webhook(
        _check_url(text(params, "url")),
        _check_secret(text(params, "secret_token")),
        min(max(connections, 1), _MAX_CONNECTIONS),
        [str(kind) for kind in allowed],
    )
    call.bot.webhook = new
    description = "Webhook is already set" if new == old else "Webhook was set"
    return Described(description)


@method("deleteWebhook")
def delete_webhook(call: Call) -> Described:
    """Updates wait for getUpdates from now on."""
    if flag(call.params, "drop_pending_updates"):
        call.bot.pending.clear()
    was_set = call.bot.webhook is not None
    call.bot.webhook = call.bot.webhook_error = None
    description = "Webhook was deleted" if was_set else "Webhook is already deleted"
    return Described(description)


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """The webhook, the number of waiting updates, the last error."""
    hook = call.bot.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.pending),
    }
    if call.bot.webhook_error:
        date, message = call.bot.webhook_error
        info |= {"last_error_date": date, "last_error_message": message}
    if hook:
        info["max_connections"] = hook.max_connections
        if hook.allowed_updates:
            info["allowed_updates"] = hook.allowed_updates
    return info


@method("getUpdates")
def get_updates(call: Call) -> list[Json]:
    """The waiting updates of a bot without a webhook; `offset` confirms the earlier ones."""
    if call.bot.webhook:
        raise ApiError(409, POLLING_WITH_WEBHOOK)
    _confirm(call.bot, integer(call.params, "offset") or 0)
    limit = min(integer(call.params, "limit") or 100, 100)
    return list(call.bot.pending)[:limit]


async def wait_for_updates(bot: Bot, params: Params) -> None:
    """Wait until the bot has updates, or its long poll has timed out."""
    seconds = min(integer(params, "timeout") or 0, _MAX_POLL_S)
    _confirm(bot, integer(params, "offset") or 0)
    if bot.pending or bot.webhook or seconds <= 0:
        return
    bot.arrived.clear()
    with suppress(TimeoutError):
        await asyncio.wait_for(bot.arrived.wait(), seconds)


def _confirm(bot: Bot, offset: int) -> None:
    while bot.pending and bot.pending[0]["update_id"] < offset:
        bot.pending.popleft()


def _check_url(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    # The real server refuses plain HTTP; a function under development has nothing else.
    if parts.scheme == "http" and (host in ("127.0.0.1", "::1") or "." not in host):
        return url
    if parts.scheme != "https" or not host:
        reason = "bad webhook: An HTTPS URL must be provided for webhook"
        raise bad_request(reason)
    if (parts.port or 443) not in _PORTS:
        reason = "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        raise bad_request(reason)
    return url


def _check_secret(secret: str) -> str:
    if len(secret) > _MAX_SECRET_LENGTH:
        reason = "secret token is too long"
        raise bad_request(reason)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        reason = "secret token contains unallowed characters"
        raise bad_request(reason)
    return secret
