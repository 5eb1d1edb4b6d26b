"""A burst: what a client has written since the bot last looked. It is over when they have been quiet for a moment."""

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
# Somebody who never pauses is answered all the same: what is thought about a burst of this age is not thrown away.
MAX_BURST_AGE = timedelta(seconds=30)
UNREADABLE = ("image", "video", "audio", "voice", "document")  # the bot cannot look into files
_WORDLESS = ("reaction", "sticker")  # they ask nothing

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Claim:
    """A conversation that is ours to think about, as far as `heard_position` has not moved on."""

    conversation_id: UUID
    heard_position: int
    leased_until: datetime


@dataclass(frozen=True)
class Burst:
    """What was written, what was said before, and the prompts that count for this client."""

    claim: Claim
    upto: int  # the last position
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
        """Whether it answers a person's words, not the bot's."""
        return bool(self.history) and self.history[-1][0] == "manager"


async def claim(connection: Connection, most: int) -> list[Claim]:
    """Take up to `most` conversations whose burst is over. Nobody else takes them for a while."""
    parameters = {"most": most, "lease": LEASE_SECONDS}
    rows = await (await connection.execute(_SQL["claim"], parameters)).fetchall()
    return [Claim(**row) for row in rows]


async def read(connection: Connection, claimed: Claim, conversation: Conversation) -> Burst | None:
    """The burst of a claimed conversation; None when there is nothing in it that asks for anything."""
    parameters = {"conversation_id": claimed.conversation_id, "heard_position": claimed.heard_position}
    rows = await (await connection.execute(_SQL["unheard"], parameters)).fetchall()
    said = [row for row in rows if row["kind"] not in _WORDLESS]
    if not said:
        return None
    before = await (await connection.execute(_SQL["history"], parameters)).fetchall()
    prompts = await (await connection.execute(_SQL["prompts"], {"client_id": conversation.client.id})).fetchall()
    return Burst(
        claimed,
        upto=rows[-1]["position"],
        last_id=said[-1]["id"],
        first_at=said[0]["created_at"],
        texts=[text for row in said if (text := row["content"].strip())],
        has_files=any(row["kind"] in UNREADABLE for row in said),
        history=[(row["role"], row["content"]) for row in before],
        prompts={row["name"]: row["text"] for row in prompts},
    )


async def files(connection: Connection, burst: Burst) -> list[dict[str, Any]]:
    """The files in a burst: id of the message, kind and media, in order."""
    parameters = {
        "conversation_id": burst.claim.conversation_id,
        "heard_position": burst.claim.heard_position,
        "upto": burst.upto,
    }
    return await (await connection.execute(_SQL["files"], parameters)).fetchall()


async def release(connection: Connection, claimed: Claim) -> None:
    """There is nothing to answer."""
    await connection.execute(_SQL["leave"], _fence(claimed))


async def mark_read(connection: Connection, burst: Burst) -> bool:
    """Note that the burst was considered; False when somebody else did, or the client goes on writing.

    Who goes on writing is heard again as a whole, unless they have waited for long.
    """
    parameters = {
        **_fence(burst.claim),
        "upto": burst.upto,
        "first_at": burst.first_at,
        "patience": MAX_BURST_AGE.total_seconds(),
    }
    return (await connection.execute(_SQL["hear"], parameters)).rowcount > 0


async def classify(connection: Connection, burst: Burst, intent: str, confidence: float) -> None:
    """Write down what the model made of the burst, at its last message."""
    parameters = {"id": burst.last_id, "intent": intent, "confidence": confidence}
    await connection.execute(_SQL["classify"], parameters)


async def next_due_in(connection: Connection) -> float | None:
    """Seconds until the next burst is over; None: nobody writes."""
    row = await (await connection.execute(_SQL["next_due_in"])).fetchone()
    return row["seconds"] if row else None


async def waiting(connection: Connection) -> int:
    """How many conversations wait for an answer."""
    row = await (await connection.execute(_SQL["waiting"])).fetchone()
    return int(row["waiting"]) if row else 0


def _fence(claimed: Claim) -> dict[str, Any]:
    return {
        "conversation_id": claimed.conversation_id,
        "heard_position": claimed.heard_position,
        "leased_until": claimed.leased_until,
    }
