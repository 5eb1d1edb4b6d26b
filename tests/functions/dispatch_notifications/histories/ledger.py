"""What has to be true of each message: written down by those who act, compared with the database by the invariants."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.dispatch_notifications.outbox.attempt import Attempt
from functions.dispatch_notifications.outbox.retry_policy import Decision
from shared.channels.outcome import Outcome
from shared.delivery.enqueue import Message

BASIC_GROUPS = (-500_000_301,)


@dataclass
class Entry:
    """A message of ours. What a redrive begins anew is counted anew."""

    place: int  # in the order of acceptance
    message: Message | None = None  # None: it follows from another (a topic, an alert, a part)
    copies: int = 0  # that may lie in the chat, since it was redriven last
    answered: set[str] = field(default_factory=set)  # attempts that heard "accepted", since then


@dataclass
class Held:
    """A message in the hands of a dispatcher."""

    dispatcher: int
    attempt: Attempt
    key: str
    decided: Decision | None  # by its guard, then how it ends
    claimed_at: float
    lease_ends: float
    ready: bool = False  # its end is known, and can be written down
    external_id: str | None = None
    claim_took: float = 0.0  # seconds: the statement's clock goes on while it runs, so its permits are known no better

    @property
    def permitted_at(self) -> float:
        return self.claimed_at + self.attempt.wait


@dataclass
class Ledger:
    """A history so far. Times are the history's own, which is ahead of the clock."""

    now: Callable[[], float]
    rates: dict[int, tuple[float, int]]  # rate and burst, by bot
    entries: dict[str, Entry] = field(default_factory=dict)
    accepted: int = 0
    held: list[Held] = field(default_factory=list)
    permits: dict[int, list[tuple[float, float]]] = field(default_factory=dict)  # by bot, and what is unknown of each
    next_permits: dict[tuple[int, str], float] = field(default_factory=dict)  # by bot and chat: not before that
    resting: dict[tuple[int, str], float] = field(default_factory=dict)  # until when a chat was told to wait
    paused: dict[int, float] = field(default_factory=dict)  # until when a bot was
    moved: set[int] = field(default_factory=set)  # chats that have another id by now
    limited: list[tuple[float, int, str, float]] = field(default_factory=list)  # when, bot, chat, until

    def accept(self, key: str, message: Message | None = None) -> Entry:
        """Expect a message from now on."""
        if key not in self.entries:
            self.accepted += 1  # and not how many there are: housekeeping takes some
            self.entries[key] = Entry(self.accepted, message)
        return self.entries[key]

    def forget_deleted(self, keys: Collection[str], rows: Mapping[str, Mapping[str, Any]], clock: float) -> None:
        """Housekeeping took messages that ended long ago: their keys are free again."""
        for key in keys:
            ended = {"sent": 30, "cancelled": 30, "dead": 90, "unknown": 90}.get(rows[key]["state"])
            if ended and clock - rows[key]["finished_at"] > ended * 86400:
                self.entries.pop(key, None)

    def renew(self, key: str) -> None:
        """It was redriven: what may lie in the chat already is at the risk of who did that."""
        if key in self.entries:
            self.entries[key].copies = 0
            self.entries[key].answered.clear()

    def note_limit(self, attempt: Attempt, outcome: Outcome, began_at: float, ended_at: float) -> None:
        """A chat was told to wait; when three were within ten seconds, or the gateway means it, the whole bot.

        The database noted it between `began_at` and `ended_at`, seconds after each other on a busy machine.
        """
        until = began_at + (outcome.retry_after or 0)
        name = attempt.bot_id, attempt.chat
        self.resting[name] = max(until, self.resting.get(name, 0))
        chat = str(moves_to(attempt.chat_id)) if attempt.chat_id in BASIC_GROUPS else attempt.chat
        self.limited.append((began_at, attempt.bot_id, chat, until))
        lately = [each for each in self.limited if each[0] > ended_at - 10 and each[1] == attempt.bot_id]
        if outcome.bot_wide or len({chat for _, _, chat, _ in lately}) > 2:
            self.paused[attempt.bot_id] = max(until for _, _, _, until in lately)


def moves_to(chat: int | None) -> int:
    """Which supergroup a basic group becomes."""
    assert chat is not None
    return -1_001_000_000_000 + chat
