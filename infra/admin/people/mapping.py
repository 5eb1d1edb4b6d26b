"""The plan for mapping: who is whose mentor in which training. Its rows name people by GetCourse id or e-mail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from infra.admin.people.check import Row
from infra.admin.people.plan import Change, Conflict, Directory, Duplicates, Known, Plan, change_of, missing
from infra.admin.people.sheet import Problem

Triple = tuple[int, int, str]


def plan_mapping(
    rows: Sequence[Row],
    known: Sequence[Known],
    students: Sequence[Known],
    mentors: Sequence[Known],
    at: datetime,
    *,
    close_missing: bool = False,
) -> Plan:
    """The changes that make the mapping what `rows` say, at `at`."""
    result, duplicates = Plan(), Duplicates()
    people = {"student": Directory(students, at), "mentor": Directory(mentors, at)}
    former = {_triple(version): version for version in sorted(known, key=lambda k: k.is_open(at))}
    matched: set[int] = set()
    for row in rows:
        try:
            triple = (*(_person(people[who], row, who, at) for who in ("student", "mentor")), row.values["training_id"])
            duplicates.check(row.number, iter([("student, mentor and training", triple)]))
            version = former.get(triple)
            change = change_of(row, version, {}, at, _who(row.values))
            values = dict(zip(("student_id", "mentor_id", "training_id"), triple, strict=True))
            result.changes.append(replace(change, values=values) if change.action == "new" else change)
            matched |= {version.id} if version else set()
        except Conflict as conflict:
            result.problems.append(Problem(row.number, conflict.column, str(conflict)))
    if close_missing:
        result.changes += missing(known, matched, at, lambda version: f"training {version.values['training_id']}")
    result.notes += _several_mentors(result.changes, known, at)
    return result


def _person(directory: Directory, row: Row, who: str, at: datetime) -> int:
    """The person id of the row's student or mentor. Raises Conflict."""
    column = who if row.values.get(who) else f"{who}_email"
    named = row.values[column]
    found = directory.by_email.get(named.lower()) if "@" in named else directory.by_id.get(named)
    if found is None:
        raise Conflict(column, f"no {who} has this: import the {who}s first")
    if not row.ends and not found.is_open(at):
        raise Conflict(column, f"this {who} has left")
    assert found.key is not None
    return found.key


def _triple(version: Known) -> Triple:
    return version.values["student_id"], version.values["mentor_id"], version.values["training_id"]


def _who(values: Mapping[str, Any]) -> str:
    """The pair by its GetCourse ids; e-mails are not repeated in reports."""
    student, mentor = (_shown(values, who) for who in ("student", "mentor"))
    return f"{student} → {mentor}, training {values['training_id']}"


def _shown(values: Mapping[str, Any], who: str) -> str:
    named = values.get(who) or values[f"{who}_email"]
    name, at_sign, domain = named.partition("@")
    return f"{who} {name[:1]}…@{domain}" if at_sign else f"{who} {named}"


def _several_mentors(changes: Sequence[Change], known: Sequence[Known], at: datetime) -> list[str]:
    """A replaced mentor stays responsible until their mapping ends; that is easily forgotten."""
    ended = {change.id for change in changes if change.action == "ends"}
    mentors: dict[tuple[int, str], set[int]] = defaultdict(set)
    for version in known:
        if version.is_open(at) and version.id not in ended:
            mentors[version.values["student_id"], version.values["training_id"]].add(version.values["mentor_id"])
    touched = set()
    for change in changes:
        if change.action == "new":
            pair = (change.values["student_id"], change.values["training_id"])
            mentors[pair].add(change.values["mentor_id"])
            touched.add(pair)
    several = sum(len(mentors[pair]) > 1 for pair in touched)
    if not several:
        return []
    who = f"students who have several mentors in one training from now on: {several}"
    return [
        f"{who}. Where the old one is replaced, end the old mapping (a row whose `left` says yes, or --close-missing)"
    ]
