"""What holds of whatever is claimed: the order of lanes, rates, and chats and bots that were told to wait."""

from collections.abc import Iterator, Sequence

from tests.functions.dispatch_notifications.histories.ledger import Held, Ledger
from tests.functions.dispatch_notifications.histories.world import Snapshot

TOLERANCE_SECONDS = 0.02  # clocks are read one after the other


def violations(before: Snapshot, claimed: Sequence[Held], ledger: Ledger) -> list[str]:
    """Everything that does not hold of messages that were claimed just now. Writes down their permits."""
    found: list[str] = []
    for held in claimed:
        found += _order(before, held, ledger)
        found += _patience(held, ledger)
        found += _pace(held, ledger)
    return found + list(_rate(claimed, ledger))


def _order(before: Snapshot, held: Held, ledger: Ledger) -> Iterator[str]:
    """The oldest of its lane, by what we know of who came first."""
    row = before.by_key[held.key]
    if before.heads.get((row["bot_id"], row["lane"])) is not row:
        yield f"{held.key} was not the head of {row['lane']}"
    place = ledger.entries[held.key].place if held.key in ledger.entries else None
    for other in before.live:
        entry = ledger.entries.get(other["key"])
        if (other["bot_id"], other["lane"]) == (row["bot_id"], row["lane"]) and entry:
            is_earlier = entry.message and place is not None and entry.place < place
            if is_earlier and ledger.entries[held.key].message:
                yield f"{held.key} overtook {other['key']}"
    if held.attempt.attempt != row["attempt"] + 1:
        yield f"{held.key} had {row['attempt']} tries, this is {held.attempt.attempt}"


def _patience(held: Held, ledger: Ledger) -> Iterator[str]:
    """A chat, and a bot, wait for as long as they were told."""
    attempt, at = held.attempt, held.permitted_at + TOLERANCE_SECONDS
    if attempt.pace > 0 and at < ledger.resting.get((attempt.bot_id, attempt.chat), 0):
        yield f"{held.key} goes to a chat that has to wait"
    if at < ledger.paused.get(attempt.bot_id, 0):
        yield f"{held.key} goes by a bot that has to wait"


def _pace(held: Held, ledger: Ledger) -> Iterator[str]:
    """Two messages of a chat keep their distance. Who sent nothing with a permit keeps nobody waiting."""
    attempt = held.attempt
    if attempt.pace > 0:
        name = attempt.bot_id, attempt.chat
        if held.permitted_at + TOLERANCE_SECONDS < ledger.next_permits.get(name, 0):
            yield f"{held.key} follows too soon in {attempt.chat}"


def _rate(claimed: Sequence[Held], ledger: Ledger) -> Iterator[str]:
    """No stretch of time has more permits than rate and burst."""
    for held in claimed:
        rate, burst = ledger.rates[held.attempt.bot_id]
        permits = ledger.permits.setdefault(held.attempt.bot_id, [])
        permits.append((held.permitted_at, held.claim_took))
        permits.sort()
        last_at, last_unknown = permits[-1]
        for first, (at, unknown) in enumerate(permits):
            seconds = last_at - at + unknown + last_unknown + TOLERANCE_SECONDS
            if len(permits) - first > burst + rate * seconds:
                yield f"{len(permits) - first} permits of bot {held.attempt.bot_id} within {last_at - at:.2f} s"
