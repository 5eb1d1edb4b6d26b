"""One row of a crm.db, read column by column."""

import hashlib
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from typing import Any, NoReturn, TypeVar

from infra.admin.courses.crm import values
from infra.admin.courses.crm.values import Note, Unreadable

PRIVATE = "password"  # the column that is copied nowhere
MAX_INDEXED = 255  # characters of what is in an index

Value = TypeVar("Value")


class Rejected(Exception):
    """A row that cannot be taken over. The text says why, without repeating its cells."""


class Row:
    """Reads cells by their column, and notes what was changed (`mends`) and what was left out (`dropped`)."""

    __slots__ = ("cells", "dropped", "mends")

    def __init__(self, cells: Mapping[str, Any]) -> None:
        """`cells` are as SQLite has them, texts as bytes."""
        self.cells = cells
        self.mends: list[str] = []
        self.dropped: dict[str, Any] = {}

    def mend(self, reason: str) -> None:
        """Note that something is not as it stood."""
        self.mends.append(reason)

    def drop(self, column: str, reason: str) -> None:
        """Note that a cell is left out."""
        self.mends.append(f"{column} {reason}")
        self.dropped[column] = self.cells[column]

    def reject(self, reason: str) -> NoReturn:
        """Raises Rejected."""
        raise Rejected(reason)

    def has(self, column: str) -> bool:
        """Whether there is anything in a cell. A word for nothing is noted."""
        cell = self.cells[column]
        if cell is None or values.is_empty(cell):
            return False
        if values.is_none_word(cell):
            self.mend(f"{column} said «None»")
            return False
        return True

    def text(self, column: str) -> str | None:
        """A text as it stands."""
        if not self.has(column):
            return None
        found, note = values.text(self.cells[column])
        if note:
            self.drop(column, f"had {note}")
        return found

    def line(self, column: str, limit: int | None = None) -> str | None:
        """A text without spaces around it; what is longer than `limit` is cut."""
        found = self.text(column)
        if found is None:
            return None
        if (line := found.strip()) != found:
            self.mend(f"{column} had spaces around it")
        if limit is not None and len(line) > limit:
            self.drop(column, "was cut")
            line = line[:limit].strip()
        return line or None

    def integer(self, column: str) -> int | None:
        """A whole number; what is none is left out."""
        cell = self.cells[column]
        if isinstance(cell, int):
            return cell
        return self._read(column, values.integer) if self.has(column) else None

    def id(self, column: str) -> int:
        """A number that names a row. Raises Rejected."""
        number = self.integer(column)
        if number is None or not 0 < number <= values.MAX_ID:
            raise Rejected(f"{column} is no number of a row")
        return number

    def reference(self, column: str, known: AbstractSet[int]) -> int | None:
        """The row that a column names; one that is not there is left out."""
        number = self.integer(column)
        if number is None or number in known:
            return number
        self.drop(column, "names a row that is not there")
        return None

    def owner(self, column: str, known: AbstractSet[int]) -> int:
        """The row that this one is nothing without. Raises Rejected."""
        number = self.id(column)
        if number not in known:
            raise Rejected(f"{column} names a row that is not there")
        return number

    def day(self, column: str) -> date | None:
        """A date; what is none is left out."""
        return self._noted(column, values.day)

    def time_of_day(self, column: str) -> time | None:
        """A time of day; what is none is left out."""
        return self._noted(column, values.time_of_day)

    def instant(self, column: str, zone: str = "UTC") -> datetime | None:
        """A moment, without an offset local in `zone`; what is none is left out."""
        usual = values.usual_instant(self.cells[column]) if zone == "UTC" else None
        return usual or self._noted(column, lambda cell: values.instant(cell, zone))

    def choice(self, column: str, choices: AbstractSet[str], otherwise: str) -> str:
        """One of the words `choices`, in any case; what is none is left out for `otherwise`."""
        written = self.line(column)
        word = (written or otherwise).lower()
        if word in choices:
            return word
        self.drop(column, "is none that we know")
        return otherwise

    def _read(self, column: str, read: Callable[[Any], Value]) -> Value | None:
        try:
            return read(self.cells[column])
        except Unreadable:
            self.drop(column, "cannot be read")
            return None

    def _noted(self, column: str, read: Callable[[Any], tuple[Value, Note]]) -> Value | None:
        if not self.has(column):
            return None
        found = self._read(column, read)
        if found is None:
            return None
        value, note = found
        if note:
            self.mend(f"{column} was {note}")
        return value


def content(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells for the record, but for passwords."""
    return {name: values.as_json(cell) for name, cell in cells.items() if name.lower() != PRIVATE and cell is not None}


def digest(cells: Mapping[str, Any]) -> bytes:
    """By which a row is recognised when it comes again."""
    shown = {name: cell for name, cell in cells.items() if name.lower() != PRIVATE}
    return hashlib.sha256(repr(sorted(shown.items())).encode("utf-8", "backslashreplace")).digest()
