"""What holds guessers up: a handful of tries for an account and some dozens for an address, then pauses that grow.

Each try takes its row's lock, so tries at once are counted one after the other. An account is counted whether it exists
or not, and by its hash: the answer and its time say nothing about who is known.
"""

import hashlib
from typing import Literal

from functions.salon_pages.session.sessions import Origin
from shared.database import sql
from shared.database.pool import Connection

FREE_TRIES: dict[str, int] = {"account": 5, "address": 30}
PAUSE_SECONDS, MAX_PAUSE_SECONDS = 15, 900  # doubled with each further try
FORGOTTEN_AFTER_SECONDS = 900

_SQL = sql.load(__file__)


async def attempt(connection: Connection, what: Literal["sign-in", "reset"], account: str, origin: Origin) -> int:
    """Count a try; seconds until the next one is allowed, 0 when this one is. Commit it before anything slow.

    Whoever is held up by their address makes no row of any account.
    """
    seconds = await attempt_from(connection, what, origin)
    return seconds or await _try(connection, f"{what} account {account.lower()}", FREE_TRIES["account"])


async def attempt_from(connection: Connection, what: Literal["sign-in", "reset", "telegram"], origin: Origin) -> int:
    """The same for an address alone."""
    return await _try(connection, f"{what} address {origin.address}", FREE_TRIES["address"])


async def forget(connection: Connection, what: Literal["sign-in"], account: str) -> None:
    """The account's owner came in: their own mistakes count no more."""
    await connection.execute(_SQL["forget"], {"key_hash": _hash(f"{what} account {account.lower()}")})


async def _try(connection: Connection, key: str, free_tries: int) -> int:
    parameters = {
        "key_hash": _hash(key), "free_tries": free_tries, "pause": PAUSE_SECONDS, "max_pause": MAX_PAUSE_SECONDS,
        "forgotten_after": FORGOTTEN_AFTER_SECONDS,
    }  # fmt: skip
    return int(await sql.fetch_value(connection, _SQL["try"], parameters))


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
