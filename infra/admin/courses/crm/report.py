"""What an import did, or would do, table by table."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MAX_SHOWN = 100  # rejected rows of a table that are named; all of them are kept in courses.import_rejections


@dataclass
class TableReport:
    """Rows of one table: read = taken + already_here + rejected; mended ones are among the taken."""

    table: str
    read: int = 0
    taken: int = 0
    already_here: int = 0
    rejected: int = 0
    mended: int = 0
    mends: Counter[str] = field(default_factory=Counter)  # by what was changed
    reasons: Counter[str] = field(default_factory=Counter)  # by why they were rejected
    rejected_rows: list[dict[str, str]] = field(default_factory=list)  # the first ones: row, reason
    made: int = 0  # rows that others name and that were not there

    def reject(self, row: str, reason: str) -> None:
        """Count a row that is not taken over."""
        self.rejected += 1
        self.reasons[reason] += 1
        if len(self.rejected_rows) < MAX_SHOWN:
            self.rejected_rows.append({"row": row, "reason": reason})

    def take(self, mends: list[str]) -> None:
        """Count a row that is."""
        self.taken += 1
        if mends:
            self.mended += 1
            self.mends.update(dict.fromkeys(mends, 1))


@dataclass
class Report:
    """All tables, and what else is worth a note."""

    applied: bool
    tables: list[TableReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def total(self, what: str) -> int:
        """The sum of a number over all tables."""
        return sum(getattr(table, what) for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        """The whole report as JSON values."""
        return {"applied": self.applied, "tables": [vars(table) for table in self.tables], "notes": self.notes}
