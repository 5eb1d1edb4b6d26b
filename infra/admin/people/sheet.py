"""From a CSV file, as Excel and people make them, to rows of cells."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_BYTES = 50_000_000
DELIMITERS = (";", ",", "\t")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class UnreadableSheet(Exception):
    """The file is no CSV file. The text says what to do."""


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where: rows are counted as Excel counts them, the header is row 1."""

    row: int
    column: str | None
    text: str


@dataclass
class Sheet:
    """A CSV file's content; `rows` are (row number, cells), without empty ones."""

    header: list[str]
    header_row: int
    rows: list[tuple[int, list[str]]]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(content: bytes, is_known: Callable[[str], bool]) -> Sheet:
    """The sheet in `content`; `is_known` is whether a column has this title. Raises UnreadableSheet."""
    if len(content) > MAX_BYTES:
        raise UnreadableSheet(f"the file is larger than {MAX_BYTES // 1_000_000} MB: split it")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableSheet("this is an Excel workbook: save it as CSV (Файл → Сохранить как → CSV UTF-8)")
    text, notes = _decode(content)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, offset = first.strip()[4], rest, 1
    else:
        delimiter, offset = _delimiter(text, is_known), 0
    records, problems = _records(text, delimiter, offset)
    filled = [(number, cells) for number, cells in records if any(cell.strip() for cell in cells)]
    if not filled:
        raise UnreadableSheet("the file is empty: its first line names the columns")
    (header_row, header), rows = filled[0], filled[1:]
    header = [title.strip() for title in header]
    while header and not header[-1]:
        header.pop()
    problems += [problem for number, cells in rows if (problem := _wrong_count(number, cells, len(header)))]
    return Sheet(header, header_row, rows, problems, notes)


def _decode(content: bytes) -> tuple[str, list[str]]:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1251"), ["the file is not UTF-8; it was read as Windows Cyrillic (cp1251)"]
    except UnicodeDecodeError:
        raise UnreadableSheet("the file is neither UTF-8 nor cp1251: save it as CSV UTF-8") from None


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """The delimiter that makes most known titles of the first line, else most cells."""
    line = next((line for line in text.splitlines() if line.strip()), "")

    def score(delimiter: str) -> tuple[int, int]:
        titles = next(csv.reader([line], delimiter=delimiter), [])
        return sum(is_known(title) for title in titles), len(titles)

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return ";"


def _records(text: str, delimiter: str, offset: int) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """All records with their row numbers. What follows a field without an end is not readable any more."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        number = len(records) + 1 + offset
        try:
            records.append((number, next(reader)))
        except StopIteration:
            return records, []
        except csv.Error:
            text = f"a quotation mark is not closed, or a cell is longer than {csv.field_size_limit()} characters"
            return records, [Problem(number, None, text)]


def _wrong_count(number: int, cells: list[str], columns: int) -> Problem | None:
    if len(cells) < columns or any(cell.strip() for cell in cells[columns:]):
        return Problem(number, None, f"has {len(cells)} cells where the header has {columns}")
    return None
