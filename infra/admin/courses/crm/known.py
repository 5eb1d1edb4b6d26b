"""What rows may refer to, and what is taken: what is in our database, and what this import adds to it."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Known:
    """Grows while tables are read, in the order in which they refer to each other."""

    zone: str
    now: datetime
    ids: dict[str, set[int]] = field(default_factory=dict)
    claims: dict[str, set[Hashable]] = field(default_factory=dict)
    users_by_telegram: dict[int, int] = field(default_factory=dict)
    topics_by_code: dict[str, int] = field(default_factory=dict)

    def of(self, table: str) -> set[int]:
        """The ids of a table's rows."""
        return self.ids.setdefault(table, set())

    def claim(self, what: str, value: Hashable) -> bool:
        """Whether nobody had `value` yet, of those of which each is there once; from now on somebody has."""
        values = self.claims.setdefault(what, set())
        if value in values:
            return False
        values.add(value)
        return True

    def claim_all(self, what: str, values: Iterable[Hashable]) -> None:
        """Claim what is there already."""
        self.claims.setdefault(what, set()).update(values)
