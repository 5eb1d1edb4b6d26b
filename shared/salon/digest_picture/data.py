"""What the digest's picture is drawn from, as a message's payload holds it.

The same dataclasses write the payload and, through pydantic, read it; whoever writes does not load pydantic.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MinLen

from shared.i18n.texts import Language

MAX_DAYS = 14
_MAX_LETTERS = 200  # several times what there is room for
_MIN_COLUMNS = 7  # one bar as wide as the picture would say nothing

Count = Annotated[int, Ge(0), Le(10**9)]

# What the bundled fonts have: Latin and Cyrillic letters, the Kazakh ones too. An emoji would be an empty box.
_LATIN, _CYRILLIC = r" -~\u00a1-\u00ac\u00ae-\u0148\u014a-\u017f", r"\u0400-\u0479\u0480-\u049d\u04a0-\u04ff"
_WITHOUT_GLYPH = re.compile(f"[^{_LATIN}{_CYRILLIC}–—‘’‚“”„•…№]+")


@dataclass(frozen=True)
class Day:
    """One local day of a salon; without dialogs its conversion means nothing."""

    day: Annotated[date, Ge(date(2000, 1, 1))]
    dialogs: Count
    bookings: Count
    conversion: Annotated[float, Ge(0), Le(10**9)] | None = None

    @property
    def percent(self) -> float | None:
        """The conversion that is worth showing."""
        return self.conversion if self.dialogs else None


@dataclass(frozen=True)
class DigestPicture:
    """The last days of a salon, oldest first."""

    kind: Literal["salon/fortnight"]
    days: Annotated[Sequence[Day], MinLen(1)]
    title: str = ""
    language: Language = "ru"

    def to_payload(self) -> dict[str, Any]:
        """What a message's payload holds under `picture`."""
        days = [{**vars(day), "day": day.day.isoformat()} for day in self.days]
        return {"kind": self.kind, "title": self.title, "language": self.language, "days": days}

    @property
    def drawable_title(self) -> str:
        """The title on one line, in characters that the fonts have."""
        composed = unicodedata.normalize("NFC", " ".join(self.title[:_MAX_LETTERS].split()))
        return " ".join(_WITHOUT_GLYPH.sub("", composed).split())

    @property
    def last(self) -> Day:
        """The day that the digest is about."""
        return max(self.days, key=lambda day: day.day)

    @property
    def columns(self) -> list[tuple[date, Day | None]]:
        """Every calendar day up to the last one, with what is known of it."""
        known = {day.day: day for day in self.days}
        reached = (max(known) - min(known)).days + 1
        count = min(max(reached, _MIN_COLUMNS), MAX_DAYS)
        shown = [max(known) - timedelta(days=back) for back in reversed(range(count))]
        return [(day, known.get(day)) for day in shown]
