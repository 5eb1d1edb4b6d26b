"""How one table is taken over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.row import Row
from shared.payload.timestamps import EARLIEST

Values = tuple[Any, ...]
Read = Callable[[Row, Known], Values]


@dataclass(frozen=True)
class Table:
    """A table of a crm.db, and the columns of ours that `read` answers. It raises Rejected.

    `key` names a row in the source, so that it is taken once; None: its `pair` does. Of rows with the same pair of
    ours, the one that was noted last counts (`noted_at`, then the key).
    """

    name: str
    source: tuple[str, ...]
    columns: tuple[str, ...]
    read: Read
    key: str | None = "id"
    pair: tuple[str, str] | None = None
    noted_at: str | None = None
    refers: dict[str, str] = field(
        default_factory=dict
    )  # columns by which rows that are missing are made: to which table

    @property
    def has_id(self) -> bool:
        """Whether our rows have the ids of the source."""
        return "id" in self.columns

    def pair_of(self, values: Values) -> tuple[int, int]:
        """What there is once in our table."""
        assert self.pair is not None
        first, second = (values[self.columns.index(column)] for column in self.pair)
        return first, second

    def noted(self, values: Values) -> datetime:
        """When it was noted; long ago, when it does not say so."""
        return (values[self.columns.index(self.noted_at)] if self.noted_at else None) or EARLIEST
