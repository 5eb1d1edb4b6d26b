"""The bodies of each gateway's webhooks. ChatFlow's field for what was typed on the phone is made up."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from datetime import UTC, datetime

from infra.sandbox.whatsapp.models import PEOPLE, Call, ChatMessage, File, Json, Webhook, number

_BUSINESS = "77010000009"  # the account's own number


def message_event(written: ChatMessage, webhook: Webhook) -> Json:
    """The body that brings a message."""
    if written.gateway == "chatflow":
        return _chatflow(written, webhook)
    return _evolution(written, webhook) if written.gateway == "evolution" else _cloud(written)


def receipt_event(account: str, to: str, message_id: str, step: str, code: int = 0) -> Json:
    """The body of the Cloud API's receipt; `step` is sent, delivered, read, or failed, because of `code`."""
    receipt: Json = {
        "id": message_id,
        "status": step,
        "timestamp": str(int(time.time())),
        "recipient_id": number(to),
    }
    if step == "failed":
        words = f"Error {code}"
        receipt["errors"] = [{"code": code, "title": words, "message": words, "error_data": {"details": words}}]
    else:
        receipt["conversation"] = {"id": hashlib.sha256(to.encode()).hexdigest()[:32], "origin": {"type": "service"}}
        receipt["pricing"] = {"billable": True, "pricing_model": "CBP", "category": "service"}
    contact = {"wa_id": number(to), "user_id": scoped_id(number(to)), "profile": {"name": number(to)}}
    return _change(account, "messages", {"contacts": [contact], "statuses": [receipt]})


def update_event(written: ChatMessage, webhook: Webhook, state: str) -> Json:
    """The body of Evolution's news of a message."""
    update = {"keyId": written.id, "remoteJid": written.jid, "fromMe": True, "status": state}
    return _evolution_event("messages.update", written, webhook, update)


def read_event(row: Json, webhook: Webhook) -> Json:
    """The body that says that a sent message, a row of the conversation, was read."""
    if webhook.gateway == "whatsapp_cloud":
        return receipt_event(row["account"], row["person"], row["id"], "read")
    sent = ChatMessage.model_construct(account=row["account"], person=row["person"], id=row["id"], from_me=True)
    return update_event(sent, webhook, "READ")


def edit_event(written: ChatMessage, webhook: Webhook) -> Json:
    """The body that brings the new text of an earlier message. Evolution names its own number as the chat."""
    if written.gateway == "whatsapp_cloud":
        new = {"type": "text", "text": {"body": written.text}}
        edit = {"original_message_id": written.id, "message": new}
        return _cloud_change(written, {"id": f"{written.id}.edit", "type": "edit", "edit": edit})
    data: Json = {
        "key": {"remoteJid": f"{_BUSINESS}@{PEOPLE}", "fromMe": True, "id": written.id},
        "type": "MESSAGE_EDIT",
        "editedMessage": {"conversation": written.text},
        "timestampMs": str(int(time.time() * 1000)),
    }
    return _evolution_event("messages.edited", written, webhook, data)


def call_event(call: Call, call_id: str, step: str, webhook: Webhook) -> Json:
    """The body of Evolution's news of a call; `step` is offer, accept or timeout."""
    caller = f"{call.person}@{PEOPLE}"
    data: Json = {"chatId": caller, "from": caller, "id": call_id, "status": step, "isVideo": False, "isGroup": False}
    return _evolution_event("call", call, webhook, data | {"date": _now(), "offline": False})


def _chatflow(written: ChatMessage, webhook: Webhook) -> Json:
    metadata: Json = {
        "sender": written.name,
        "timestamp": int(time.time()),
        "messageId": written.id,
        "remoteJid": written.jid,
    }
    if written.from_me:
        metadata["fromMe"] = True
    media = written.media
    return {
        "messageType": plain_kind(media),
        "message": written.text or None,
        "metadata": metadata,
        "mediaData": _chatflow_file(media) if media else None,
        "nodeData": {"webHook": {"text": webhook.url, "method": "POST"}},
    }


def _chatflow_file(media: File) -> Json:
    kind = plain_kind(media)
    file = {"type": kind, "mimetype": media.mime, "url": media.url, "fileName": media.file_name}
    sound: Json = {"seconds": 8, "ptt": media.kind == "voice"} if kind == "audio" else {}
    return file | {"caption": media.caption} | sound


def sent_event(written: ChatMessage, webhook: Webhook) -> Json:
    """The body of Evolution's news of a message that was sent through it; what is typed on the phone is an upsert."""
    return _evolution_event("send.message", written, webhook, evolution_data(written))


def _evolution(written: ChatMessage, webhook: Webhook) -> Json:
    return _evolution_event("messages.upsert", written, webhook, evolution_data(written))


