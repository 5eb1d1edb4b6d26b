"""What an import would do: rows and current versions in, changes out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from infra.admin.people.check import Row
from infra.admin.people.sheet import Problem
from infra.admin.people.tables import Table

Action = Literal["new", "changed", "ends", "unchanged", "skipped"]


@dataclass(frozen=True)
class Known:
    """The newest version of somebody or something in the database."""

    id: int
    key: int | None  # the person id, for people
    values: Mapping[str, Any]
    valid_from: datetime
    valid_to: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Whether it is still valid at `at`."""
        return self.valid_to is None or self.valid_to > at


@dataclass(frozen=True)
class Change:
    """What happens to one row of the file, or (without a row) to somebody who is missing from it."""

    action: Action
    row: int | None
    who: str
    at: datetime
    id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # of a new version: what is written
    note: str = ""


@dataclass
class Plan:
    """All changes in the order of the file, and what stands against them."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, action: Action) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.action == action]


class Conflict(Exception):
    """A row that cannot be imported as things are. The text is for people."""

    def __init__(self, column: str | None, text: str) -> None:
        """`column` is the one to correct."""
        super().__init__(text)
        self.column = column


class Directory:
    """Finds the known by GetCourse id, else by e-mail in any case; those who are still there come first."""

    def __init__(self, known: Iterable[Known], at: datetime) -> None:
        """`at` is the time of the import."""
        self.by_id: dict[str, Known] = {}
        self.by_email: dict[str, Known] = {}
        for version in sorted(known, key=lambda k: k.is_open(at)):  # later entries win
            if version.values.get("getcourse_id"):
                self.by_id[version.values["getcourse_id"]] = version
            if version.values.get("email"):
                self.by_email[version.values["email"].lower()] = version

    def match(self, values: Mapping[str, Any], singular: str, at: datetime) -> Known | None:
        """The person of `values`, None when unknown. Raises Conflict when id and e-mail are two people's."""
        number, email = values.get("getcourse_id"), (values.get("email") or "").lower()
        by_id, by_email = self.by_id.get(number or ""), self.by_email.get(email)
        if not by_email or (by_id and by_id.id == by_email.id):
            return by_id
        another = by_id is not None or (number and by_email.values.get("getcourse_id") not in (None, number))
        if another and by_email.is_open(at):
            raise Conflict("email", f"belongs to another {singular} already")
        return by_id or (None if another else by_email)


def plan(
    table: Table, rows: Sequence[Row], known: Sequence[Known], at: datetime, *, close_missing: bool = False
) -> Plan:
    """The changes that make `known` what `rows` say, at `at`."""
    result, directory = Plan(), Directory(known, at)
    duplicates = Duplicates()
    matched: set[int] = set()
    for row in rows:
        try:
            former = directory.match(row.values, table.singular, at)
            duplicates.check(row.number, _keys(row.values, former))
            result.changes.append(
                change_of(row, former, _different(table, row.values, former), at, _who(table, row.values))
            )
            matched |= {former.id} if former else set()
        except Conflict as conflict:
            result.problems.append(Problem(row.number, conflict.column, str(conflict)))
    if close_missing:
        result.changes += missing(known, matched, at, lambda version: _who(table, version.values))
    return result


class Duplicates:
    """Finds what is in a file twice."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Any], int] = {}

    def check(self, row: int, keys: Iterator[tuple[str, Any]]) -> None:
        """Raises Conflict when one of `keys` was in an earlier row."""
        for key in keys:
            if key in self._rows:
                raise Conflict(key[0], f"says again what row {self._rows[key]} says: keep one of the two")
            self._rows[key] = row


def change_of(row: Row, former: Known | None, different: Mapping[str, Any], at: datetime, who: str) -> Change:
    """What `row` does to `former`. Raises Conflict where times contradict each other."""
    if row.ends:
        return _ending(row, former, at if row.ends is True else row.ends, at, who)
    if former is None or not former.is_open(at):
        begins = row.valid_from or at
        if former and former.valid_to and begins < former.valid_to:
            raise Conflict("valid_from", f"was known until {former.valid_to:%Y-%m-%d %H:%M} UTC: begin later than that")
        values = {name: value for name, value in row.values.items() if value is not None}
        return Change("new", row.number, who, begins, values=values, note="comes back" if former else "")
    if not different:
        return Change("unchanged", row.number, who, at, former.id)
    if former.valid_to is not None:
        raise Conflict("valid_to", "has an end in the future already: change this one in a database client")
    if at < former.valid_from:
        raise Conflict(
            None, f"its current version began only at {former.valid_from:%Y-%m-%d %H:%M} UTC: give a later --at"
        )
    return Change("changed", row.number, who, at, former.id, values=dict(different))


def _ending(row: Row, former: Known | None, ends: datetime, at: datetime, who: str) -> Change:
    if ends > at:
        raise Conflict("valid_to", "lies after the import: leave it empty, and import again when it has come")
    if former is None:
        return Change("skipped", row.number, who, ends, note="has left and was never known")
    if not former.is_open(at):
        return Change("unchanged", row.number, who, ends, former.id)
    if ends < former.valid_from:
        raise Conflict(
            "valid_to", f"lies before the begin of its current version, {former.valid_from:%Y-%m-%d %H:%M} UTC"
        )
    return Change("ends", row.number, who, ends, former.id)


def missing(known: Iterable[Known], matched: set[int], at: datetime, who: Any) -> list[Change]:
    """The end of all who are open and are not in `matched`."""
    return [
        Change("ends", None, who(version), at, version.id, note="not in the file")
        for version in known
        if version.id not in matched and version.is_open(at) and version.valid_from <= at
    ]


def _keys(values: Mapping[str, Any], former: Known | None) -> Iterator[tuple[str, Any]]:
    if values.get("getcourse_id"):
        yield "getcourse_id", values["getcourse_id"]
    if values.get("email"):
        yield "email", values["email"].lower()
    if former and not values.get("getcourse_id") and former.values.get("getcourse_id"):
        yield "getcourse_id", former.values["getcourse_id"]


def _different(table: Table, values: Mapping[str, Any], former: Known | None) -> dict[str, Any]:
    if former is None:
        return {}
    return {
        name: values[name]
        for name in table.stored
        if name in values and not _same(name, values[name], former.values.get(name))
    }


def _same(name: str, new: Any, old: Any) -> bool:
    if name == "email" and new and old:
        return bool(new.lower() == old.lower())
    return bool(new == old)


def _who(table: Table, values: Mapping[str, Any]) -> str:
    """A name for reports: the GetCourse id, else the e-mail's first letter and domain."""
    if values.get("getcourse_id"):
        return f"{table.singular} {values['getcourse_id']}"
    name, _, domain = (values.get("email") or "").partition("@")
    return f"{table.singular} {name[:1]}…@{domain}" if domain else table.singular
