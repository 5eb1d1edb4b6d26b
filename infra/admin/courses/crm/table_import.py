"""One table: its rows are read, weighed against what is there, and written batch by batch."""

from array import array
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from infra.admin.courses.crm import store, values
from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.report import TableReport
from infra.admin.courses.crm.row import Rejected, Row, content, digest
from infra.admin.courses.crm.source import Source
from infra.admin.courses.crm.taken import multirange
from infra.admin.courses.crm.writer import Writer
from infra.admin.database import Connection

BATCH_ROWS = 5000
KEPT_ROWS = 1000  # that are not taken over, or not whole: so many are written at once
MENDED = "mended: "  # how the reason of a row begins that was taken, but for what is kept of it

_SHORT = 50


class Candidate(NamedTuple):
    """A row that may be taken over. `key` is its number in the source, 0 where its pair is its name."""

    key: int
    name: str
    row: Row
    values: Values


class TableImport:
    """Takes a table over, once. `report` says what came of it."""

    def __init__(self, connection: Connection, table: Table, known: Known, writer: Writer | None) -> None:
        """Without a `writer` nothing is written."""
        self._connection, self._table, self._known, self._writer = connection, table, known, writer
        self.report = TableReport(table.name)
        self._taken = store.taken(connection, table)
        self._rejected_before = store.rejected(connection, table)
        self._is_filled = table.pair is not None and store.is_filled(connection, table)
        self._ids = known.of(table.name) if table.has_id and table.pair is None else None  # that are in use
        self._repeated: dict[int, bool] = {}  # ids that rows of the source share: whether one was taken
        self._new = array("q")
        self._kept: dict[tuple[str, str], dict[str, Any]] = {}

    def read(self, source: Source, on_progress: Callable[[int], None]) -> None:
        """Take all rows. `on_progress` gets how many were read since the last time."""
        if self._table.key:
            repeated = source.repeated(self._table.name, self._table.key)
            self._repeated = {number: False for number in repeated if isinstance(number, int)}
        candidates = self._candidates(source)
        if self._table.pair:
            candidates = self._newest(candidates)
        told = 0
        while batch := list(islice(candidates, BATCH_ROWS)):
            self._take(batch)
            on_progress(self.report.read - told)
            told = self.report.read
        on_progress(self.report.read - told)

    def make(self, rows: list[Values]) -> None:
        """Add rows that others name and that were not there: number and name."""
        self.report.made = len(rows)
        if self._writer and rows:
            self._writer.submit(store.copy, self._connection, self._table.name, self._table.columns[:2], rows)

    def finish(self) -> None:
        """Remember what was taken, so that it is taken once."""
        if self._writer:
            self._flush()
            self._writer.submit(store.take, self._connection, self._table, multirange(self._new))
            self._writer.wait()

    def _candidates(self, source: Source) -> Iterator[Candidate]:
        """The rows that can be read and were not taken before."""
        known_columns = {column.lower() for column in self._table.source}
        others = [column for column in source.columns(self._table.name) if column.lower() not in known_columns]
        columns = (*self._table.source, *others)
        order = self._table.pair or ((self._table.key,) if self._table.key else ())
        for cells in source.rows(self._table.name, columns, order):
            self.report.read += 1
            row = Row(dict(zip(columns, cells, strict=True)))
            try:
                candidate = self._read(row)
            except Rejected as rejected:
                self._reject(self._name(row), row, str(rejected))
                continue
            if candidate is None:
                self.report.already_here += 1
                continue
            for column in others:
                if row.has(column):
                    row.drop(column, "is a column that we do not have")
            yield candidate

    def _read(self, row: Row) -> Candidate | None:
        """None when the row was taken before. Raises Rejected."""
        table, key = self._table, 0
        if table.key:
            key = row.id(table.key)
            if self._repeated.get(key):
                row.reject(f"{table.key} is another row's in the file")
            if key in self._taken:
                self._use(key)
                return None
            if self._ids is not None and key in self._ids:
                row.reject("its id is another's here")
        found = table.read(row, self._known)
        if self._repeated:
            self._use(key)
        if self._ids is not None:
            self._ids.add(key)
        return Candidate(key, str(key) if table.key else self._name(row), row, found)

    def _use(self, key: int) -> None:
        if key in self._repeated:
            self._repeated[key] = True

    def _newest(self, candidates: Iterator[Candidate]) -> Iterator[Candidate]:
        """Of rows with the same pair, which come one after the other, the one that was noted last."""
        best: Candidate | None = None
        for candidate in candidates:
            if best is None:
                best = candidate
            elif self._table.pair_of(best.values) != self._table.pair_of(candidate.values):
                yield best
                best = candidate
            else:
                best, other = sorted((best, candidate), key=self._weight, reverse=True)
                self._reject(other.name, other.row, "another row says it of the same, later")
        if best is not None:
            yield best

    def _weight(self, candidate: Candidate) -> tuple[Any, ...]:
        noted = self._table.noted(candidate.values)
        return noted != self._known.now, noted, candidate.key

    def _take(self, batch: list[Candidate]) -> None:
        taken = self._not_there(batch) if self._is_filled else batch
        for candidate in taken:
            row = candidate.row
            self.report.take(row.mends)
            if self._table.key:
                self._new.append(candidate.key)
            if row.dropped:
                reasons = ", ".join(dict.fromkeys(row.mends))
                self._keep(candidate.name, row, f"{MENDED}{reasons}", row.dropped)
        if self._writer:
            rows = [found.values for found in taken]
            self._writer.submit(store.copy, self._connection, self._table.name, self._table.columns, rows)
            if back := [found.name for found in taken if found.name in self._rejected_before]:
                self._writer.submit(store.unreject, self._connection, self._table, back)

    def _not_there(self, batch: list[Candidate]) -> list[Candidate]:
        """Those of which our table says nothing yet."""
        table, left = self._table, []
        if self._writer:
            self._writer.wait()
        pairs = store.there(self._connection, table, [table.pair_of(candidate.values) for candidate in batch])
        used = store.used(self._connection, table, [found.key for found in batch]) if table.has_id else set()
        for candidate in batch:
            if table.pair_of(candidate.values) in pairs:
                if table.key:
                    self._reject(candidate.name, candidate.row, "it is noted here already")
                else:
                    self.report.already_here += 1
            elif candidate.key in used:
                self._reject(candidate.name, candidate.row, "its id is another's here")
            else:
                left.append(candidate)
        return left

    def _reject(self, name: str, row: Row, reason: str) -> None:
        self.report.reject(name, reason)
        self._keep(name, row, reason, row.cells)

    def _keep(self, name: str, row: Row, reason: str, cells: Any) -> None:
        if self._writer:
            row_hash = digest(row.cells).hex()
            record = {"source_row": name, "row_hash": row_hash, "reason": reason, "content": content(cells)}
            self._kept[name, row_hash] = record
            if len(self._kept) >= KEPT_ROWS:
                self._flush()

    def _flush(self) -> None:
        if self._writer and self._kept:
            self._writer.submit(store.reject, self._connection, self._table, list(self._kept.values()))
            self._kept.clear()

    def _name(self, row: Row) -> str:
        """A row as reports call it."""
        columns = (self._table.key,) if self._table.key else self._table.pair or ()
        cells = [row.cells[column] for column in columns]
        return "/".join("?" if values.is_empty(cell) else values.text(cell)[0][:_SHORT] for cell in cells)
