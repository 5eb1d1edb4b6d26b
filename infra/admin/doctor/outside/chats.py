"""Doctor: the chats that bots were told to write to, but for the desks' groups. Nobody is written to."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from infra.admin.database import Connection, fetch
from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.questions import Line, Question
from infra.admin.probes.telegram import Refused, call
from infra.admin.salon.tenants import as_keeper
from shared import config
from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.errors import ConfigError

AREA = "chats"
_SQL = sql.load(__file__)


def chats(connection: Connection) -> list[Line]:
    """Alert chats, schools' admin chats, salons' chats: whether their bot may write there."""
    with as_keeper(connection, read_only=True):
        salons = fetch(connection, _SQL["salons"])
    columns = {
        "names": [row["name"] for row in salons],
        "bot_ids": [row["bot_id"] for row in salons],
        "chat_ids": [row["chat_id"] for row in salons],
    }
    return list(_questions(fetch(connection, _SQL["chats"], **columns)))


def _questions(rows: list[Any]) -> Iterator[Question]:
    """One for each chat of a bot, however many roles it has."""
    key = config.load(names=("secrets_key",)).secrets_key
    asked = set()
    for row in rows:
        if (row["bot"], row["chat_id"]) in asked:
            continue
        asked.add((row["bot"], row["chat_id"]))
        try:
            token = secrets.unseal(key, row["token_sealed"], token_associated_data(row["bot"]))
        except ConfigError:  # the bot's own line says so
            continue
        who = f"{row['role']} {row['chat_id']} of {row['name']}"
        yield Question(AREA, row["name"], who, partial(_ask, row, who, token))


def _ask(row: Mapping[str, Any], who: str, token: str) -> Finding:
    bot, chat_id = row["bot"], row["chat_id"]
    try:
        chat = call(token, "getChat", chat_id=chat_id)
        member = {} if chat_id > 0 else call(token, "getChatMember", chat_id=chat_id, user_id=row["telegram_id"])
    except Refused as refusal:
        return Finding("problem", AREA, f"{who}: bot {bot}: {refusal.cause}", next_step(token, chat_id, bot))
    if obstacle := _obstacle(chat, member):
        step = f"make bot {bot} an administrator of {chat.get('title', chat_id)}"
        return Finding("problem", AREA, f"{who}: bot {bot} {obstacle}", step)
    return Finding("ok", AREA, f"{who} takes what bot {bot} writes")


def _obstacle(chat: Mapping[str, Any], member: Mapping[str, Any]) -> str:
    """Why the bot may not write there."""
    status = member.get("status", "")
    if status in ("left", "kicked"):
        return "is not in it"
    if chat.get("type") == "channel" and not member.get("can_post_messages", status == "creator"):
        return "may not post there"
    if status == "restricted" and not member.get("can_send_messages"):
        return "may not write there"
    if status == "member" and chat.get("permissions", {}).get("can_send_messages") is False:
        return "may not write there: only administrators may"
    return ""


def next_step(token: str, chat_id: int, bot: str) -> str:
    """What to do about a chat that Telegram refuses: often a group without its minus. Raises AdminError."""
    for group in (int(f"-100{chat_id}"), -chat_id) if chat_id > 0 else ():
        with suppress(Refused):
            title = call(token, "getChat", chat_id=group).get("title", "a group")
            return f"did you mean {group} ({title})? A group's id begins with a minus"
    if chat_id > 0:
        return f"ask them to open bot {bot} and press Start, or correct the chat's id"
    return f"add bot {bot} to the group, or correct the chat's id (a group's begins with a minus)"
