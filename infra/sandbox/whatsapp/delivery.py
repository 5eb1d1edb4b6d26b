"""Delivers a webhook, signed and repeated as its gateway does it, only with shorter waits."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING

import httpx

from infra.sandbox.whatsapp.models import Gateway, Json, Webhook

if TYPE_CHECKING:
    from infra.sandbox.inside.webhook_log import WebhookLog

MAX_TRIES = 5
_FINAL_FOR_EVOLUTION = (400, 401, 403, 404, 422)
_AGENTS: dict[Gateway, str] = {
    "chatflow": "axios/1.11.0",
    "evolution": "axios/1.7.9",
    "whatsapp_cloud": "facebookexternalua",
}


async def deliver(webhook: Webhook, body: Json, wait: float, log: WebhookLog) -> Json:
    """Send a webhook until it succeeds or the gateway gives up; the last status and the number of tries."""
    # Meta signs JSON with escaped non-ASCII characters; the others do not escape.
    content = json.dumps(body, ensure_ascii=webhook.gateway == "whatsapp_cloud").encode()
    url = f"{webhook.url}/{body['event'].replace('.', '-')}" if webhook.by_events else webhook.url
    began = int(time.time())  # once: repetitions carry the same token
    tries, outcome = 0, Json()
    while True:
        outcome = await _post(webhook, url, content, began, log)
        tries += 1
        if tries == MAX_TRIES or not _should_retry(webhook.gateway, outcome["status"]):
            return outcome | {"tries": tries}
        await asyncio.sleep(wait)
        wait *= 2


def _should_retry(gateway: Gateway, status: int | None) -> bool:
    if gateway == "chatflow" or (status is not None and 200 <= status < 300):
        return False
    return gateway != "evolution" or status not in _FINAL_FOR_EVOLUTION


def _headers(webhook: Webhook, content: bytes, now: int) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": _AGENTS[webhook.gateway]} | webhook.headers
    if webhook.gateway == "whatsapp_cloud" and webhook.app_secret:
        mac = hmac.new(webhook.app_secret.encode(), content, hashlib.sha256)
        headers["X-Hub-Signature-256"] = f"sha256={mac.hexdigest()}"
    if webhook.gateway == "evolution" and webhook.jwt_key:
        headers["Authorization"] = f"Bearer {_token(webhook.jwt_key, now)}"
    return headers


def _token(key: str, now: int) -> str:
    claims = {"iat": now, "exp": now + 600, "app": "evolution", "action": "webhook"}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{signed}.{_encoded(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def _post(webhook: Webhook, url: str, content: bytes, began: int, log: WebhookLog) -> Json:
    sender = f"{webhook.gateway}:{webhook.account}"
    try:
        response = await log.post(sender, url, content, lambda sent: _headers(webhook, sent, began))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return {"status": None, "error": type(error).__name__}
    return {"status": response.status_code}
