"""What the sandbox page shows of WhatsApp: chats and messages in the shape that Telegram's have there."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from infra.sandbox.whatsapp.models import Json

if TYPE_CHECKING:
    from infra.sandbox.whatsapp.state import WhatsApp

_MAX_CHATS = 60
_DEFAULT_PERSON = "77010000000"
_GATEWAYS = {"chatflow": "ChatFlow", "evolution": "Evolution", "whatsapp_cloud": "Cloud API"}


def view(whatsapp: WhatsApp, chosen: str, count: int) -> Json:
    """The latest chats, newest first, and the latest `count` messages of the chosen one."""
    conversations: dict[tuple[str, str, str], list[Json]] = {}
    for row in reversed(whatsapp.conversation.values()):
        conversations.setdefault((row["gateway"], row["account"], row["person"]), []).append(row)
    # An account without a chat gets an empty one, to write in.
    with_chats = {(gateway, account) for gateway, account, _ in conversations}
    for gateway, account in whatsapp.webhooks.keys() - with_chats:
        conversations[gateway, account, _DEFAULT_PERSON] = []
    shown = dict(islice(((_key(*who), (who, rows)) for who, rows in conversations.items()), _MAX_CHATS))
    _, rows = shown.get(chosen, (None, []))
    return {
        "chats": [_summary(key, who, rows) for key, (who, rows) in shown.items()],
        "messages": [_message(row) for row in rows[:count]][::-1],
        "has_earlier": len(rows) > count,
    }


def _key(gateway: str, account: str, person: str) -> str:
    return f"wa:{gateway}:{account}:{person}"


def _summary(key: str, who: tuple[str, str, str], rows: list[Json]) -> Json:
    gateway, account, person = who
    named = next((row["name"] for row in rows if row["name"]), "")
    return {
        "key": key,
        "type": "whatsapp",
        "title": named or f"+{person}",
        "about": f"WhatsApp ({_GATEWAYS[gateway]}), +{person} · аккаунт: {account}",
        "say": {"gateway": gateway, "account": account, "from": person, "name": named},
        "topics": [],
        "last": _message(rows[0]) if rows else None,
    }


def _message(row: Json) -> Json:
    ours = row["account"] if row["by_api"] else f"{row['account']} · с телефона"
    message = {
        "message_id": row["id"],
        "from": {
            "first_name": ours if row["from_me"] else row["name"] or f"+{row['person']}",
            "is_bot": row["from_me"],
        },
        "date": int(row["unix"]),
        "text": row["text"],
    }
    if media := row["media"]:
        kind = "photo" if media["kind"] == "image" else media["kind"]
        message[kind] = {"file_id": media["url"], "file_name": media["file_name"], "url": media["url"]}
    return message
