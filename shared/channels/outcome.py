"""What became of one call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from shared.clients.http import HttpResponse, NoResponse

Result = Literal[
    "sent",  # they took it
    "rate_limited",  # wait `retry_after`, then the same again
    "transient",  # surely not delivered, worth another try
    "ambiguous",  # perhaps delivered
    "bot_refused",  # the token is dead
    "unreachable",  # this chat cannot be written to until they come back (Telegram's: WhatsApp refuses messages)
    "chat_not_ready",  # a group's settings or rights forbid it until somebody changes them
    "migrated",  # the chat has another id now: `moved_to`
    "topic_gone",  # the forum topic does not exist any more
    "topic_closed",
    "unparsable",  # the markup was refused
    "too_long",
    "reply_gone",  # what it replies to does not exist any more
    "bad_request",  # would fail every time
]


@dataclass(frozen=True)
class Outcome:
    """The result, and what is known about it."""

    result: Result
    error_class: str | None = None  # a short, constant word for tables and logs
    http_status: int | None = None
    message_id: int | None = None  # Telegram's
    external_id: str | None = None  # a WhatsApp gateway's; of an album in Telegram all of its numbers
    retry_after: float | None = None
    moved_to: int | None = None
    thread_id: int | None = None  # createForumTopic's
    bot_wide: bool = False  # a limit of the whole account, when the answer says so
    words: str | None = None  # their own, of a refusal: short, and without addresses, names and numbers


def outcome_of(response: HttpResponse | NoResponse, classify: Callable[[HttpResponse], Outcome]) -> Outcome:
    """What `classify` makes of a response. Without one nothing was sent, if there was not even a connection."""
    if isinstance(response, HttpResponse):
        return classify(response)
    if response.stage == "connect":
        return Outcome("transient", "not_connected")
    return Outcome("ambiguous", "no_answer")
