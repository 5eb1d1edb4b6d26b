"""What can be traced, as people type it."""

import re
from dataclasses import dataclass

FORMS = "write event:12, outbox:7, handover:3 or a correlation id from the logs"
_TARGET = re.compile(r"(event|outbox|handover):(\d{1,18})|([\w-]{8,64})")


@dataclass(frozen=True)
class Target:
    """What is traced: an event, an outbox row, a handover by its number, or a correlation id. One of them is given."""

    event: int | None = None
    outbox: int | None = None
    handover: int | None = None
    correlation: str | None = None


def parse_target(text: str) -> Target:
    """What `event:12`, `outbox:7`, `handover:3` or a correlation id names. Raises ValueError."""
    form = _TARGET.fullmatch(text.strip())
    if not form:
        raise ValueError(FORMS)
    if form[3]:
        return Target(correlation=form[3])
    number = int(form[2])
    match form[1]:
        case "event":
            return Target(event=number)
        case "outbox":
            return Target(outbox=number)
    return Target(handover=number)
