"""A burst: the customer's messages that the bot has not read. It is over when they pause for a moment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from functions.answer_conversations import questions
from functions.answer_conversations.questions import Question, Unread
from shared.database import sql
from shared.database.pool import Connection
from shared.support import wordless
from shared.support.conversations import Conversation
from shared.support.messages import Role

LEASE_SECONDS = 90.0  # longer than any run: who holds a burst for longer is dead
# Who never pauses is answered all the same: what follows from a burst of this age is applied though more has come.
MAX_BURST_AGE = timedelta(seconds=30)
MAX_ATTEMPTS = 3  # a conversation that failed as often is a person's

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Claim:
    """A conversation leased to this run, for as long as `heard_position`, the last read message, is the same."""

    conversation_id: UUID
    client_id: UUID
    heard_position: int
    leased_until: datetime
    attempts: int  # with this one, since the last that succeeded


@dataclass(frozen=True)
class Burst:
    """Unread messages, the messages before them, and the desk's prompts by name."""

    claim: Claim
    unread: Unread
    history: Sequence[tuple[Role, str]] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def questions(self) -> Sequence[Question]:
        """What was read of it, in the order of writing; none: nothing in it wants an answer."""
        return self.unread.questions

    @property
    def texts(self) -> list[str]:
        """The customer's own words, by message."""
        return [question.words for question in self.questions if question.words]

    @property
    def transcript(self) -> str:
        """All of it as one reads it, a message a line: files by their names, late messages with their time."""
        return "\n".join(f"{question.note}{question.readable}" for question in self.questions)

    @property
    def needs_a_person(self) -> bool:
        """Whether a bot can make nothing of a part of it, or it is longer than what a bot reads."""
        return self.unread.is_cut or any(question.needs_a_person for question in self.questions)

    @property
    def has_backlog(self) -> bool:
        """Whether a part of it was written too long ago for a bot to answer."""
        return any(question.is_backlog for question in self.questions)

    def was_written_before(self, moment: datetime) -> bool:
        """Whether all of it came a day late and was written before `moment`."""
        return all(question.is_backlog and question.was_written_before(moment) for question in self.questions)

    @property
    def follows_a_manager(self) -> bool:
        """Whether the message before it was a manager's, not the bot's."""
        return bool(self.history) and self.history[-1][0] == "manager"


async def claim(
    connection: Connection, limit: int, lease_seconds: float = LEASE_SECONDS, passed_over: Collection[UUID] = ()
) -> list[Claim]:
    """Lease up to `limit` conversations whose burst is over, for so long; each claim is an attempt.

    Those of the desks `passed_over` are left to wait.
    """
    parameters = {"limit": limit, "lease": lease_seconds, "passed_over": list(passed_over)}
    return [Claim(**row) for row in await sql.fetch_all(connection, _SQL["claim"], parameters)]


async def read(connection: Connection, claimed: Claim, conversation: Conversation) -> Burst:
    """The burst of a claimed conversation."""
    unread = await questions.read(connection, conversation, claimed.heard_position)
    if not unread.questions:
        return Burst(claimed, unread)
    parameters = {
        "conversation_id": claimed.conversation_id,
        "heard_position": claimed.heard_position,
        "characters": questions.TO_DECIDE.characters,
    }
    history = await sql.fetch_all(connection, _SQL["history"], parameters)
    prompts = await sql.fetch_all(connection, _SQL["prompts"], {"client_id": conversation.desk.id})
    language = conversation.desk.language
    return Burst(
        claimed,
        unread,
        history=[(row["role"], wordless.readable(row["kind"], row["content"], language)) for row in history],
        prompts={row["name"]: row["text"] for row in prompts},
    )


async def release(connection: Connection, claimed: Claim, until: int) -> bool:
    """End the lease of a conversation in which nothing up to the position `until` wants an answer any more.

    False when it is not this run's any more.
    """
    return (await connection.execute(_SQL["release"], {**_fence(claimed), "until": until})).rowcount > 0


async def mark_read(connection: Connection, burst: Burst) -> bool:
    """Mark the burst's messages as read; False when another run did, or the customer goes on writing.

    Then the whole burst is read again later, unless it is older than MAX_BURST_AGE.
    """
    parameters = {
        **_fence(burst.claim),
        "until": burst.unread.until,
        "first_at": burst.unread.first_at,
        "max_age": MAX_BURST_AGE.total_seconds(),
    }
    is_read = (await connection.execute(_SQL["mark_read"], parameters)).rowcount > 0
    if not is_read:
        await connection.execute(_SQL["forget_attempts"], _fence(burst.claim))
    return is_read


async def forgive(connection: Connection, claims: Sequence[Claim]) -> None:
    """Take these attempts back: it was the database that failed."""
    columns = {"ids": [c.conversation_id for c in claims], "positions": [c.heard_position for c in claims]}
    await connection.execute(_SQL["forgive"], columns)


async def last_position(connection: Connection, claimed: Claim) -> int:
    """Where the customer's last message is."""
    return int(await sql.fetch_value(connection, _SQL["last_position"], _fence(claimed)))


async def classify(connection: Connection, burst: Burst, intent: str, confidence: float) -> None:
    """Store the model's classification at the burst's last message."""
    parameters = {"id": burst.questions[-1].id, "intent": intent, "confidence": confidence}
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