def evolution_data(written: ChatMessage) -> Json:
    """A message as Evolution shows it."""
    key: Json = {"remoteJid": written.jid, "fromMe": written.from_me, "id": written.id}
    if written.jid.endswith("@lid"):
        key |= {"remoteJidAlt": f"{number(written.jid)}@{PEOPLE}", "addressingMode": "lid"}
    text = written.more or {"conversation": written.text}
    message = _evolution_file(written, written.media) if written.media else text
    return {
        "key": key,
        # For our own messages it is "you", in the language of the server's makers.
        "pushName": "Você" if written.from_me else written.name,
        "status": "PENDING" if written.from_me else "DELIVERY_ACK",
        "message": message,
        "contextInfo": None,
        "messageType": next(iter(message)),
        "messageTimestamp": int(time.time()),
        "instanceId": _instance_id(written.account),
        "source": "android",
    }


def _evolution_event(event: str, about: ChatMessage | Call, webhook: Webhook, data: Json) -> Json:
    return {
        "event": event,
        "instance": about.account,
        "data": data | {"instanceId": _instance_id(about.account)},
        "destination": webhook.url,
        "date_time": _now(),
        "sender": f"{_BUSINESS}@{PEOPLE}",
        "server_url": "https://evolution.example",
        "apikey": None,
    }


def _instance_id(account: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, account))


def _evolution_file(written: ChatMessage, media: File) -> Json:
    """`url` leads to encrypted bytes; `mediaUrl` is Evolution's copy."""
    file: Json = {"url": "https://mmg.whatsapp.net/o1/v/encrypted.enc", "mimetype": media.mime}
    if media.kind in ("audio", "voice"):
        file |= {"seconds": 8, "ptt": media.kind == "voice"}
    elif written.text_or_caption:
        file["caption"] = written.text_or_caption
    if media.kind == "document":
        file |= {"fileName": media.file_name, "title": media.file_name}
    inside: Json = {f"{plain_kind(media)}Message": file}
    if media.kind == "document" and written.text_or_caption:
        inside = {"documentWithCaptionMessage": {"message": inside}}
    return inside | ({"mediaUrl": media.url} if media.url else {})


def _cloud(written: ChatMessage) -> Json:
    text = written.more or {"type": "text", "text": {"body": written.text}}
    return _cloud_change(written, {"id": written.id} | (_cloud_file(written, written.media) if written.media else text))


def _cloud_change(written: ChatMessage, content: Json) -> Json:
    message = content | {"timestamp": str(int(time.time()))}
    phone = "" if written.jid.endswith("@lid") else number(written.person)
    scoped = scoped_id(number(written.person))
    if written.from_me:
        to = {"to": phone} if phone else {"to_user_id": scoped}
        return _change(written.account, "smb_message_echoes", {"message_echoes": [{"from": _BUSINESS} | to | message]})
    sender = {"from": phone} if phone else {"from_user_id": scoped}
    contact = {"profile": {"name": written.name}, "user_id": scoped} | ({"wa_id": phone} if phone else {})
    return _change(written.account, "messages", {"contacts": [contact], "messages": [sender | message]})


def scoped_id(phone: str) -> str:
    """The id under which the account knows somebody who may hide their number."""
    return f"KZ.{hashlib.sha256(phone.encode()).hexdigest()[:20]}"


def _cloud_file(written: ChatMessage, media: File) -> Json:
    digest = hashlib.sha256(base64.b64decode(media.base64) or media.url.encode()).digest()
    file: Json = {"mime_type": media.mime, "sha256": base64.b64encode(digest).decode(), "id": media_id(written)}
    if media.url:
        file["url"] = media.url
    if media.kind in ("audio", "voice"):
        file["voice"] = media.kind == "voice"
    elif written.text_or_caption:
        file["caption"] = written.text_or_caption
    if media.kind == "document":
        file["filename"] = media.file_name
    return {"type": plain_kind(media), plain_kind(media): file}


def media_id(written: ChatMessage) -> str:
    """The Cloud API's id of the message's file; empty when it has none."""
    media = written.media
    return str(int.from_bytes(hashlib.sha256(f"{media.url or written.id}".encode()).digest()[:6])) if media else ""


def _change(account: str, field: str, content: Json) -> Json:
    metadata = {"display_phone_number": _BUSINESS, "phone_number_id": account}
    value = {"messaging_product": "whatsapp", "metadata": metadata} | content
    change = {"value": value, "field": field}
    return {"object": "whatsapp_business_account", "entry": [{"id": "10000000000000001", "changes": [change]}]}


def plain_kind(media: File | None) -> str:
    """The gateways' kind of a file: a voice message is an audio with a mark. Without a file it is a text."""
    if media is None:
        return "text"
    return "audio" if media.kind == "voice" else media.kind


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
