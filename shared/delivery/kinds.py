"""The kinds of messages: what a lost answer means for each, how long it is worth sending."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Policy = Literal["at_least_once", "at_most_once", "idempotent"]


@dataclass(frozen=True)
class Kind:
    """One kind of message, named `system/what`."""

    name: str
    policy: Policy = "at_least_once"
    worth_sending_for: timedelta = timedelta(hours=24)
    ordered: bool = True  # False: a lane of its own per chat, so that it never waits behind a retry


ANSWER_TO_LESSON = Kind("getcourse/answer")
NO_MENTOR = Kind("getcourse/no-mentor", ordered=False)
DEADLINE_APPROACHING = Kind("getcourse/deadline", worth_sending_for=timedelta(hours=12), ordered=False)
