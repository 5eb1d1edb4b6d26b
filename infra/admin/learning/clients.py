"""The API clients of the learning system. Only the hash of a token is kept."""

import re
from datetime import timedelta
from typing import Any

from psycopg import errors
from psycopg.rows import DictRow

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from infra.admin.sources import free_slot
from shared.credentials import secrets
from shared.database import sql

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
MIN_BUDGET, MAX_BUDGET = 2_000, 10**15  # a call takes 1,500 tokens for its reply, and those of its prompt

_SQL = sql.load(__file__)


def check(name: str, daily_tokens: int | None, *, public: bool) -> None:
    """Raises ValueError when a client cannot be called so, or has not the budget that it needs."""
    if not NAME.fullmatch(name):
        raise ValueError("a client's name is made of a-z, 0-9, - and _")
    check_budget(daily_tokens)
    if public and daily_tokens is None:
        raise ValueError(
            "anybody can take a public client's token, so it needs a budget: "
            "add --daily-tokens N (a conversation of twenty questions takes some 60000), or 0 for no model at all"
        )


def check_budget(daily_tokens: int | None) -> None:
    """Raises ValueError when the budget is neither empty, nor 0, nor large enough for one call."""
    if daily_tokens is not None and 0 < daily_tokens < MIN_BUDGET:
        raise ValueError(
            f"no call fits into {daily_tokens} tokens a day: give {MIN_BUDGET} at least, or 0 for no model at all"
        )


def add(connection: Connection, name: str, *, public: bool = False, daily_tokens: int | None = None) -> str:
    """Let a checked client in; its bearer token. Raises AdminError when the name is taken."""
    token = secrets.new_secret()
    with connection.transaction():
        try:
            added = fetch_one(connection, _SQL["add"], name=name, public=public, daily_tokens=daily_tokens)
        except errors.UniqueViolation:
            raise AdminError(
                f"there is a client {name} already", f"give it a new token: carillon learning rotate {name}"
            ) from None
        _store_token(connection, added["id"], 1, token)
    return token


def list_all(connection: Connection) -> list[DictRow]:
    """All clients and what they used today, without their tokens."""
    return fetch(connection, _SQL["list"])


def rotate(connection: Connection, name: str, keep_old_for: timedelta) -> str:
    """Give a client a new bearer token and return it; the old one stays valid for a while, a third replaces the oldest.

    Raises AdminError when there is no such client.
    """
    token = secrets.new_secret()
    with connection.transaction():
        client = find(connection, name)["id"]
        slots = fetch(connection, _SQL["slots"], client=client)
        connection.execute(_SQL["retire"], {"client": client, "keep": keep_old_for})
        _store_token(connection, client, free_slot(slots), token)
    return token


def find(connection: Connection, name: str) -> dict[str, Any]:
    """The id and name of the client that is called so, locked. Raises AdminError."""
    found = fetch(connection, _SQL["find"], name=name)
    if not found:
        known = ", ".join(row["name"] for row in fetch(connection, _SQL["names"]))
        next_step = f"there are: {known}" if known else "add one: carillon learning add-client NAME"
        raise AdminError(f"there is no client {name}", next_step)
    return found[0]


def _store_token(connection: Connection, client: int, slot: int, token: str) -> None:
    connection.execute(_SQL["store_token"], {"client": client, "slot": slot, "hash": secrets.hash_secret(token)})
