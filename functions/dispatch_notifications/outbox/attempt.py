"""One attempt to send a message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID


class Attempt(NamedTuple):
    """A message that is ours to send now, as `claim` answers it: a tuple, as hundreds are made every second."""

    id: int
    attempt_id: UUID  # the fencing token: whoever finishes it has to name it
    attempt: int  # how many times it was tried, this one included
    bot_id: int
    lane: str
    chat: str  # the lane that paces this one, often itself
    chat_id: int | None
    recipient: str | None
    kind: str
    method: str
    payload: Mapping[str, Any]  # without chat and topic
    policy: str
    topic: str | None
    thread_id: int | None  # the topic's, once it exists
    guard: Mapping[str, Any] | None  # the facts that must still hold
    as_text: bool  # its markup was refused before
    last_error: str | None  # how its previous attempt ended
    correlation_id: str
    send_started_at: datetime
    expired: bool  # no longer worth sending
    taken_over: bool  # a dispatcher died while it was sending it
    may_be_duplicate: bool  # it was resent once already
    blocked: str | None  # why its chat could not be written to, found out less than an hour ago
    pace: float  # seconds that the chat rests afterwards
    wait: float  # seconds until its permit is valid

    @property
    def needs_topic(self) -> bool:
        """Whether its topic does not exist (yet)."""
        return self.topic is not None and self.thread_id is None and self.method != "createForumTopic"
