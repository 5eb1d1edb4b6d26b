"""The desks: each a business, the WhatsApp account that its customers write to, and its managers' Telegram group."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import errors
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

MAX_NAME_LENGTH = 128
USERNAME = re.compile(r"@?[A-Za-z][A-Za-z0-9_]{3,31}")
GROUP_ID = re.compile(r"-[1-9][0-9]{4,17}")

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class NewDesk:
    """A desk not stored yet; source and bots by their names. `instance_id` is its id in the gateway's systems."""

    name: str
    source: str
    telegram_bot: str
    whatsapp_bot: str
    chat: int
    owner: str = ""
    timezone: str = "Asia/Almaty"
    instance_id: str = ""


def check_name(name: str) -> None:
    """Raises ValueError when a desk cannot be called so."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        raise ValueError(f"a client's name has 1 to {MAX_NAME_LENGTH} characters, all of them visible")


def add(connection: Connection, desk: NewDesk) -> UUID:
    """Open a desk; its id. Raises ValueError for its name, AdminError for what is taken, unknown or malformed."""
    check_name(desk.name)
    values: dict[str, Any] = {
        "name": desk.name,
        "chat": group_id(desk.chat),
        "owner": username(desk.owner) if desk.owner else None,
        "timezone": desk.timezone,
        "config": Jsonb({"instance_id": desk.instance_id} if desk.instance_id else {}),
    }
    with connection.transaction():
        if fetch(connection, _SQL["find"], desk=desk.name):
            change_it = f"change it: carillon support settings {desk.name}"
            raise AdminError(f"there is a client {desk.name} already", change_it)
        values |= {
            "source": _free_source_id(connection, desk.source),
            "telegram_bot": bot_id(connection, desk.telegram_bot, whatsapp=False),
            "whatsapp_bot": bot_id(connection, desk.whatsapp_bot, whatsapp=True),
        }
        try:
            added: UUID = fetch_one(connection, _SQL["add"], **values)["client_id"]
        except errors.UniqueViolation:  # somebody was quicker
            raise AdminError(
                f"source {desk.source} is another client's by now", "look: carillon support clients"
            ) from None
    return added


def list_all(connection: Connection) -> list[DictRow]:
    """All desks, and how many customers of each wait for a manager."""
    return fetch(connection, _SQL["list"])


def find(connection: Connection, desk: str) -> DictRow:
    """The id and name of the desk that has this name or id. Raises AdminError when there is none, or several."""
    found = fetch(connection, _SQL["find"], desk=desk)
    if len(found) > 1:
        ids = ", ".join(str(row["id"]) for row in found)
        raise AdminError(f"{len(found)} clients are called {desk}", f"give an id: {ids}")
    if not found:
        known = ", ".join(row["name"] for row in fetch(connection, _SQL["names"]))
        next_step = f"there are: {known}" if known else "add one: carillon support add-client NAME"
        raise AdminError(f"there is no client {desk}", next_step)
    return found[0]


def group_id(chat: int) -> str:
    """The id of a Telegram group as the table has it. Raises AdminError."""
    if not GROUP_ID.fullmatch(str(chat)):
        raise AdminError(
            f"chat {chat} is no group", "a group's id is negative, a forum's begins with -100: give it as --chat"
        )
    return str(chat)


def username(owner: str) -> str:
    """`owner`, if it can be somebody's name in Telegram. Raises AdminError."""
    if not USERNAME.fullmatch(owner):
        raise AdminError("that is no Telegram username", "write it like @romashka_owner: 4 to 32 of a-z, 0-9 and _")
    return owner


def bot_id(connection: Connection, name: str, *, whatsapp: bool, desk: UUID | None = None) -> int:
    """The id of a bot that `desk`, or a new one, may use. Raises AdminError."""
    what = "a WhatsApp account" if whatsapp else "a Telegram bot"
    options = "--channel … --address …" if whatsapp else ""
    add_one = f"add one: carillon bots add NAME --system support {options}".rstrip()
    found = fetch(connection, _SQL["bot"], name=name, desk=desk)
    if not found:
        raise AdminError(f"there is no bot {name}", f"look: carillon bots list; or {add_one}")
    bot = found[0]
    if (bot["channel"] != "telegram") != whatsapp:
        raise AdminError(
            f"bot {name} speaks through {bot['channel']} and is not {what}", f"look: carillon bots list; or {add_one}"
        )
    if bot["system"] != "support":
        raise AdminError(f"bot {name} belongs to {bot['system']}, not to support", add_one)
    if whatsapp and bot["others"] is not None:
        raise AdminError(
            f"account {name} is already {bot['others']}'s", f"each client has a number of its own; {add_one}"
        )
    return int(bot["id"])


def _free_source_id(connection: Connection, name: str) -> int:
    found = fetch(connection, _SQL["source"], name=name)
    if not found:
        add_one = f"carillon sources add whatsapp {name} --gateway …"
        raise AdminError(f"there is no whatsapp source {name}", f"look: carillon sources list; or add it: {add_one}")
    if found[0]["desk"] is not None:
        raise AdminError(
            f"source {name} is already {found[0]['desk']}'s",
            "each client has a source of its own: carillon sources add",
        )
    return int(found[0]["id"])
