"""The texts that people agree to. What was agreed to stays as it was: a new text is a new version, which asks again."""

from typing import Literal

from psycopg import errors
from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

Purpose = Literal["processing", "mailings"]
MAX_TEXT = 3500  # characters, so that it fits into one message with its buttons

_SQL = sql.load(__file__)


def list_all(connection: Connection) -> list[DictRow]:
    """All versions, with how many consents to each are in force."""
    return fetch(connection, _SQL["list"])


def add(connection: Connection, purpose: Purpose, ru: str, en: str) -> int:
    """Add a version; its number. Raises AdminError."""
    ru, en = ru.strip(), en.strip()
    if not ru or not en:
        raise AdminError("a text is empty", "write it in both languages")
    if max(len(ru), len(en)) > MAX_TEXT:
        raise AdminError(f"a text is longer than {MAX_TEXT} characters", "shorten it, and link to the whole of it")
    try:
        return int(fetch_one(connection, _SQL["add"], purpose=purpose, ru=ru, en=en)["version"])
    except errors.UniqueViolation:
        raise AdminError("somebody added a version at the same moment", "look at the texts, then try again") from None
