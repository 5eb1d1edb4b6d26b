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


def view(whatsapp: WhatsApp, chosen: str, count: int, until: str = "") -> Json:
    """The latest chats, newest first, and `count` messages of the chosen one, up to the one with the id `until`."""
    conversations: dict[tuple[str, str, str], list[Json]] = {}
    for row in reversed(whatsapp.conversation.values()):
        conversations.setdefault((row["gateway"], row["account"], row["person"]), []).append(row)
    # An account without a chat gets an empty one, to write in.
    with_chats = {(gateway, account) for gateway, account, _ in conversations}
    for gateway, account in whatsapp.webhooks.keys() - with_chats:
        conversations[gateway, account, _DEFAULT_PERSON] = []
    shown = dict(islice(((_key(*who), (who, rows)) for who, rows in conversations.items()), _MAX_CHATS))
    _, rows = shown.get(chosen, (None, []))
    skipped = next((place for place, row in enumerate(rows) if row["id"] == until), 0)
    return {
        "chats": [_summary(key, who, rows) for key, (who, rows) in shown.items()],
        "messages": [_message(row) for row in rows[skipped : skipped + count]][::-1],
        "has_earlier": len(rows) > skipped + count,
        "has_later": skipped > 0,
    }


def _key(gateway: str, account: str, person: str) -> str:
    return f"wa:{gateway}:{account}:{person}"


def _summary(key: str, who: tuple[str, str, str], rows: list[Json]) -> Json:
    gateway, account, person = who
    named = next((row["name"] for row in rows if row["name"]), "")
    is_hidden = any(row["lid"] for row in rows)
    say = {"gateway": gateway, "account": account, "from": person, "name": named}
    return {
        "key": key,
        "type": "whatsapp",
        "title": named or (f"+{person}" if rows else f"WhatsApp · {_GATEWAYS[gateway]}"),
        "gateway": _GATEWAYS[gateway],
        "say": say | ({"lid": True} if is_hidden else {}),
        "topics": [],
        "last": _message(rows[0]) if rows else None,
    }


def _message(row: Json) -> Json:
    message = {
        "message_id": row["id"],
        "from": {
            "first_name": row["account"] if row["from_me"] else row["name"] or f"+{row['person']}",
            "is_bot": row["from_me"],
        },
        "by_phone": row["from_me"] and not row["by_api"],
        "date": int(row["unix"]),
        "text": row["text"],
    }
    if media := row["media"]:
        kind = "photo" if media["kind"] == "image" else media["kind"]
        message[kind] = {"file_id": media["url"], "file_name": media["file_name"], "url": media["url"]}
    return message
