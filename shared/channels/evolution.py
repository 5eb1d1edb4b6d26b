"""Evolution API v2 (docs/protocols/whatsapp.md, Evolution API): a server of one's own in front of WhatsApp Web."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from shared.channels import whatsapp
from shared.channels.outcome import Outcome, outcome_of
from shared.channels.whatsapp import Content
from shared.clients.http import HttpClient, HttpResponse
from shared.credentials.account import Account

NO_GATEWAY = Outcome("bot_refused", "no_gateway")  # without EVOLUTION_API_URL: it waits, and loses no try

_EXCEPTION = re.compile(r"\w*(Error|Exception)\b|\[object Object\]")


async def call(
    client: HttpClient, api_url: str, account: Account, to: str, method: str, payload: Mapping[str, Any]
) -> Outcome:
    """Call `method` once. Raises nothing but cancellation."""
    content = whatsapp.to_content(method, payload)
    if content is None:
        return whatsapp.NOT_SUPPORTED
    if not api_url:
        return NO_GATEWAY
    path, body = _request(content)
    url = f"{api_url}/message/{path}/{quote(account.address or '', safe='')}"
    recipient = {"number": whatsapp.number(to) or to}
    response = await client.call("POST", url, json=recipient | body, headers={"apikey": account.token})
    return outcome_of(response, classify)


def classify(response: HttpResponse) -> Outcome:
    """The outcome that an answer means.

    What goes wrong once the message may have left is a 400 that shows an exception; its own 500 comes from before. A
    proxy's 5xx says neither, except 503: there was no server.
    """
    status, key = response.status, response.fields.get("key")
    if 200 <= status < 300 and isinstance(key, dict) and isinstance(key.get("id"), str):
        return Outcome("sent", http_status=status, external_id=key["id"])
    own = isinstance(response.fields.get("response"), dict)
    if own and status == 400:
        return _bad_request(response.fields["response"].get("message"))
    if own and status in (403, 404):  # such an instance does not exist
        return Outcome("bot_refused", "bot_refused", status)
    if status >= 500 and status != 503 and not own:
        return Outcome("ambiguous", "server_error", status)
    return whatsapp.by_status(response, "not_evolution")


def _bad_request(message: Any) -> Outcome:
    reason = message[0] if isinstance(message, list) and message else message
    if isinstance(reason, dict) and reason.get("exists") is False:
        return Outcome("bad_request", "no_whatsapp", 400)
    if reason == "Error: Connection Closed":  # the phone is not connected: nothing left
        return Outcome("transient", "not_connected", 400)
    if isinstance(reason, str) and _EXCEPTION.match(reason):
        return Outcome("ambiguous", "failed_while_sending", 400)
    return Outcome("bad_request", "bad_request", 400)


def _request(content: Content) -> tuple[str, dict[str, str]]:
    if content.kind == "text":
        return "sendText", {"text": content.text}
    if content.kind == "voice":
        return "sendWhatsAppAudio", {"audio": content.url}
    named = {"fileName": content.file_name} if content.kind == "document" else {}
    captioned = {"caption": content.text} if content.text else {}
    return "sendMedia", {"mediatype": content.kind, "media": content.url, **named, **captioned}
