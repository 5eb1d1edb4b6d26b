"""What must hold once everything has drained, whatever was killed on the way.

Each invariant is a rule over a plain history, so that test_invariants.py can show of each that it fails when it should.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

ENDED = ("sent", "dead", "cancelled", "unknown")
SLIDING_SECONDS = 1.0


@dataclass(frozen=True)
class Message:
    """A row of the outbox."""

    id: int
    key: str
    lane: str
    policy: str
    state: str
    maybe_duplicate: bool
    out_of_order: bool
    unanswered: int  # attempts of it that were lost with their dispatcher, or got no answer


@dataclass(frozen=True)
class Lane:
    """A row of platform.lanes, and what it should say."""

    lane: str
    head_due: datetime | None
    due: datetime | None  # of the oldest live row
    leased: bool


@dataclass(frozen=True)
class Call:
    """A call as it came in at the stand-in."""

    at: float
    chat: int | None
    key: str | None  # of the message, when it is one of the test's
    delivered: bool


@dataclass(frozen=True)
class Limits:
    """What the bot may send."""

    rate: float
    burst: int
    pace: float


@dataclass(frozen=True)
class History:
    """All that is left to look at."""

    accepted: frozenset[str]
    messages: Sequence[Message]
    lanes: Sequence[Lane]
    calls: Sequence[Call]
    limits: Limits
    disturbances: int  # kills, stops, lost answers
    printed: Path
    secrets: Sequence[str]
    late: float = 0.25  # seconds that a call may come after its permit: a busy machine, not a broken rule


def violations(history: History) -> list[str]:
    """Everything that does not hold, each in a sentence."""
    return [said for rule in RULES for said in rule(history)]


def duplicates(history: History) -> dict[str, int]:
    """How many copies too many arrived, by message."""
    copies = Counter(call.key for call in history.calls if call.delivered and call.key)
    return {key: number - 1 for key, number in copies.items() if number > 1}


def most_in_a_second(history: History, seconds: float = SLIDING_SECONDS) -> int:
    """The most calls in any `seconds`."""
    times = sorted(call.at for call in history.calls)
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def everything_accepted_has_ended(history: History) -> Iterator[str]:
    """Accepted = sent + dead + cancelled + unknown."""
    for missing in sorted(history.accepted - {message.key for message in history.messages}):
        yield f"{missing} was accepted and is gone"
    for message in history.messages:
        if message.state not in ENDED:
            yield f"{message.key} is still {message.state}"


def what_is_sent_arrived(history: History) -> Iterator[str]:
    """Nobody says sent of what never was."""
    arrived = {call.key for call in history.calls if call.delivered}
    for message in history.messages:
        if message.key in history.accepted and message.state == "sent" and message.key not in arrived:
            yield f"{message.key} is sent, and never arrived"


def what_arrived_was_meant(history: History) -> Iterator[str]:
    """Nothing arrives that nobody accepted."""
    for key in sorted({call.key for call in history.calls if call.key} - history.accepted):
        yield f"{key} arrived, and was never accepted"


def duplicates_are_flagged(history: History) -> Iterator[str]:
    """A copy too many is never silent."""
    flagged = {message.key for message in history.messages if message.maybe_duplicate}
    for key in sorted(duplicates(history).keys() - flagged):
        yield f"{key} arrived twice, and is not flagged"


def duplicates_have_a_cause(history: History) -> Iterator[str]:
    """At most one further copy for each attempt that died or got no answer, and one further copy in all."""
    unanswered = {message.key: message.unanswered for message in history.messages}
    for key, number in duplicates(history).items():
        if number > min(unanswered.get(key, 0), 1):
            yield f"{key} has {number} copies too many after {unanswered.get(key, 0)} unanswered attempts"


def nothing_is_flagged_without_a_disturbance(history: History) -> Iterator[str]:
    """The flag means something."""
    flagged = sorted(message.key for message in history.messages if message.maybe_duplicate)
    if flagged and not history.disturbances:
        yield f"nothing happened, and yet flagged: {flagged}"


def at_most_once_is_never_twice(history: History) -> Iterator[str]:
    """Broadcasts and the like."""
    twice = duplicates(history)
    for message in history.messages:
        if message.policy == "at_most_once" and message.key in twice:
            yield f"{message.key} may go once, and arrived {twice[message.key] + 1} times"


def lanes_keep_their_order(history: History) -> Iterator[str]:
    """First copies arrive in the order of acceptance; what was parked stands aside."""
    place: dict[str | None, int] = {}
    for number, call in enumerate(history.calls):
        if call.delivered:
            place.setdefault(call.key, number)
    by_lane: dict[str, list[Message]] = defaultdict(list)
    for message in sorted(history.messages, key=lambda message: message.id):
        if message.key in place and not message.out_of_order:
            by_lane[message.lane].append(message)
    for lane in by_lane.values():
        for earlier, later in pairwise(lane):
            if place[earlier.key] > place[later.key]:
                yield f"{later.key} overtook {earlier.key}"


def the_bot_keeps_its_rate(history: History) -> Iterator[str]:
    """No sliding second has more calls than rate and burst, refused and repeated ones included."""
    limits = history.limits
    most = most_in_a_second(history, SLIDING_SECONDS - history.late)
    if most > limits.rate + limits.burst:
        yield f"{most} calls in a second, of {limits.rate:g} and a burst of {limits.burst}"


def chats_keep_their_pace(history: History) -> Iterator[str]:
    """Two messages of one chat keep their distance."""
    by_chat: dict[int | None, list[Call]] = defaultdict(list)
    for call in history.calls:
        by_chat[call.chat].append(call)
    for calls in by_chat.values():
        for earlier, later in pairwise(calls):
            if later.at - earlier.at < history.limits.pace - history.late:
                yield f"{earlier.key} and {later.key} went to one chat within {later.at - earlier.at:.2f} s"


def no_lane_is_stuck(history: History) -> Iterator[str]:
    """Each lane agrees with its rows, and nobody holds it."""
    for lane in history.lanes:
        if lane.head_due != lane.due:
            yield f"lane {lane.lane} says {lane.head_due}, its rows say {lane.due}"
        if lane.leased:
            yield f"lane {lane.lane} is still leased"


def nothing_secret_was_printed(history: History) -> Iterator[str]:
    """Tokens, passwords and texts stay out of the logs."""
    for path in sorted(history.printed.rglob("*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, secret in enumerate(history.secrets):
            if secret in text:
                yield f"{path.name} has secret {number}"


RULES: tuple[Callable[[History], Iterable[str]], ...] = (
    everything_accepted_has_ended,
    what_is_sent_arrived,
    what_arrived_was_meant,
    duplicates_are_flagged,
    duplicates_have_a_cause,
    nothing_is_flagged_without_a_disturbance,
    at_most_once_is_never_twice,
    lanes_keep_their_order,
    the_bot_keeps_its_rate,
    chats_keep_their_pace,
    no_lane_is_stuck,
    nothing_secret_was_printed,
)
