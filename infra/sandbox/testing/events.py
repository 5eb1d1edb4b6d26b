"""What appeared in the chats of all messengers, in its order, and who waits for something to appear."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_EVENTS = 10_000
MAX_WAITING = 100

Json = dict[str, Any]
Channel = Literal["telegram", "chatflow", "evolution", "whatsapp_cloud"]
Happening = Literal["sent", "edited", "deleted", "toast"]


class TooManyWait(Exception):
    """MAX_WAITING wait already."""


@dataclass(slots=True)
class Event:
    """A message that was sent, edited or deleted, or the toast of a press.

    `owner` is the account, of Telegram the bot (empty when a person writes in a group); `chat` the chat's id or the
    person's number; `message` the message as its messenger has it.
    """

    channel: Channel
    happening: Happening
    owner: str
    chat: str
    from_bot: bool
    kind: str
    text: str
    message: Json
    thread: int | None = None
    n: int = 0
    unix: float = field(default_factory=time.time)

    def public(self) -> Json:
        """The event as JSON."""
        return {
            "n": self.n,
            "unix": self.unix,
            "channel": self.channel,
            "event": self.happening,
            "bot" if self.channel == "telegram" else "account": self.owner,
            "chat": self.chat,
            "thread": self.thread,
            "from_bot": self.from_bot,
            "kind": self.kind,
            "text": self.text,
            "buttons": _buttons(self.message),
            "message": self.message,
        }


class Events:
    """The latest MAX_EVENTS events; `count` is the number of the last one, and never begins again."""

    def __init__(self) -> None:
        self.count = 0
        self._rows: deque[Event] = deque(maxlen=MAX_EVENTS)
        self._waiting: dict[asyncio.Future[Event | None], Callable[[Event], bool]] = {}

    @property
    def waiting_count(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def add(self, event: Event) -> None:
        """Number an event, keep it, and tell those who wait for it."""
        self.count += 1
        event.n = self.count
        self._rows.append(event)
        for waiting, is_wanted in self._waiting.items():
            if not waiting.done() and is_wanted(event):
                waiting.set_result(event)

    def after(self, number: int) -> Iterator[Event]:
        """The events after the one with this number, the oldest first."""
        skipped = max(0, number - (self.count - len(self._rows)))
        return islice(self._rows, skipped, None)

    def latest(self) -> Iterator[Event]:
        """The events, the latest first."""
        return reversed(self._rows)

    @contextmanager
    def waiting(self, is_wanted: Callable[[Event], bool]) -> Iterator[asyncio.Future[Event | None]]:
        """The next event that is wanted; None when the sandbox ends. Raises TooManyWait."""
        if len(self._waiting) >= MAX_WAITING:
            raise TooManyWait
        future: asyncio.Future[Event | None] = asyncio.get_running_loop().create_future()
        self._waiting[future] = is_wanted
        try:
            yield future
        finally:
            del self._waiting[future]

    def clear(self) -> None:
        """Forget what happened; numbers go on."""
        self._rows.clear()

    def end(self) -> None:
        """Let nobody wait any more."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)


def _buttons(message: Json) -> list[Json]:
    """An inline keyboard's buttons, one after the other."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = (button for row in rows for button in row)
    return [
        {"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")} for button in buttons
    ]
