"""What the doctor has found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    check: str
    finding: str
    next_step: str = ""
