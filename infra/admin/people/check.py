"""From cells to values: what each column allows, and what is wrong with the rest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.admin.people.sheet import Problem, Sheet
from infra.admin.people.tables import Column, Table
from shared.payload.timestamps import parse_timestamp

EMPTY_MARKER = "-"  # an empty cell leaves a value as it is, a dash takes it away
MAX_INTEGER = 2**63 - 1
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_EXCEL_ERRORS = re.compile(r"[\r\n].*[,;\t]")  # a line break and a separator: what was a row of its own
_SCIENTIFIC = re.compile(r"\d+[.,]?\d*[eеEЕ]\+?\d+")  # 7,12E+09: what Excel makes of long numbers
_DATE_ONLY = re.compile(r"\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4}")
_YES = {"да", "yes", "y", "true", "1", "+", "x", "х", "ушел", "ушла", "left", "v"}
_NO = {"", "нет", "no", "n", "false", "0", EMPTY_MARKER}


@dataclass(frozen=True)
class Row:
    """A row that may be imported. `values` holds only what the file says."""

    number: int
    values: Mapping[str, Any]
    valid_from: datetime | None = None
    ends: datetime | bool | None = None  # True: at the time of the import


@dataclass
class Checked:
    """A sheet's good rows and everything that is wrong or worth a note."""

    table: Table
    rows: list[Row]
    problems: list[Problem]
    notes: list[str]


class InvalidCell(Exception):
    """A cell is not what its column wants. The text says why, without repeating the cell."""


def check(sheet: Sheet, table: Table, timezone: str) -> Checked:
    """The rows of `sheet` as values of `table`; times without an offset are local in `timezone`."""
    columns, problems = _columns(sheet, table)
    known = [column for column in columns if column]
    notes = list(sheet.notes)
    if ignored := [title for title, column in zip(sheet.header, columns, strict=True) if column is None and title]:
        notes.append(f"ignored columns: {', '.join(ignored)}")
    problems += _missing(sheet, table, known) + sheet.problems
    if problems and any(problem.row == sheet.header_row for problem in problems):
        return Checked(table, [], problems, notes)  # without a sound header every row would be wrong
    broken = {problem.row for problem in sheet.problems}
    rows = []
    for number, cells in sheet.rows:
        if number in broken:
            continue
        row, wrong = _row(number, dict(_pairs(columns, cells)), table, timezone)
        problems += wrong
        rows += [row] if row else []
    if not sheet.rows:
        problems.append(Problem(sheet.header_row, None, "there are no rows under the header"))
    return Checked(table, rows, problems, notes)


def _columns(sheet: Sheet, table: Table) -> tuple[list[Column | None], list[Problem]]:
    columns = [table.column(title) for title in sheet.header]
    twice = {column.name for column in columns if column and columns.count(column) > 1}
    return columns, [Problem(sheet.header_row, name, "stands twice in the header") for name in sorted(twice)]


def _missing(sheet: Sheet, table: Table, known: list[Column]) -> list[Problem]:
    names = {column.name for column in known}
    missing = [c.name for c in table.columns if c.required and c.name not in names]
    if table.identity and not names & set(table.identity):
        missing += [] if set(table.identity) & set(missing) else [" or ".join(table.identity)]
    if table.name == "mapping":
        missing += [who for who in ("student", "mentor") if not names & {who, f"{who}_email"}]
    return [Problem(sheet.header_row, name, "this column is missing") for name in missing]


def _pairs(columns: list[Column | None], cells: list[str]) -> list[tuple[Column, str]]:
    return [(column, cell.replace("\xa0", " ").strip()) for column, cell in zip(columns, cells, strict=False) if column]


def _row(number: int, cells: dict[Column, str], table: Table, timezone: str) -> tuple[Row | None, list[Problem]]:
    values: dict[str, Any] = {}
    problems = []
    for column, cell in cells.items():
        try:
            if cell and column.name != "left":
                values[column.name] = None if cell == EMPTY_MARKER else _value(column, cell, timezone)
            elif column.name == "left":
                values["left"] = _left(cell, timezone)
        except InvalidCell as invalid:
            problems.append(Problem(number, column.name, str(invalid)))
        else:
            if column.required and values.get(column.name) is None:
                problems.append(Problem(number, column.name, "must not be empty"))
    if not problems:
        problems = _check_row(number, values, table)
    ends = values.pop("valid_to", None) or values.pop("left", None)
    values.pop("left", None)
    return (None if problems else Row(number, values, values.pop("valid_from", None), ends)), problems


def _check_row(number: int, values: Mapping[str, Any], table: Table) -> list[Problem]:
    if table.identity and not any(values.get(name) for name in table.identity):
        return [Problem(number, " or ".join(table.identity), "must not be empty: it says who this is")]
    if table.name == "mapping":
        return [Problem(number, who, "must not be empty: give a GetCourse id or an e-mail")
                for who in ("student", "mentor") if not values.get(who) and not values.get(f"{who}_email")]  # fmt: skip
    for begin, end in (("starts_at", "ends_at"), ("opens_at", "deadline_at"), ("valid_from", "valid_to")):
        if values.get(begin) and values.get(end) and values[begin] > values[end]:
            return [Problem(number, end, f"lies before {begin}")]
    return []


def _value(column: Column, cell: str, timezone: str) -> Any:
    if any(not c.isprintable() and c not in "\t\r\n" for c in cell):
        raise InvalidCell("holds a character that cannot be stored (NUL or another control character)")
    if _EXCEL_ERRORS.search(cell):
        raise InvalidCell("holds the lines that follow: a quotation mark is not closed")
    if column.kind in ("id", "telegram", "person", "number") and _SCIENTIFIC.fullmatch(cell):
        raise InvalidCell("was rounded by Excel: format the column as text and fill it in again")
    if column.kind in ("instant", "end_of_day"):
        return _instant(column, cell, timezone)
    if column.kind in ("telegram", "number"):
        return _number(column, cell)
    if len(cell) > column.length:
        raise InvalidCell(f"is longer than {column.length} characters")
    if column.kind == "email" and not _EMAIL.fullmatch(cell):
        raise InvalidCell("is not an e-mail address")
    return cell.lstrip("@") if column.name == "username" else cell


def _number(column: Column, cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", cell) or abs(int(cell)) > (
        MAX_INTEGER if column.kind == "telegram" else 2**31 - 1
    ):
        raise InvalidCell(
            "is not a whole number"
            + (": take it from @userinfobot; a name does not do" if column.kind == "telegram" else "")
        )
    if column.kind == "telegram" and int(cell) <= 0:
        raise InvalidCell("is not a person's Telegram id: those are above zero")
    return int(cell)


def _instant(column: Column, cell: str, timezone: str) -> datetime | None:
    if column.name == "valid_to" and re.search(r"9999", cell):
        return None  # "for ever", as other tables write it
    moment = parse_timestamp(cell, timezone)
    if moment is None or cell.isdecimal():
        raise InvalidCell("is not a date: write 2026-01-15, 15.01.2026 or 15.01.2026 18:30")
    if column.kind == "end_of_day" and _DATE_ONLY.fullmatch(cell):
        return moment + timedelta(days=1, seconds=-1)  # a deadline without a time is over when its day is
    return moment


def _left(cell: str, timezone: str) -> datetime | bool | None:
    word = cell.casefold().replace("ё", "е")
    if word in _NO or word in _YES:
        return word in _YES or None
    if cell.isdecimal() or (moment := parse_timestamp(cell, timezone)) is None:
        raise InvalidCell("is neither a date nor yes or no (да, нет)")
    return moment
