"""A burst: the customer's messages that the bot has not read. It is over when they pause for a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.support import delays, wordless
from shared.support.conversations import Conversation
from shared.support.messages import Role

LEASE_SECONDS = 90.0  # longer than any run: who holds a burst for longer is dead
# Who never pauses is answered all the same: what follows from a burst of this age is applied though more has come.
MAX_BURST_AGE = timedelta(seconds=30)
_IGNORED_KINDS = ("reaction", "sticker", "answered_call")  # they ask nothing

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Claim:
    """A conversation leased to this run, for as long as `heard_position`, the last read message, is the same."""

    conversation_id: UUID
    heard_position: int
    leased_until: datetime


@dataclass(frozen=True)
class Question:
    """An unread message that wants an answer. `note` says how late it came, if it came late."""

    id: UUID
    kind: str
    words: str
    readable: str  # the words, or what stands for them; never empty
    media: Mapping[str, Any] | None
    written_at: datetime | None
    came_at: datetime
    note: str

    @property
    def is_backlog(self) -> bool:
        """Whether it was written too long ago for a bot to answer."""
        return delays.is_backlog(self.written_at, self.came_at)

    def was_written_before(self, moment: datetime) -> bool:
        """Whether its gateway says so."""
        return self.written_at is not None and self.written_at < moment

    @property
    def needs_a_person(self) -> bool:
        """Whether a bot can make nothing of it."""
        return wordless.needs_a_person(self.kind, self.words)


@dataclass(frozen=True)
class Burst:
    """Unread messages in the order of their writing, the messages before them, and the desk's prompts by name."""

    claim: Claim
    until: int  # position of the last message
    questions: Sequence[Question]  # none: nothing in it wants an answer
    history: Sequence[tuple[Role, str]] = ()
    prompts: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_at(self) -> datetime:
        """When the first of its messages came."""
        return min(question.came_at for question in self.questions)

    @property
    def texts(self) -> list[str]:
        """The customer's own words, by message."""
        return [question.words for question in self.questions if question.words]

    @property
    def text(self) -> str:
        """All of their words, a message a line."""
        return "\n".join(self.texts)

    @property
    def transcript(self) -> str:
        """All of it as one reads it, a message a line: files by their names, late messages with their time."""
        return "\n".join(f"{question.note}{question.readable}" for question in self.questions)

    @property
    def needs_a_person(self) -> bool:
        """Whether a bot can make nothing of a part of it."""
        return any(question.needs_a_person for question in self.questions)

    @property
    def has_missed_call(self) -> bool:
        """Whether the customer called and nobody answered."""
        return any(question.kind == "call" for question in self.questions)

    @property
    def has_backlog(self) -> bool:
        """Whether a part of it was written too long ago for a bot to answer."""
        return any(question.is_backlog for question in self.questions)

    @property
    def is_backlog(self) -> bool:
        """Whether all of it was: nobody is there who would read an answer now."""
        return all(question.is_backlog for question in self.questions)

    def was_written_before(self, moment: datetime) -> bool:
        """Whether all of it came a day late and was written before `moment`."""
        return all(question.is_backlog and question.was_written_before(moment) for question in self.questions)

    @property
    def follows_a_manager(self) -> bool:
        """Whether the message before it was a manager's, not the bot's."""
        return bool(self.history) and self.history[-1][0] == "manager"


async def claim(connection: Connection, limit: int) -> list[Claim]:
    """Lease up to `limit` conversations whose burst is over."""
    parameters = {"limit": limit, "lease": LEASE_SECONDS}
    return [Claim(**row) for row in await sql.fetch_all(connection, _SQL["claim"], parameters)]


async def read(connection: Connection, claimed: Claim, conversation: Conversation) -> Burst:
    """The burst of a claimed conversation."""
    parameters = {"conversation_id": claimed.conversation_id, "heard_position": claimed.heard_position}
    unread = await sql.fetch_all(
        connection, _SQL["unread"], {**parameters, "delay": delays.SHOWN_AFTER.total_seconds()}
    )
    until = max((row["position"] for row in unread), default=claimed.heard_position)
    waiting = [row for row in unread if row["kind"] not in _IGNORED_KINDS and not row["is_answered"]]
    if not waiting:
        return Burst(claimed, until, [])
    history = await sql.fetch_all(connection, _SQL["history"], parameters)
    prompts = await sql.fetch_all(connection, _SQL["prompts"], {"client_id": conversation.desk.id})
    language = conversation.desk.language
    return Burst(
        claimed,
        until,
        questions=[_question(row, conversation) for row in waiting],
        history=[(row["role"], wordless.readable(row["kind"], row["content"], language)) for row in history],
        prompts={row["name"]: row["text"] for row in prompts},
    )


def _question(row: Mapping[str, Any], conversation: Conversation) -> Question:
    desk = conversation.desk
    return Question(
        id=row["id"],
        kind=row["kind"],
        words=row["content"].strip(),
        readable=wordless.readable(row["kind"], row["content"], desk.language),
        media=row["media"],
        written_at=row["written_at"],
        came_at=row["created_at"],
        note=delays.note(row["kind"], row["written_at"], row["created_at"], desk.timezone, desk.language),
    )


async def release(connection: Connection, claimed: Claim, until: int) -> None:
    """End the lease of a conversation in which nothing up to the position `until` wants an answer."""
    await connection.execute(_SQL["release"], {**_fence(claimed), "until": until})


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
