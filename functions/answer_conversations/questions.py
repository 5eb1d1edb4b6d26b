"""What a customer wrote that nobody has read, as far as it is read: a decision needs the beginning, a topic more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database import sql
from shared.database.pool import Connection
from shared.support import delays, wordless
from shared.support.conversations import Conversation

_IGNORED_KINDS = ("reaction", "sticker", "answered_call")  # they ask nothing

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Limits:
    """How much is read: messages, the first characters of each, and of all of them together."""

    messages: int
    characters: int
    characters_in_all: int


TO_DECIDE = Limits(messages=50, characters=4_000, characters_in_all=20_000)
# A text of WhatsApp's greatest length is sixteen messages of Telegram; these are 75, which take a group four minutes.
TO_SHOW = Limits(messages=50, characters=65_536, characters_in_all=300_000)


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
class Unread:
    """What was read within limits, in the order of writing, and what is true of all that is unread."""

    questions: Sequence[Question]  # none: nothing in it wants an answer
    count: int  # of those that want an answer, however many were read
    until: int  # position of the last message, the one where reading began if there is none
    first_at: datetime | None  # when the first of them came
    is_backlog: bool  # all of them
    has_missed_call: bool
    is_cut: bool  # there is more than was read


async def read(
    connection: Connection, conversation: Conversation, heard_position: int, limits: Limits = TO_DECIDE
) -> Unread:
    """What came after `heard_position`, within `limits`."""
    parameters = {
        "conversation_id": conversation.conversation_id,
        "heard_position": heard_position,
        "ignored": list(_IGNORED_KINDS),
        "delay": delays.SHOWN_AFTER.total_seconds(),
        "backlog": delays.BACKLOG_AFTER.total_seconds(),
        "messages": limits.messages,
        "characters": limits.characters,
        "characters_in_all": limits.characters_in_all,
    }
    rows = await sql.fetch_all(connection, _SQL["unread"], parameters)
    questions = [_question(row, conversation) for row in rows if row["id"] is not None]
    every = rows[0]
    return Unread(
        questions,
        count=every["count"],
        until=every["until"],
        first_at=every["first_at"],
        is_backlog=every["count"] > 0 and every["count"] == every["backlogged"],
        has_missed_call=every["calls"] > 0,
        is_cut=every["count"] > len(questions) or any(row["is_cut"] for row in rows),
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
