"""The kinds of messages: what a lost answer means for each, how urgent it is, how long it is worth sending."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Policy = Literal["at_least_once", "at_most_once", "idempotent"]
Priority = Literal["urgent", "normal", "bulk"]

RANKS: dict[Priority, int] = {"urgent": 0, "normal": 1, "bulk": 2}  # as platform.outbox.priority stores them


@dataclass(frozen=True)
class Kind:
    """One kind of message, named `system/what`."""

    name: str
    policy: Policy = "at_least_once"
    worth_sending_for: timedelta = timedelta(hours=24)
    ordered: bool = True  # False: a lane of its own per chat, so that it never waits behind a retry
    priority: Priority = "normal"  # bulk: a broadcast, which never takes more than half of a bot's rate


ANSWER_TO_LESSON = Kind("getcourse/answer")
NO_MENTOR = Kind("getcourse/no-mentor", ordered=False)
DEADLINE_APPROACHING = Kind("getcourse/deadline", worth_sending_for=timedelta(hours=12), ordered=False)

ALERT = Kind("platform/alert", ordered=False, priority="urgent")
TOPIC = Kind("platform/topic", priority="urgent")
WELCOME_BACK = Kind("platform/welcome-back", ordered=False, priority="urgent")
