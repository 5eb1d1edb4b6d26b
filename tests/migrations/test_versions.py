"""Validity: half-open, never overlapping, with keys that survive a new version."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.errors import CheckViolation, ExclusionViolation, ForeignKeyViolation, RaiseException
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.helpers import arrange

Connection = psycopg.Connection[DictRow]

TRAINING = "501"
SPRING, SUMMER = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
TABLES = ("mentors", "students", "trainings", "lessons", "mapping")


def _new_version(connection: Connection, table: str, version: int, at: datetime, **changes: object) -> int:
    query = "select getcourse.new_version(%s, %s, %s, %s) as id"
    [row] = connection.execute(query, (table, version, Jsonb(changes), at)).fetchall()
    return int(row["id"])


def _as_of(connection: Connection, table: str, at: datetime) -> list[DictRow]:
    return rows(connection, f"select * from getcourse.{table}_as_of(%s) order by id", at)


def _insert(connection: Connection, table: str, **values: object) -> int:
    names, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
    statement = f"insert into getcourse.{table} ({names}) values ({marks}) returning id"
    [row] = connection.execute(statement.encode(), values).fetchall()
    return int(row["id"])


@pytest.fixture
def versions(connection: Connection) -> dict[str, int]:
    """One version in each table."""
    student = arrange.student(connection, getcourse_id="77", email="student@example.com", first_name="Анна")
    mentor = arrange.mentor(connection, getcourse_id="9", email="mentor@example.com", telegram_id=1, first_name="Иван")
    return {
        "students": student,
        "mentors": mentor,
        "mapping": arrange.mapping(connection, student, mentor, TRAINING),
        "trainings": _insert(connection, "trainings", getcourse_id=TRAINING, title="Курс", valid_from="2020-01-01"),
        "lessons": _insert(
            connection, "lessons", getcourse_id="5", training_id=TRAINING, lesson_title="Урок", valid_from="2020-01-01"
        ),
    }


@pytest.mark.parametrize(
    ("table", "twin"),
    [
        ("mentors", {"email": "mentor@example.com"}),
        ("mentors", {"email": "MENTOR@Example.com"}),
        ("mentors", {"getcourse_id": "9"}),
        ("students", {"email": "Student@example.com"}),
        ("students", {"getcourse_id": "77"}),
        ("trainings", {"getcourse_id": TRAINING, "title": "Другой"}),
        ("lessons", {"getcourse_id": "5", "training_id": TRAINING, "lesson_title": "Другой"}),
    ],
)
def test_two_versions_of_one_thing_never_overlap(
    connection: Connection, versions: dict[str, int], table: str, twin: dict[str, str]
) -> None:
    with pytest.raises(ExclusionViolation):
        _insert(connection, table, **twin, valid_from=SPRING)
    with pytest.raises(ExclusionViolation):
        _insert(connection, table, **twin, valid_from="2019-01-01", valid_to="2020-01-02")

    _insert(connection, table, **twin, valid_from="2019-01-01", valid_to="2020-01-01")
    assert [row["id"] for row in _as_of(connection, table, SPRING)] == [versions[table]]


def test_two_people_never_share_an_address_or_a_getcourse_id(connection: Connection, versions: dict[str, int]) -> None:
    other = arrange.mentor(connection, getcourse_id="10", email="other@example.com")

    assert other != versions["mentors"]
    for column, value in (("email", "Mentor@example.com"), ("getcourse_id", "9")):
        with pytest.raises(ExclusionViolation, match=f"mentor_{column}_once"):
            connection.execute(f"update getcourse.mentors set {column} = %s where id = %s".encode(), (value, other))


def test_the_same_mapping_is_there_once_at_a_time(connection: Connection, versions: dict[str, int]) -> None:
    same = {"student_id": versions["students"], "mentor_id": versions["mentors"], "training_id": TRAINING}
    with pytest.raises(ExclusionViolation, match="mapping_once_at_a_time"):
        _insert(connection, "mapping", **same, valid_from=SPRING)

    _insert(connection, "mapping", **{**same, "training_id": "502"}, valid_from=SPRING)
    with pytest.raises(ForeignKeyViolation):
        _insert(connection, "mapping", **{**same, "mentor_id": 10**9})


def test_an_end_before_the_beginning_is_refused(connection: Connection, versions: dict[str, int]) -> None:
    for table in TABLES:
        with pytest.raises(CheckViolation):
            connection.execute(f"update getcourse.{table} set valid_to = '2019-01-01' where id = %s".encode(),
                               (versions[table],))  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_new_version_closes_and_opens_in_one_call(connection: Connection, versions: dict[str, int], table: str) -> None:
    column, old_value, new_value = {
        "mentors": ("telegram_id", 1, 2),
        "students": ("first_name", "Анна", "Аня"),
        "trainings": ("title", "Курс", "Курс 2"),
        "lessons": ("lesson_title", "Урок", "Урок 2"),
        "mapping": ("training_id", TRAINING, "502"),
    }[table]
    new = _new_version(connection, table, versions[table], SPRING, **{column: new_value})

    seen = [[(row["id"], row[column]) for row in _as_of(connection, table, at)] for at in (SPRING - MOMENT, SPRING)]
    assert seen == [[(versions[table], old_value)], [(new, new_value)]]
    [old] = _as_of(connection, table, SPRING - MOMENT)
    assert old["valid_to"] == SPRING


def test_new_version_keeps_what_is_not_changed(connection: Connection, versions: dict[str, int]) -> None:
    _new_version(connection, "mentors", versions["mentors"], SPRING, telegram_id=2)
    [before] = _as_of(connection, "mentors", SPRING - MOMENT)
    [after] = _as_of(connection, "mentors", SPRING)

    kept = ("person_id", "getcourse_id", "email", "first_name", "last_name", "username")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert after["created_at"] > before["created_at"]


def test_new_version_refuses_what_is_closed_unknown_or_no_table(
    connection: Connection, versions: dict[str, int]
) -> None:
    _new_version(connection, "mentors", versions["mentors"], SPRING)

    with pytest.raises(RaiseException, match="is not open"):
        _new_version(connection, "mentors", versions["mentors"], SUMMER)
    with pytest.raises(RaiseException, match="is not open"):
        _new_version(connection, "mentors", 10**9, SUMMER)
    with pytest.raises(RaiseException, match="no versioned table pg_authid"):
        _new_version(connection, "pg_authid", 1, SUMMER)
    assert len(rows(connection, "select from getcourse.mentors")) == 2


def test_a_mapping_survives_new_versions_of_mentor_and_student(
    connection: Connection, versions: dict[str, int]
) -> None:
    _new_version(connection, "mentors", versions["mentors"], SPRING, telegram_id=2, last_name="Новый")
    _new_version(connection, "students", versions["students"], SUMMER, email="other@example.com")

    [active] = rows(connection, "select * from getcourse.v_active_mappings")
    assert (active["id"], active["mentor_telegram_id"], active["student_email"]) == (
        versions["mapping"], 2, "other@example.com",
    )  # fmt: skip
    assert active["training_title"] == "Курс"


def test_a_mapping_to_any_version_is_a_mapping_to_the_person(connection: Connection, versions: dict[str, int]) -> None:
    newer = _new_version(connection, "mentors", versions["mentors"], SPRING)
    _insert(connection, "mapping", student_id=versions["students"], mentor_id=newer, training_id="502")

    kept = rows(connection, "select distinct mentor_id from getcourse.mapping")
    assert [row["mentor_id"] for row in kept] == [versions["mentors"]]


def test_a_person_who_returns_by_hand_is_the_same_person(connection: Connection, versions: dict[str, int]) -> None:
    connection.execute("update getcourse.students set valid_to = %s where id = %s", (SPRING, versions["students"]))
    _insert(connection, "students", email="STUDENT@example.com", first_name="Анна", valid_from=SUMMER)

    [returned] = _as_of(connection, "students", SUMMER)
    assert returned["person_id"] == versions["students"] != returned["id"]
    assert _as_of(connection, "students", SPRING) == []


def test_one_mentor_can_follow_another_without_a_gap(connection: Connection, versions: dict[str, int]) -> None:
    other = arrange.mentor(connection, getcourse_id="10", telegram_id=3)
    new = _new_version(connection, "mapping", versions["mapping"], SPRING, mentor_id=other)

    responsible = [[row["mentor_id"] for row in _as_of(connection, "mapping", at)] for at in (SPRING - MOMENT, SPRING)]
    assert responsible == [[versions["mentors"]], [other]]
    assert [row["id"] for row in rows(connection, "select id from getcourse.v_active_mappings")] == [new]


@pytest.mark.parametrize("table", TABLES)
def test_updated_at_moves_with_every_update(connection: Connection, versions: dict[str, int], table: str) -> None:
    read = f"select created_at, updated_at from getcourse.{table} where id = %s"
    [before] = rows(connection, read, versions[table])
    connection.execute(f"update getcourse.{table} set valid_from = '2021-01-01' where id = %s".encode(),
                       (versions[table],))  # fmt: skip
    [after] = rows(connection, read, versions[table])

    assert before["updated_at"] == before["created_at"] == after["created_at"] < after["updated_at"]


@pytest.mark.parametrize("table", ["mapping", "lessons", "trainings"])
def test_a_row_typed_by_mistake_can_be_deleted(connection: Connection, versions: dict[str, int], table: str) -> None:
    deleted = connection.execute(f"delete from getcourse.{table} where id = %s".encode(), (versions[table],))

    assert deleted.rowcount == 1
    assert rows(connection, f"select from getcourse.{table}") == []


def test_two_clients_who_replace_one_version_at_once_leave_one_successor(
    connection: Connection, direct_url: str, versions: dict[str, int]
) -> None:
    replace = "select getcourse.new_version('mentors', %s)"
    with psycopg.connect(direct_url) as first, psycopg.connect(direct_url, autocommit=True) as second:
        first.execute(replace, (versions["mentors"],))
        second.execute("set lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(replace, (versions["mentors"],))
        first.commit()
        with pytest.raises(RaiseException, match="is not open"):
            second.execute(replace, (versions["mentors"],))

    open_ones = "select from getcourse.mentors where valid_to = '9999-12-31'::timestamptz"
    assert len(rows(connection, open_ones)) == 1


def test_an_insert_through_the_view_answers_the_person_it_found(connection: Connection) -> None:
    insert = (
        "insert into getcourse.students (getcourse_id, valid_from, valid_to) values ('77', %s, %s)"
        " returning id, person_id"
    )
    [first] = connection.execute(insert, ("2026-01-01 00:00+00", "2026-02-01 00:00+00")).fetchall()
    [second] = connection.execute(insert, ("2026-02-01 00:00+00", None)).fetchall()

    assert first["person_id"] == first["id"]
    assert second["person_id"] == first["id"]
