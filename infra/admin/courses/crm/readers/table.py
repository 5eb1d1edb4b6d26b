"""How one table is taken over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import itemgetter
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

    @cached_property
    def has_id(self) -> bool:
        """Whether our rows have the ids of the source."""
        return "id" in self.columns

    @cached_property
    def pair_of(self) -> Callable[[Values], tuple[int, int]]:
        """What there is once in our table, of a row's values."""
        assert self.pair is not None
        return itemgetter(*map(self.columns.index, self.pair))

    def noted(self, values: Values) -> datetime:
        """When it was noted; long ago, when it does not say so."""
        return (values[self.columns.index(self.noted_at)] if self.noted_at else None) or EARLIEST
