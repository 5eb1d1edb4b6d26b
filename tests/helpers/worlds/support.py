"""A support desk: its bots, source and group, and conversations of customers with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from shared.support import working_time
from tests.helpers import arrange, canaries

Plain = psycopg.Connection[DictRow]

CHAT = -1001900000777
JID = "77010000001@s.whatsapp.net"
WEEKDAYS = working_time.parse("Asia/Almaty", {day: [["09:00", "18:00"]] for day in working_time.DAYS[:5]})
WHATSAPP_TOKEN = "canary-whatsapp-token-0123456789"


@dataclass(frozen=True)
class Desk:
    """A desk, by the ids of its rows: `id` is that of support.clients."""

    id: UUID
    source: int
    telegram_bot: int
    whatsapp_bot: int
    chat: int


def desk(
    connection: Plain, name: str = "echo", chat: int = CHAT, token: str = canaries.BOT_TOKEN, **settings: Any
) -> Desk:
    """A desk whose source, Telegram bot and ChatFlow account are named after `name`; bursts are not gathered."""
    telegram_bot = arrange.bot(connection, f"{name}-tg", token, system="support")
    whatsapp_bot = arrange.bot(
        connection, f"{name}-wa", system="support", channel="chatflow", address=f"{name}-instance", telegram_id=None,
        token_sealed=secrets.seal(arrange.SECRETS_KEY, WHATSAPP_TOKEN, token_associated_data(f"{name}-wa")),
    )  # fmt: skip
    source = arrange.source(connection, name, provider="whatsapp", gateway="chatflow")
    client = insert(connection, "support.clients", name=name, source_id=source)
    values = {
        "client_id": client, "telegram_chat_id": str(chat), "telegram_bot_id": telegram_bot,
        "whatsapp_bot_id": whatsapp_bot, "gather_seconds": 0, **settings,
    }  # fmt: skip
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    connection.execute(
        f"insert into support.client_settings ({names}) values ({marks})".encode(), tuple(values.values())
    )
    return Desk(client, source, telegram_bot, whatsapp_bot, chat)


def conversation(connection: Plain, of: Desk, jid: str = JID, name: str = "Айгерим", **columns: Any) -> UUID:
    """A conversation of a customer with the desk."""
    phone = jid.partition("@")[0]
    user = insert(connection, "support.users", client_id=of.id, remote_jid=jid, phone=phone, name=name)
    return insert(connection, "support.conversations", client_id=of.id, user_id=user, **columns)


def insert(connection: Plain, table: str, **values: Any) -> UUID:
    """A row; its id."""
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    statement = f"insert into {table} ({names}) values ({marks}) returning id"
    row = connection.execute(statement.encode(), tuple(values.values())).fetchone()
    assert row
    identity: UUID = row["id"]
    return identity
