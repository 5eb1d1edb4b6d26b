"""A burst: the customer's messages that the bot has not read. It is over when they pause for a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.support.conversations import Conversation
from shared.support.messages import Role

LEASE_SECONDS = 90.0  # longer than any run: who holds a burst for longer is dead
# Who never pauses is answered all the same: what follows from a burst of this age is applied though more has come.
MAX_BURST_AGE = timedelta(seconds=30)
FILE_KINDS = ("image", "video", "audio", "voice", "document")  # the bot cannot read them
_IGNORED_KINDS = ("reaction", "sticker")  # they ask nothing

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Claim:
    """A conversation leased to this run, for as long as `heard_position`, the last read message, is the same."""

    conversation_id: UUID
    heard_position: int
    leased_until: datetime


@dataclass(frozen=True)
class Burst:
    """Unread messages, the messages before them, and the desk's prompts by name."""

    claim: Claim
    until: int  # position of the last message
    last_id: UUID
    first_at: datetime
    texts: Sequence[str]
    has_files: bool
    history: Sequence[tuple[Role, str]]
    prompts: Mapping[str, str]

    @property
    def text(self) -> str:
        """All of it, a message a line."""
        return "\n".join(self.texts)

    @property
    def follows_a_manager(self) -> bool:
        """Whether the message before it was a manager's, not the bot's."""
        return bool(self.history) and self.history[-1][0] == "manager"


async def claim(connection: Connection, limit: int) -> list[Claim]:
    """Lease up to `limit` conversations whose burst is over."""
    parameters = {"limit": limit, "lease": LEASE_SECONDS}
    return [Claim(**row) for row in await sql.fetch_all(connection, _SQL["claim"], parameters)]


async def read(connection: Connection, claimed: Claim, conversation: Conversation) -> Burst | None:
    """The burst of a claimed conversation; None when nothing in it wants an answer."""
    parameters = {"conversation_id": claimed.conversation_id, "heard_position": claimed.heard_position}
    unread = await sql.fetch_all(connection, _SQL["unread"], parameters)
    questions = [row for row in unread if row["kind"] not in _IGNORED_KINDS]
    if not questions:
        return None
    history = await sql.fetch_all(connection, _SQL["history"], parameters)
    prompts = await sql.fetch_all(connection, _SQL["prompts"], {"client_id": conversation.desk.id})
    return Burst(
        claimed,
        until=unread[-1]["position"],
        last_id=questions[-1]["id"],
        first_at=questions[0]["created_at"],
        texts=[text for row in questions if (text := row["content"].strip())],
        has_files=any(row["kind"] in FILE_KINDS for row in questions),
        history=[(row["role"], row["content"]) for row in history],
        prompts={row["name"]: row["text"] for row in prompts},
    )


async def files(connection: Connection, burst: Burst) -> list[dict[str, Any]]:
    """The files in a burst: id of the message, kind and media, in order."""
    parameters = {
        "conversation_id": burst.claim.conversation_id,
        "heard_position": burst.claim.heard_position,
        "until": burst.until,
    }
    return await sql.fetch_all(connection, _SQL["files"], parameters)


async def release(connection: Connection, claimed: Claim) -> None:
    """End the lease of a conversation in which there is nothing to answer."""
    await connection.execute(_SQL["release"], _fence(claimed))


async def mark_read(connection: Connection, burst: Burst) -> bool:
    """Mark the burst's messages as read; False when another run did, or the customer goes on writing.

    Then the whole burst is read again later, unless it is older than MAX_BURST_AGE.
    """
    parameters = {
        **_fence(burst.claim),
        "until": burst.until,
        "first_at": burst.first_at,
        "max_age": MAX_BURST_AGE.total_seconds(),
    }
    return (await connection.execute(_SQL["mark_read"], parameters)).rowcount > 0


async def classify(connection: Connection, burst: Burst, intent: str, confidence: float) -> None:
    """Store the model's classification at the burst's last message."""
    parameters = {"id": burst.last_id, "intent": intent, "confidence": confidence}
    await connection.execute(_SQL["classify"], parameters)


async def next_due_in(connection: Connection) -> float | None:
    """Seconds until the next burst is over, negative when one is; None: there is none."""
    seconds: float | None = await sql.fetch_value(connection, _SQL["next_due_in"])
    return seconds


async def waiting(connection: Connection) -> int:
    """How many conversations wait for an answer."""
    return int(await sql.fetch_value(connection, _SQL["waiting"]))


def _fence(claimed: Claim) -> dict[str, Any]:
    """Parameters by which a statement finds the conversation only while the lease is still this run's."""
    return {
        "conversation_id": claimed.conversation_id,
        "heard_position": claimed.heard_position,
        "leased_until": claimed.leased_until,
    }
