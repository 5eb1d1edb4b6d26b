"""Tokens of sessions, links and resets. What is nobody's costs the database next to nothing, however many send it."""

import asyncio
import re
import time
from collections.abc import Iterable

from shared.credentials.cache import MIN_REFRESH_SECONDS, may_wait
from shared.database import sql
from shared.database.pool import Database
from shared.salon.sign_in_links import hash_of

MAX_SEEN = 10_000  # hashes, some 2 MB
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # of 256 bits

_SQL = sql.load(__file__)


def is_token(text: str) -> bool:
    """Whether `text` can be a token of ours; what cannot costs no query."""
    return _TOKEN.fullmatch(text) is not None


class Tokens:
    """Which tokens are worth a query of their own.

    One that was found before is. All others that come within MIN_REFRESH_SECONDS are looked up by one statement, for
    which their requests wait; where a process serves one request at a time, nobody waits and each is looked up alone.
    """

    def __init__(self, database: Database) -> None:
        """Nothing was found yet."""
        self._database = database
        self._seen: dict[bytes, None] = {}  # the latest last
        self._asked: set[bytes] = set()
        self._search: asyncio.Task[set[bytes]] | None = None  # which more of them can join
        self._next_search_at = float("-inf")
        self._refused = asyncio.Lock()

    async def may_exist(self, token: str) -> bool:
        """Whether `token` may be that of a session, a link or a reset, over or not. Raises DatabaseUnavailable."""
        if not is_token(token):
            return False
        token_hash = hash_of(token)
        if token_hash in self._seen or not may_wait.get():
            return True
        if self._search is None:
            self._asked = set()
            self._search = asyncio.create_task(self._find(self._asked))
            self._search.add_done_callback(_retrieve_exception)  # those who waited may have gone
        self._asked.add(token_hash)
        is_found = token_hash in await asyncio.shield(self._search)
        if not is_found:
            async with self._refused:  # one by one: all at once they would hold up everybody else's requests
                await asyncio.sleep(0)
        return is_found

    async def _find(self, asked: set[bytes]) -> set[bytes]:
        await asyncio.sleep(max(0.0, self._next_search_at - time.monotonic()))
        self._search = None  # whoever comes from now on is in the next one
        self._next_search_at = time.monotonic() + MIN_REFRESH_SECONDS
        parameters = {"hashes": list(asked), "resets": [token_hash.hex() for token_hash in asked]}
        async with self._database.connection() as connection:
            rows = await sql.fetch_all(connection, _SQL["find"], parameters)
        found = {bytes(row["hash"]) for row in rows}
        self._remember(found)
        return found

    def _remember(self, found: Iterable[bytes]) -> None:
        self._seen.update(dict.fromkeys(found))
        for token_hash in list(self._seen)[:-MAX_SEEN]:
            del self._seen[token_hash]


def _retrieve_exception(task: "asyncio.Task[set[bytes]]") -> None:
    """Whoever still waits for it gets the error; asyncio need not log it."""
    if not task.cancelled():
        task.exception()
