"""A salon's settings: when its digest comes, and what is worth an alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.salon.tenants import as_keeper, audit, find
from shared.database import sql

COLUMNS = (
    "bot_id", "chat_id", "timezone", "digest_hour", "language", "low_conversion", "high_drop_off", "error_spike",
    "stale_hours", "minimum_sample", "quiet_from", "quiet_until",
)  # fmt: skip

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Settings:
    """The settings of the salon that is called `salon`: COLUMNS, its id, and its bot's name as `bot`."""

    salon: str
    row: DictRow


def read(connection: Connection, tenant: str) -> Settings:
    """The settings of the salon with this slug or id, the defaults where it has none. Raises AdminError."""
    with as_keeper(connection, read_only=True):
        salon = find(connection, tenant)
        return Settings(salon["name"], _locked(connection, salon))


def change(connection: Connection, tenant: str, given: Mapping[str, Any], *, bot: str | None = None) -> Settings:
    """Write the columns that are `given`, and the bot that is called `bot`; the settings now. Raises AdminError."""
    with as_keeper(connection):
        salon = find(connection, tenant)
        by_name = {} if bot is None else {"bot_id": _bot_id(connection, bot)}
        return Settings(salon["name"], write(connection, salon, "update_settings", {**given, **by_name}))


def write(connection: Connection, salon: DictRow, action: str, given: Mapping[str, Any]) -> DictRow:
    """Write the columns that are `given` and an audit; the settings now. Within `as_keeper`. Raises AdminError."""
    if given.get("chat_id") == 0:
        raise AdminError("chat 0 is no chat", "give the chat's id: --chat -100…")
    before = _locked(connection, salon)
    connection.execute(_SQL["write"], {**dict.fromkeys(COLUMNS), **given, "tenant": salon["id"]})
    after = fetch_one(connection, _SQL["read"], tenant=salon["id"])
    changed = {c: {"from": before[c], "to": after[c]} for c in COLUMNS if before[c] != after[c]}
    audit(connection, action, salon["id"], f"settings: {', '.join(changed) or 'as they were'}", changed)
    return after


def _locked(connection: Connection, salon: DictRow) -> DictRow:
    connection.execute(_SQL["ensure"], {"tenant": salon["id"]})
    return fetch_one(connection, _SQL["read"], tenant=salon["id"])


def _bot_id(connection: Connection, name: str) -> int:
    found = fetch(connection, _SQL["bot"], name=name)
    if not found or found[0]["system"] != "salon" or found[0]["channel"] != "telegram":
        raise AdminError(
            f"there is no Telegram bot {name} of the salons",
            "look: carillon bots list; or add it: carillon bots add NAME --system salon",
        )
    return int(found[0]["id"])
