"""What holds after each step of every history (docs/delivery.md). Each rule yields sentences about what does not."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.functions.dispatch_notifications.histories.ledger import Ledger
from tests.functions.dispatch_notifications.histories.world import LIVE, Snapshot

DERIVED = ("platform/topic/", "platform/alert/", "platform/started/", "platform/welcome-back/")


@dataclass(frozen=True)
class Step:
    """Before and after something happened, and what those who acted wrote down."""

    before: Snapshot
    after: Snapshot
    ledger: Ledger


def violations(step: Step) -> list[str]:
    """Everything that does not hold."""
    return [sentence for rule in RULES for sentence in rule(step)]


def nothing_is_lost(step: Step) -> Iterator[str]:
    """What was accepted is there until housekeeping takes what ended long ago, which the ledger forgets."""
    for key in step.ledger.entries.keys() - step.after.by_key.keys():
        yield f"{key} was accepted and is gone"


def nothing_is_invented(step: Step) -> Iterator[str]:
    """What nobody enqueued follows from another message."""
    for key in step.after.by_key.keys() - step.ledger.entries.keys():
        if not key.startswith(DERIVED) and "#" not in key:
            yield f"{key} was never accepted"


def what_has_ended_stays(step: Step) -> Iterator[str]:
    """A message that ended changes by a redrive or by news of the gateway alone."""
    for key, was in step.before.by_key.items():
        row = step.after.by_key.get(key)
        if row is None or was["state"] in LIVE or row["redrives"] > was["redrives"]:
            continue
        if all(row[name] == was[name] for name in ("state", "lane", "attempt", "attempt_id", "message_id")):
            continue
        is_news = (was["state"], row["state"]) == ("sent", "dead") and row["external_id"]
        is_given_up = was["method"] == "createForumTopic" and was["state"] == "cancelled"
        if not is_news and not is_given_up:
            yield f"{key} was {was['state']}, and is {row['state']} in {row['lane']}"


def nothing_is_forgotten(step: Step) -> Iterator[str]:
    """Each lane that nobody holds is due when its oldest message is."""
    after = step.after
    for name in after.heads.keys() | after.lanes.keys():
        lane, head = after.lanes.get(name), after.heads.get(name)
        if lane is None:
            yield f"{name} has messages and no row"
            continue
        is_held = lane["leased_until"] > after.clock
        due = head["due_at"] if head else None
        if (lane["head_due"] != due and not is_held) or (head and lane["head_due"] is None):
            yield f"{name} says it is due at {lane['head_due']}, its messages say {due} (now: {after.clock})"


def lanes_are_paced_by_their_chat(step: Step) -> Iterator[str]:
    """A lane without its chat's is never claimed."""
    after = step.after
    for name, head in after.heads.items():
        lane = after.lanes.get(name)
        if not lane:
            continue
        chat = str(head["chat_id"] if head["recipient"] is None else head["recipient"])
        if lane["chat"] != chat or (head["bot_id"], chat) not in after.lanes:
            yield f"{name} is paced by {lane['chat']}, its messages go to {chat}"


def one_of_a_lane_at_a_time(step: Step) -> Iterator[str]:
    """Whoever holds a message under a valid lease is alone in its lane."""
    now = step.ledger.now()
    valid: Counter[tuple[int, str]] = Counter()
    for held in step.ledger.held:
        row = step.after.by_key.get(held.key)
        if row and row["state"] == "sending" and row["attempt_id"] == str(held.attempt.attempt_id):
            valid[row["bot_id"], row["lane"]] += held.lease_ends > now
    yield from (f"{count} are sent at once in {lane}" for lane, count in valid.items() if count > 1)


def copies_are_few_and_flagged(step: Step) -> Iterator[str]:
    """Never twice without the flag, never three times; at most once means once."""
    for row, entry in _known(step):
        most = {"at_most_once": 1, "at_least_once": 2}.get(row["policy"], 1000)
        if entry.copies > most:
            yield f"{row['key']} may lie there {entry.copies} times, {row['policy']}"
        if entry.copies > 1 and not row["maybe_duplicate"] and row["policy"] != "idempotent":
            yield f"{row['key']} may lie there {entry.copies} times, and does not say so"


def sent_means_sent(step: Step) -> Iterator[str]:
    """Sent is what an attempt of ours heard; whatever else ended says when a copy may exist."""
    for row, entry in _known(step):
        if row["state"] == "sent" and row["attempt_id"] not in entry.answered:
            yield f"{row['key']} is sent, and nobody accepted it"
        is_news = row["state"] == "dead" and row["external_id"] is not None
        if row["state"] in ("cancelled", "dead") and entry.copies and not row["maybe_duplicate"] and not is_news:
            yield f"{row['key']} is {row['state']}, and was delivered"


def tries_count_when_they_count(step: Step) -> Iterator[str]:
    """Beside claims, ends of attempts and redrives nothing changes the number of tries."""
    for key, row in step.after.by_key.items():
        was = step.before.by_key.get(key)
        is_same = was and (was["attempt_id"], was["redrives"]) == (row["attempt_id"], row["redrives"])
        if row["attempt"] < 0 or (
            was and is_same and was["state"] == row["state"] and was["attempt"] != row["attempt"]
        ):
            yield f"{key} has {row['attempt']} tries"


def _known(step: Step) -> Iterator[tuple[dict[str, Any], Any]]:
    for key, entry in step.ledger.entries.items():
        if row := step.after.by_key.get(key):
            yield row, entry


RULES: tuple[Callable[[Step], Iterable[str]], ...] = (
    nothing_is_lost,
    nothing_is_invented,
    what_has_ended_stays,
    nothing_is_forgotten,
    lanes_are_paced_by_their_chat,
    one_of_a_lane_at_a_time,
    copies_are_few_and_flagged,
    sent_means_sent,
    tries_count_when_they_count,
)
