"""The school's people: who they are, and who of them is curator or administrator."""

import re
from typing import Literal

from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

Role = Literal["user", "curator", "admin"]

_SQL = sql.load(__file__)
_TELEGRAM_ID = re.compile(r"[1-9][0-9]{4,14}", re.ASCII)


def find(connection: Connection, text: str = "") -> list[DictRow]:
    """Everybody, or those who are known by `text`: any part of a name, an id, a phone, an e-mail."""
    return fetch(connection, _SQL["find"], text=text.strip().lstrip("@"))


def staff(connection: Connection) -> list[DictRow]:
    """Curators and administrators."""
    return fetch(connection, _SQL["staff"])


def person(connection: Connection, who: str) -> int:
    """The id of the one person known by `who`: Telegram id, @username, nickname, phone, e-mail, id:17.

    Raises AdminError.
    """
    found = fetch(connection, _SQL["who"], who=who.strip())
    if not found:
        raise AdminError("nobody is known by this", "look for their id: carillon courses people NAME, then give id:17")
    if len(found) > 1:
        raise AdminError("several people are known by this", "give the id of the one who is meant, like id:17")
    return int(found[0]["id"])


def set_role(connection: Connection, who: str, role: Role, *, add: bool = False) -> DictRow:
    """Give somebody a role; with `add`, a Telegram id that nobody has yet becomes a person. Raises AdminError."""
    with connection.transaction():
        if add:
            if not _TELEGRAM_ID.fullmatch(who):
                raise AdminError("a new person is known by a Telegram id", "give the number that their bot shows")
            connection.execute(_SQL["add"], {"telegram_id": int(who)})
        return fetch_one(connection, _SQL["set_role"], id=person(connection, who), role=role)
