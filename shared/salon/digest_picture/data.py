"""What the digest's picture is drawn from, as a message's payload holds it."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from shared.i18n.texts import Language

MAX_DAYS = 14
_MAX_LETTERS = 200  # several times what there is room for
_MIN_COLUMNS = 7  # one bar as wide as the picture would say nothing

Count = Annotated[int, Field(ge=0, le=10**9)]

# What the bundled fonts have: Latin and Cyrillic letters, the Kazakh ones too. An emoji would be an empty box.
_LATIN, _CYRILLIC = r" -~\u00a1-\u00ac\u00ae-\u0148\u014a-\u017f", r"\u0400-\u0479\u0480-\u049d\u04a0-\u04ff"
_WITHOUT_GLYPH = re.compile(f"[^{_LATIN}{_CYRILLIC}–—‘’‚“”„•…№]+")


class Day(BaseModel):
    """One local day of a salon; without dialogs its conversion means nothing."""

    day: Annotated[date, Field(ge=date(2000, 1, 1))]
    dialogs: Count
    bookings: Count
    conversion: Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)] | None = None

    @property
    def percent(self) -> float | None:
        """The conversion that is worth showing."""
        return self.conversion if self.dialogs else None


class DigestPicture(BaseModel):
    """The last days of a salon, oldest first."""

    kind: Literal["salon/fortnight"]
    title: str = ""
    language: Language = "ru"
    days: Annotated[list[Day], Field(min_length=1)]

    @field_validator("title")
    @classmethod
    def _as_one_drawable_line(cls, title: str) -> str:
        composed = unicodedata.normalize("NFC", " ".join(title[:_MAX_LETTERS].split()))
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
