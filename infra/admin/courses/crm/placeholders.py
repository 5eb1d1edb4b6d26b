"""Streams, cohorts and topics that rows name and that are not there: without a stream a session would be for all."""

from collections.abc import Iterator

from infra.admin.courses.crm import values
from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers import people, teaching
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.readers.tables import TABLES
from infra.admin.courses.crm.row import MAX_INDEXED
from infra.admin.courses.crm.source import Source
from infra.admin.courses.crm.store import IDS_APART
from infra.admin.courses.crm.values import Unreadable

NAMES = {"cohorts": people.cohort_name, "streams": teaching.stream_title}


def missing(source: Source, table: Table, known: Known) -> list[Values]:
    """The rows to make in `table`: (id, name) of cohorts and streams, (id, code) of topics. Now they are known."""
    made = list(_topics(source, known) if table.name == "topics" else _named(source, table, known))
    known.of(table.name).update(row[0] for row in made)
    return made


def _named(source: Source, table: Table, known: Known) -> Iterator[Values]:
    numbers: set[int] = set()
    for other in TABLES:
        for column, target in other.refers.items():
            if target == table.name:
                numbers |= set(_numbers(source.distinct(other.name, column)))
    for number in sorted(numbers - known.of(table.name)):
        name = NAMES[table.name](number)
        if table.name == "cohorts":
            while not known.claim("cohorts.name", name):
                name = f"{name} ({number})"
        yield number, name


def _numbers(cells: list[object]) -> Iterator[int]:
    for cell in cells:
        try:
            number = values.integer(cell)
        except Unreadable:
            continue
        if 0 < number <= values.MAX_ID:
            yield number


def _topics(source: Source, known: Known) -> Iterator[Values]:
    cells = [cell for cell in source.distinct("sessions", "topic_code") if not values.is_empty(cell)]
    codes = {values.text(cell)[0].strip() for cell in cells if not values.is_none_word(cell)}
    number = (max(known.of("topics"), default=0) // IDS_APART + 1) * IDS_APART
    for code in sorted(codes - known.topics_by_code.keys()):
        if 0 < len(code) <= MAX_INDEXED:
            number += 1
            known.topics_by_code[code] = number
            yield number, code
