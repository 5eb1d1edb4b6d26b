"""A bot with many chats, the messages that it accepted, and what became of them."""

import asyncio
import random
import re
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.rows import DictRow, dict_row

from infra.sandbox.server import SandboxServer, running
from infra.sandbox.telegram.journal import Row
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import Kind
from tests.chaos import invariants
from tests.chaos.invariants import Call, History, Lane, Limits
from tests.helpers import arrange, canaries
from tests.helpers.waiting import until

PASSWORD = "canary-database-password-0123456789"
LIMITS = Limits(rate=40, burst=5, pace=1.05)
CHATS = 60
FIRST_CHAT = 880_000_001
ALERTS = 889_999_999
LATENCY_SECONDS = 0.1  # of the stand-in: so that some are always on their way
USUAL = Kind("chaos/usual")
ONCE = Kind("chaos/once", policy="at_most_once")
ASIDE = Kind("chaos/aside", ordered=False)
KINDS = (USUAL, USUAL, ONCE, ASIDE)
PATIENCE_SECONDS = 60.0
UNANSWERED = ("lost", "ambiguous")

_MARKED = re.compile(r"\[(chaos/[^\]]+)\]")
_MESSAGES = """
    select o.id, o.dedup_key as key, o.lane, o.policy, o.state, o.maybe_duplicate, o.out_of_order,
           (select count(*) from platform.outbox_attempts a
            where a.outbox_id = o.id and a.outcome = any(%s))::int as unanswered
    from platform.outbox o order by o.id
"""
_LANES = """
    select l.lane, l.head_due, l.leased_until > clock_timestamp() as leased, (
        select o.due_at from platform.outbox o
        where o.bot_id = l.bot_id and o.lane = l.lane and o.state in ('queued', 'sending')
        order by o.created_at, o.id limit 1) as due
    from platform.lanes l
"""
_LONGEST_RECOVERY = """
    select coalesce(max(extract(epoch from a.ended_at - a.started_at)), 0)::float8 as seconds
    from platform.outbox_attempts a where a.outcome = 'lost'
"""


def with_password(url: str) -> str:
    """The address with a password that no log may show; a server that asks for none ignores it."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return url if ":" in user or not at else urlunsplit(parts._replace(netloc=f"{user}:{PASSWORD}@{host}"))


class Scene:
    """Where a scenario plays."""

    def __init__(self, direct_url: str, sandbox: SandboxServer, printed: Path, chance: random.Random) -> None:
        """`direct_url` is for looking; functions may go another way."""
        self.connection: psycopg.Connection[DictRow] = psycopg.connect(
            direct_url, autocommit=True, row_factory=dict_row
        )
        self.sandbox = sandbox
        self.chance = chance
        self.printed = printed / f"chaos-{uuid.uuid4().hex[:8]}"
        self.printed.mkdir()
        self.disturbances = 0
        self.late = History.late
        self.accepted: set[str] = set()
        self._direct_url = direct_url
        self.bot = arrange.bot(
            self.connection,
            name="chaos",
            rate_per_second=LIMITS.rate,
            burst=LIMITS.burst,
            private_pace=f"{LIMITS.pace} seconds",
            alert_chat_id=ALERTS,
        )

    def reconnect(self) -> None:
        """After Postgres was away."""
        self.connection.close()
        self.connection = psycopg.connect(self._direct_url, autocommit=True, row_factory=dict_row)

    async def accept(self, number: int) -> None:
        """Enqueue `number` messages, spread over the chats by chance."""
        chats = [FIRST_CHAT + self.chance.randrange(CHATS) for _ in range(number)]
        await self.accept_for(*((chat, self.chance.choice(KINDS)) for chat in chats))

    async def accept_for(self, *wanted: tuple[int, Kind]) -> list[str]:
        """Enqueue a message for each chat and kind; their keys."""
        keys = [f"chaos/{len(self.accepted) + number}" for number in range(len(wanted))]
        messages = [
            Message(
                bot_id=self.bot,
                chat_id=chat,
                kind=kind,
                dedup_key=key,
                payload={"text": f"{canaries.ANSWER} [{key}]"},
                correlation_id=key,
            )
            for key, (chat, kind) in zip(keys, wanted, strict=True)
        ]
        url = self._direct_url
        async with await psycopg.AsyncConnection.connect(url, autocommit=True, row_factory=dict_row) as connection:
            self.accepted |= (await enqueue(connection, messages)).keys()
        return keys

    async def calls(self, number: int, seconds: float = 30.0) -> None:
        """Wait until the stand-in has had `number` calls."""
        await until(lambda: self.arrived >= number, seconds, f"call {number}")

    @property
    def arrived(self) -> int:
        """How many calls the stand-in has had."""
        return len(self.sandbox.telegram.journal)

    def one(self, query: str, *values: object) -> DictRow:
        """The first row of a query."""
        row = self.connection.execute(query, values).fetchone()
        assert row is not None
        return row

    def row(self, key: str) -> DictRow:
        """A message's row."""
        return self.one("select * from platform.outbox where dedup_key = %s", key)

    def waiting(self) -> int:
        """How many messages have not ended."""
        query = "select count(*)::int as n from platform.outbox where state in ('queued', 'sending')"
        return int(self.one(query)["n"])

    async def drained(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until every message has ended, and the lanes are free."""
        end = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < end, f"{self.waiting()} messages never ended"
            await asyncio.sleep(0.1)

    def longest_recovery(self) -> float:
        """The longest that a message was with a dispatcher who died, until another took it over."""
        return float(self.one(_LONGEST_RECOVERY)["seconds"])

    def history(self) -> History:
        """All that there is to look at."""
        messages = self.connection.execute(_MESSAGES, (list(UNANSWERED),)).fetchall()
        return History(
            accepted=frozenset(self.accepted),
            messages=[invariants.Message(**row) for row in messages],
            lanes=[Lane(**row) for row in self.connection.execute(_LANES).fetchall()],
            calls=[_call(row) for row in self.sandbox.telegram.journal.find()],
            limits=LIMITS,
            disturbances=self.disturbances,
            printed=self.printed,
            secrets=(*canaries.ALL, PASSWORD),
            late=self.late,
        )


def _call(row: Row) -> Call:
    marked = _MARKED.search(str(row.params.get("text", "")))
    return Call(row.at, row.chat_id, marked[1] if marked else None, delivered=row.delivered)


@asynccontextmanager
async def playing(direct_url: str, printed: Path, chance: random.Random, port: int = 0) -> AsyncIterator[Scene]:
    """A scene on the migrated database at `direct_url`, with a stand-in for Telegram."""
    async with running(port) as sandbox:
        sandbox.telegram.latency = LATENCY_SECONDS
        scene = Scene(direct_url, sandbox, printed, chance)
        try:
            yield scene
        finally:
            scene.connection.close()
