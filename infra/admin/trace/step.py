"""One step of a trace."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Step:
    """Something that happened. `at` is None for what has not happened yet; `gap_seconds` is since the step before."""

    at: datetime | None
    what: str
    detail: str
    gap_seconds: float | None = None
