"""Methods about the bot itself and how it gets its updates."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.sandbox.telegram.delivery import redeliver
from infra.sandbox.telegram.errors import OTHER_POLL, POLLING_WITH_WEBHOOK, ApiError, bad_request
from infra.sandbox.telegram.methods.call import Call, Described, method
from infra.sandbox.telegram.models import Webhook
from infra.sandbox.telegram.params import Params, Upload, flag, integer, json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Bot, Json

_PORTS = (80, 88, 443, 8443)
_MAX_SECRET_LENGTH = 256
_MAX_CONNECTIONS = 100
_MAX_POLL_S = 50
_MAX_UPDATES = 100


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
        text(params, "ip_address"),
        has_certificate=isinstance(params.get("certificate"), Upload),
    )
    call.bot.webhook, call.bot.webhook_error = new, None
    redeliver(call.telegram, call.bot)
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
        "has_custom_certificate": bool(hook and hook.has_certificate),
        "pending_update_count": len(call.bot.pending),
    }
    if call.bot.webhook_error:
        date, message = call.bot.webhook_error
        info |= {"last_error_date": date, "last_error_message": message}
    if hook:
        info["max_connections"] = hook.max_connections
        if hook.ip_address:
            info["ip_address"] = hook.ip_address
        if hook.allowed_updates:
            info["allowed_updates"] = hook.allowed_updates
    return info


@method("getUpdates")
def get_updates(call: Call) -> list[Json]:
    """The waiting updates of a bot without a webhook; `offset` confirms the earlier ones."""
    if call.bot.webhook:
        raise ApiError(409, POLLING_WITH_WEBHOOK)
    _confirm(call.bot, integer(call.params, "offset") or 0)
    limit = integer(call.params, "limit")
    return list(call.bot.pending)[: _MAX_UPDATES if limit is None else min(max(limit, 1), _MAX_UPDATES)]


async def wait_for_updates(bot: Bot, params: Params) -> None:
    """Wait until the bot has updates, or its long poll has timed out.

    Raises ApiError 409 when another call begins to wait for the same bot.
    """
    seconds = min(integer(params, "timeout") or 0, _MAX_POLL_S)
    allowed = json_value(params, "allowed_updates")
    if isinstance(allowed, list):
        bot.polled_updates = [str(kind) for kind in allowed]
    bot.poll += 1
    mine = bot.poll
    bot.arrived.set()  # whoever waits already has been terminated
    _confirm(bot, integer(params, "offset") or 0)
    if bot.pending or bot.webhook or seconds <= 0:
        return
    bot.arrived.clear()
    with suppress(TimeoutError):
        await asyncio.wait_for(bot.arrived.wait(), seconds)
    if bot.poll != mine:
        raise ApiError(409, OTHER_POLL)


def _confirm(bot: Bot, offset: int) -> None:
    """Drop the updates before `offset`; a negative one keeps so many of the last."""
    if offset < 0:
        while len(bot.pending) > -offset:
            bot.pending.popleft()
    while bot.pending and bot.pending[0]["update_id"] < offset:
        bot.pending.popleft()


def _check_url(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    # The real server refuses plain HTTP; a function under development has nothing else.
    if parts.scheme == "http" and (host in ("127.0.0.1", "::1") or "." not in host):
        return url
    if not parts.scheme or not host or " " in url:
        reason = "invalid webhook URL specified"
        raise bad_request(reason)
    if _is_reserved(host):
        reason = f"bad webhook: IP address {host} is reserved"
        raise bad_request(reason)
    if parts.scheme != "https":
        reason = "bad webhook: An HTTPS URL must be provided for webhook"
        raise bad_request(reason)
    if (parts.port or 443) not in _PORTS:
        reason = "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        raise bad_request(reason)
    return url


def _is_reserved(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _check_secret(secret: str) -> str:
    if len(secret) > _MAX_SECRET_LENGTH:
        reason = "secret token is too long"
        raise bad_request(reason)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        reason = "secret token contains unallowed characters"
        raise bad_request(reason)
    return secret
