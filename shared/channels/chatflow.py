"""ChatFlow (docs/protocols/whatsapp.md, ChatFlow). Everything, the token too, is in the query of a GET."""

import json
from collections.abc import Mapping
from typing import Any

from shared.channels import whatsapp
from shared.channels.outcome import Outcome, outcome_of
from shared.channels.whatsapp import Content
from shared.clients.http import HttpClient, HttpResponse
from shared.credentials.account import Account

FLOW = "flow:"  # before the address of an account that sends by a flow instead of an instance

_PATHS = {
    "text": "send-text",
    "image": "send-image",
    "document": "send-doc",
    "audio": "send-audio",
    "voice": "send-audio",
    "video": "send-video",
}
_URLS = {"image": "imageurl", "document": "docurl", "audio": "audiourl", "voice": "audiourl", "video": "videourl"}
_NOTHING = " "  # they refuse an empty caption


async def call(
    client: HttpClient, api_url: str, account: Account, to: str, method: str, payload: Mapping[str, Any]
) -> Outcome:
    """Call `method` once. Raises nothing but cancellation."""
    content = whatsapp.to_content(method, payload)
    if content is None:
        return whatsapp.NOT_SUPPORTED
    address = account.address or ""
    if address.startswith(FLOW):
        return await _by_flow(client, api_url, account, to, content)
    jid = to if "@" in to else f"{to.removeprefix('+')}@s.whatsapp.net"
    query = {"token": account.token, "instance_id": address, "jid": jid, **_fields(content)}
    response = await client.call("GET", f"{api_url}/api/v1/{_PATHS[content.kind]}", params=query)
    return outcome_of(response, classify)


async def _by_flow(client: HttpClient, api_url: str, account: Account, to: str, content: Content) -> Outcome:
    digits = whatsapp.number(to)
    if content.kind != "text" or digits is None:  # a flow takes texts to people
        return whatsapp.NOT_SUPPORTED
    query = {"flow_id": (account.address or "").removeprefix(FLOW), "recipient": digits, "msg": content.text}
    headers = {"Authorization": f"Bearer {account.token}"}
    response = await client.call("GET", f"{api_url}/api/v1/n8n/action/text", params=query, headers=headers)
    return outcome_of(response, classify)


def classify(response: HttpResponse) -> Outcome:
    """The outcome that an answer means. A 200 may say that it failed, and `true` alone that it did not."""
    fields = response.fields
    if 200 <= response.status < 300 and (fields.get("success") is True or _says_true(response.body)):
        sent_as = fields.get("messageId") or fields.get("message_id")
        return Outcome("sent", http_status=response.status, external_id=sent_as if isinstance(sent_as, str) else None)
    if fields.get("success") is False:
        return _failed(response)
    return whatsapp.by_status(response, "not_chatflow")


def _failed(response: HttpResponse) -> Outcome:
    """Not sent, as they say themselves; why is not documented, so what is not plain is worth another try."""
    if response.status == 404 and "flow" in str(response.fields.get("message", "")).lower():
        return Outcome("bot_refused", "bot_refused", response.status)
    if response.status < 400:
        return Outcome("transient", "said_failed", response.status)
    return whatsapp.by_status(response, "said_failed")


def _says_true(body: bytes) -> bool:
    try:
        return json.loads(body) is True
    except (ValueError, RecursionError):
        return False


def _fields(content: Content) -> dict[str, str]:
    if content.kind == "text":
        return {"msg": content.text}
    captioned = {"caption": content.text or _NOTHING} if content.kind in ("image", "document", "video") else {}
    return {_URLS[content.kind]: content.url, **captioned}
