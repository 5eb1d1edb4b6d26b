"""A table: what a page shows is what its file has."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from functions.salon_pages.display import cells
from functions.salon_pages.display.cells import Kind
from functions.salon_pages.texts.numbers.periods import TOTAL
from shared.i18n.texts import Language, Text

BOM = "\ufeff"  # by which Excel knows UTF-8
SEPARATOR = ";"  # which a Russian Excel expects, as its decimals have a comma


@dataclass(frozen=True)
class Column:
    """What a column is called, and what its values are."""

    title: Text
    kind: Kind = "text"

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in cells.NUMBERS


@dataclass(frozen=True)
class Row:
    """A value for each column; `href` is where the first one leads, `key` what a button of the row acts on."""

    values: Sequence[Any]
    href: str = ""
    key: str = ""
    is_marked: bool = False  # it wants a look
    share: Decimal | None = None  # in percent, as a bar under the first value


@dataclass(frozen=True)
class Table:
    """Rows under columns. `name` is that of its file; a total has the word for it in its first cell."""

    name: str
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    total: Row | None = None
    notes: Sequence[Text] = field(default=())

    @property
    def is_list(self) -> bool:
        """Whether it has more words than numbers: a phone shows its lines below each other."""
        return sum(not column.is_number for column in self.columns) > len(self.columns) / 2

    def shown(self, row: Row, language: Language) -> list[tuple[Column, str]]:
        """A row's cells on a page."""
        return list(zip(self.columns, self._texts(row, language), strict=True))

    def lines(
        self, rows: Sequence[Row], language: Language, attributes: Callable[[Column], str]
    ) -> Iterator[tuple[Row, tuple[str, str], list[tuple[str, str]]]]:
        """Rows of a page, each with its first cell and the others: the `attributes` of its column, and the text."""
        of_columns = [attributes(column) for column in self.columns]
        for row in rows:
            first, *others = zip(of_columns, self._texts(row, language), strict=True)
            yield row, first, others

    def _texts(self, row: Row, language: Language) -> list[str]:
        return [
            cells.show(value, column.kind, language) for column, value in zip(self.columns, row.values, strict=True)
        ]


def to_csv(table: Table, language: Language) -> bytes:
    """The file of a table, its total included."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    currencies = [
        _currencies(column, [row.values[place] for row in rows]) for place, column in enumerate(table.columns)
    ]
    columns = list(zip(table.columns, currencies, strict=True))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=SEPARATOR, lineterminator="\r\n")
    heads = (cells.headings(column.title.in_(language), column.kind, known, language) for column, known in columns)
    writer.writerow(chain.from_iterable(heads))
    for row in rows:
        values = zip(row.values, columns, strict=True)
        written = [cells.write(value, column.kind, known, language) for value, (column, known) in values]
        if row is table.total:
            written[0][0] = TOTAL.in_(language)
        writer.writerow(chain.from_iterable(written))
    return (BOM + text.getvalue()).encode()


def _currencies(column: Column, values: Sequence[Any]) -> list[str]:
    """Those in a column of money, which has one in a file for each."""
    if column.kind != "money":
        return []
    return sorted({currency for value in values for currency in value or {}}) or [""]
