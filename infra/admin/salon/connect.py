"""Connecting a salon: its own bot sends our digests and alerts. What is secret is sealed, and never shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import errors
from psycopg.rows import DictRow

from infra.admin.bots import NAME, TOKEN
from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.salon import settings
from infra.admin.salon.tenants import as_keeper, as_oneself, audit, find
from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from shared.database import sql
from shared.salon.tenant_secrets import YCLIENTS_TOKEN, associated_data

CHAT_ID = re.compile(r"-?[1-9][0-9]{0,15}")
BY_HAND = "carillon bots add NAME --system salon --token-stdin, then carillon salon settings {slug} --bot NAME"

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Connected:
    """A salon whose digests are sent: its name, its bot's name, and the chat."""

    name: str
    bot: str
    chat: int
    left_in_clear: str  # how the bot's people remove what is sealed by now


def unconnected(connection: Connection) -> list[str]:
    """The ids of all active salons that have no bot yet."""
    with as_keeper(connection):
        return [row["tenant"] for row in fetch(connection, _SQL["unconnected"])]


def unsealed(connection: Connection) -> list[str]:
    """The ids of all active salons with a bot whose YClients token lies in clear only."""
    with as_keeper(connection):
        return [row["tenant"] for row in fetch(connection, _SQL["unsealed"], name=YCLIENTS_TOKEN)]


def seal_token(connection: Connection, tenant: str, secrets_key: str, token: str | None = None) -> str:
    """Seal a salon's YClients `token`, by default the one that its bot keeps in clear; the salon's name.

    Raises AdminError, ConfigError.
    """
    with as_keeper(connection):
        salon = find(connection, tenant)
        _seal_token(connection, salon, secrets_key, token)
        audit(connection, "seal_token", salon["id"], f"{YCLIENTS_TOKEN} is sealed", {})
    return str(salon["name"])


def connect_tenant(connection: Connection, tenant: str, given: Mapping[str, Any], secrets_key: str) -> Connected:
    """Connect the salon with this slug or id, wholly or not at all; `given` are columns of its settings.

    Bot, chat and YClients token come from what the salon's own bot keeps in public.tenants_v2; `secrets_key` seals the
    tokens. Raises AdminError, ConfigError.
    """
    with as_keeper(connection):
        salon = find(connection, tenant)
        known = fetch_one(connection, _SQL["metadata"], tenant=salon["id"])
        token = known["token"] or ""
        if not (form := TOKEN.fullmatch(token)):
            cause = "telegram_bot_token in its metadata is no bot token" if token else "no telegram_bot_token"
            next_step = f"let the bot's people correct it; or: {BY_HAND.format(slug=salon['slug'])}"
            raise AdminError(f"{salon['slug']}: {cause}", next_step)
        chat = given.get("chat_id") or _chat_id(salon, known["chat"])
        bot = _add_bot(connection, salon, token, int(form[1]), secrets_key)
        sealed = ["telegram_bot_token", *_seal_token(connection, salon, secrets_key)]
        settings.write(connection, salon, "connect", {**given, "bot_id": bot["id"], "chat_id": chat})
    return Connected(salon["name"], bot["name"], chat, removal(salon["id"], sealed))


def removal(tenant: object, names: Sequence[str]) -> str:
    """The statement by which the bot's people take secrets out of its metadata: no role of ours may write there."""
    taken = " ".join(f"- '{name}'" for name in names)
    return f"update public.tenants_v2 set metadata = metadata {taken} where id = '{tenant}'"  # noqa: S608 - to be read


def _seal_token(connection: Connection, salon: DictRow, secrets_key: str, given: str | None = None) -> list[str]:
    """The names of what was sealed: none if the bot has no YClients token, or has it elsewhere by now."""
    token = given or fetch_one(connection, _SQL["open_secret"], tenant=salon["id"], name=YCLIENTS_TOKEN)["secret"]
    if not token:
        return []
    sealed = secrets.seal(secrets_key, token, associated_data(salon["id"], YCLIENTS_TOKEN))
    with as_oneself(connection):
        connection.execute(_SQL["seal"], {"tenant": salon["id"], "name": YCLIENTS_TOKEN, "sealed": sealed})
    return [YCLIENTS_TOKEN]


def _chat_id(salon: DictRow, text: str | None) -> int:
    """The bot keeps a chat's id as text. Raises AdminError."""
    if not text or not CHAT_ID.fullmatch(text):
        cause = "admin_chat_id in its metadata is no chat's id" if text else "no admin_chat_id"
        raise AdminError(f"{salon['slug']}: {cause}", f"give it: carillon salon connect {salon['slug']} --chat -100…")
    return int(text)


def _add_bot(connection: Connection, salon: DictRow, token: str, telegram_id: int, secrets_key: str) -> DictRow:
    """The salon's bot, added or with its new token; salons may share one. Raises AdminError, ConfigError."""
    same = fetch(connection, _SQL["same_bot"], telegram_id=telegram_id)
    if same and same[0]["system"] != "salon":
        raise AdminError(
            f"{salon['slug']}: its bot is already {same[0]['name']} of {same[0]['system']}",
            "a salon's bot is of no other system: look: carillon bots list",
        )
    name = same[0]["name"] if same else f"salon-{salon['slug']}"
    if not NAME.fullmatch(name):
        name = f"salon-{salon['id']}"
    sealed = secrets.seal(secrets_key, token, token_associated_data(name))
    try:
        with as_oneself(connection):
            added = fetch(connection, _SQL["add_bot"], name=name, telegram_id=telegram_id, sealed=sealed)
    except errors.UniqueViolation:
        raise AdminError(f"{salon['slug']}: somebody else adds its bot just now", "try again in a moment") from None
    if not added:
        raise AdminError(f"{salon['slug']}: {name} is another bot", f"run: {BY_HAND.format(slug=salon['slug'])}")
    return added[0]
