"""What the doctor has found."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One line of the report. `subject` is whom it is about: a bot, a desk, a source; empty: all of the area."""

    status: Status
    area: str
    message: str
    next_step: str = ""
    subject: str = ""
