"""The plan for mapping: who is whose mentor in which training. Its rows name people by GetCourse id or e-mail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from infra.admin.people.check import Row
from infra.admin.people.plan import Change, Conflict, Directory, Known, Once, Plan, change_of, missing
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
    result, once = Plan(), Once()
    people = {"student": Directory(students, at), "mentor": Directory(mentors, at)}
    former = {_triple(one): one for one in sorted(known, key=lambda k: k.open(at))}
    met: set[int] = set()
    for row in rows:
        try:
            triple = (*(_person(people[who], row, who, at) for who in ("student", "mentor")), row.values["training_id"])
            once.check(row.number, iter([("student, mentor and training", triple)]))
            one = former.get(triple)
            change = change_of(row, one, {}, at, _who(row.values))
            values = dict(zip(("student_id", "mentor_id", "training_id"), triple, strict=True))
            result.changes.append(replace(change, values=values) if change.action == "new" else change)
            met |= {one.id} if one else set()
        except Conflict as conflict:
            result.problems.append(Problem(row.number, conflict.column, str(conflict)))
    if close_missing:
        result.changes += missing(known, met, at, lambda one: f"training {one.values['training_id']}")
    result.notes += _several_mentors(result.changes, known, at)
    return result


def _person(directory: Directory, row: Row, who: str, at: datetime) -> int:
    """The person id of the row's student or mentor. Raises Conflict."""
    column = who if row.values.get(who) else f"{who}_email"
    named = row.values[column]
    found = directory.by_email.get(named.lower()) if "@" in named else directory.by_id.get(named)
    if found is None:
        raise Conflict(column, f"no {who} has this: import the {who}s first")
    if not row.ends and not found.open(at):
        raise Conflict(column, f"this {who} has left")
    assert found.key is not None
    return found.key


def _triple(one: Known) -> Triple:
    return one.values["student_id"], one.values["mentor_id"], one.values["training_id"]


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
    for one in known:
        if one.open(at) and one.id not in ended:
            mentors[one.values["student_id"], one.values["training_id"]].add(one.values["mentor_id"])
    touched = set()
    for change in changes:
        if change.action == "new":
            place = (change.values["student_id"], change.values["training_id"])
            mentors[place].add(change.values["mentor_id"])
            touched.add(place)
    several = sum(len(mentors[place]) > 1 for place in touched)
    if not several:
        return []
    who = f"students who have several mentors in one training from now on: {several}"
    return [
        f"{who}. Where the old one is replaced, end the old mapping (a row whose `left` says yes, or --close-missing)"
    ]
