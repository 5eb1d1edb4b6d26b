"""carillon people import, from the file to the versions."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon, Ran

Sheet = Callable[..., str]
HEADER = "getcourse_id,telegram_id,email,first_name,last_name"


@pytest.fixture
def mentors(carillon: Carillon, sheet: Sheet) -> Callable[..., Ran]:
    """Imports mentors from lines."""

    def run(*lines: str, options: tuple[str, ...] = ("--apply",), encoding: str = "utf-8") -> Ran:
        return carillon("people", "import", sheet(*lines, encoding=encoding), "--table", "mentors", *options)

    return run


def versions(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    """All versions of mentors, the oldest first."""
    return rows(connection, "select * from getcourse.mentor_versions order by person_id, id")


def test_a_dry_run_reports_and_writes_nothing(mentors: Callable[..., Ran], connection: psycopg.Connection[Any]) -> None:
    result = mentors(HEADER, "1,100,a@example.com,Anna,B", options=())

    assert result.code == 0
    assert "row 2  new" in result.out
    assert "add --apply" in result.out
    assert versions(connection) == []


def test_only_what_changed_gets_a_new_version(mentors: Callable[..., Ran], connection: psycopg.Connection[Any]) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B", "2,200,b@example.com,Boris,C")
    result = mentors(
        HEADER, "1,100,A@Example.com,Anna,B", "2,201,b@example.com,Boris,C", options=("--apply", "--json")
    ).json

    assert result["counts"] == {"new": 0, "changed": 1, "ends": 0, "unchanged": 1, "skipped": 0}
    assert result["changes"][1]["columns"] == ["telegram_id"]
    unchanged, former, successor = versions(connection)
    assert (unchanged["valid_to"], former["telegram_id"], successor["telegram_id"]) == (None, 200, 201)
    assert former["valid_to"] == successor["valid_from"]
    assert former["person_id"] == successor["person_id"]


def test_an_empty_cell_leaves_a_value_and_a_dash_takes_it_away(
    mentors: Callable[..., Ran], connection: psycopg.Connection[Any]
) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B")
    mentors(HEADER, "1,,,,-")

    now = versions(connection)[-1]
    assert (now["telegram_id"], now["first_name"], now["last_name"]) == (100, "Anna", None)


def test_columns_that_are_not_in_the_file_stay(
    mentors: Callable[..., Ran], connection: psycopg.Connection[Any]
) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B")
    mentors("email;telegram_id", "A@EXAMPLE.COM;101")

    assert (versions(connection)[-1]["getcourse_id"], versions(connection)[-1]["telegram_id"]) == ("1", 101)


@pytest.mark.parametrize("word", ["да", "2026-01-15", "15.01.2026 10:00", "yes"])
def test_who_has_left_ends_and_may_come_back(
    mentors: Callable[..., Ran], connection: psycopg.Connection[Any], word: str
) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B", options=("--apply", "--at", "2026-01-01"))
    assert mentors("getcourse_id,left", f"1,{word}").code == 0
    (ended,) = versions(connection)
    assert ended["valid_to"] is not None
    assert "1 unchanged" in mentors("getcourse_id,left", f"1,{word}").out

    assert "comes back" in mentors(HEADER, "1,100,a@example.com,Anna,B").out
    assert [v["person_id"] for v in versions(connection)] == [ended["person_id"]] * 2


def test_close_missing_ends_whoever_is_not_in_the_file(
    mentors: Callable[..., Ran], connection: psycopg.Connection[Any]
) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B", "2,200,b@example.com,Boris,C")
    result = mentors(HEADER, "1,100,a@example.com,Anna,B", options=("--apply", "--close-missing"))

    assert "mentor 2" in result.out
    assert [v["valid_to"] is None for v in versions(connection)] == [True, False]


def test_an_empty_file_ends_nobody(mentors: Callable[..., Ran], connection: psycopg.Connection[Any]) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B")

    assert mentors(HEADER, options=("--apply", "--close-missing")).code == 1
    assert mentors("", options=("--apply", "--close-missing")).code == 1
    assert versions(connection)[0]["valid_to"] is None


def test_one_broken_row_stops_the_whole_import(
    mentors: Callable[..., Ran], connection: psycopg.Connection[Any]
) -> None:
    result = mentors(HEADER, "1,100,a@example.com,Anna,B", "2,many,b@example.com,Boris,C")

    assert result.code == 1
    assert "row 3, telegram_id: is not a whole number" in result.out
    assert versions(connection) == []


def test_excel_in_russian_writes_semicolons_and_cp1251(
    mentors: Callable[..., Ran], connection: psycopg.Connection[Any]
) -> None:
    result = mentors(
        "ID;Почта;Имя;Фамилия;Телеграм ID;Город", "1;a@example.com;Анна;Ёлкина;100;Москва", "", encoding="cp1251"
    )

    assert result.code == 0
    assert "cp1251" in result.out
    assert "ignored columns: Город" in result.out
    assert (versions(connection)[0]["last_name"], versions(connection)[0]["telegram_id"]) == ("Ёлкина", 100)


def test_what_a_person_is_called_is_not_repeated_in_the_report(carillon: Carillon, sheet: Sheet) -> None:
    result = carillon(
        "people", "import", sheet("email,last_name", f"{canaries.EMAIL},{canaries.STUDENT}"), "--table", "students"
    )

    assert result.code == 0  # the fixture looks for canaries


def test_somebody_elses_email_is_refused(mentors: Callable[..., Ran]) -> None:
    mentors(HEADER, "1,100,a@example.com,Anna,B", "2,200,b@example.com,Boris,C")

    assert "row 2, email: belongs to another mentor" in mentors(HEADER, "1,100,b@example.com,Anna,B").out
    assert "row 2, email: belongs to another mentor" in mentors(HEADER, "3,100,b@example.com,Anna,B").out


def test_times_that_contradict_each_other_are_refused(mentors: Callable[..., Ran]) -> None:
    later = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}"  # in all zones
    mentors(HEADER, "1,100,a@example.com,Anna,B", options=("--apply", "--at", "2026-02-01"))

    assert (
        "give a later --at"
        in mentors(HEADER, "1,101,a@example.com,Anna,B", options=("--apply", "--at", "2026-01-01")).out
    )
    assert "lies before the begin" in mentors("getcourse_id,valid_to", "1,2025-01-01").out
    assert "lies after the import" in mentors("getcourse_id,valid_to", f"1,{later}").out
    assert mentors(HEADER, "1,101,,,", options=("--apply", "--at", later)).code == 2


def test_times_are_local_in_the_zone_that_is_given(
    carillon: Carillon, sheet: Sheet, connection: psycopg.Connection[Any]
) -> None:
    path = sheet("id урока;id тренинга;урок;открытие;дедлайн", "1;7;Первый;15.01.2026 10:00;20.01.2026")
    result = carillon("people", "import", path, "--table", "lessons", "--apply", "--timezone", "Asia/Yekaterinburg")

    assert result.code == 0
    assert "trainings that are not imported yet: 7" in result.out
    (lesson,) = rows(connection, "select opens_at, deadline_at from getcourse.lessons")
    assert lesson["opens_at"] == datetime(2026, 1, 15, 5, tzinfo=UTC)
    assert lesson["deadline_at"] == datetime(2026, 1, 20, 18, 59, 59, tzinfo=UTC)  # the end of that day


def test_a_mapping_names_people_by_id_or_email(
    carillon: Carillon, sheet: Sheet, connection: psycopg.Connection[Any]
) -> None:
    student = arrange.student(connection, getcourse_id="11", email="s@example.com")
    mentor = arrange.mentor(connection, getcourse_id="21", email="m@example.com")
    other = arrange.mentor(connection, getcourse_id="22", email="o@example.com")
    lines = ("student,mentor_email,training_id", "11,M@example.com,7")

    for _ in range(2):
        assert carillon("people", "import", sheet(*lines), "--table", "mapping", "--apply").code == 0
    result = carillon(
        "people", "import", sheet(lines[0], "s@example.com,o@example.com,7"), "--table", "mapping", "--apply"
    )
    assert "several mentors" in result.out

    kept = rows(connection, "select student_id, mentor_id, training_id from getcourse.mapping_versions order by id")
    assert [tuple(row.values()) for row in kept] == [(student, mentor, "7"), (student, other, "7")]
    replaced = sheet(lines[0], "s@example.com,o@example.com,7")
    assert carillon("people", "import", replaced, "--table", "mapping", "--apply", "--close-missing").code == 0
    assert [row["mentor_id"] for row in rows(connection, "select mentor_id from getcourse.v_active_mappings")] == [
        other
    ]


def test_a_mapping_of_unknown_people_is_refused(
    carillon: Carillon, sheet: Sheet, connection: psycopg.Connection[Any]
) -> None:
    arrange.student(connection, getcourse_id="11")
    arrange.mentor(connection, getcourse_id="21", valid_to="2021-01-01")
    path = sheet("student;mentor;training_id", "11;99;7", "12;21;7", "11;21;7", "11;;7")
    result = carillon("people", "import", path, "--table", "mapping")

    assert result.code == 1
    for expected in (
        "row 2, mentor: no mentor",
        "row 3, student: no student",
        "row 4, mentor: this mentor has left",
        "row 5, mentor: must not",
    ):
        assert expected in result.out


def test_a_file_that_is_missing_or_not_csv_is_refused(carillon: Carillon, tmp_path: Any) -> None:
    workbook = tmp_path / "book.csv"
    workbook.write_bytes(b"PK\x03\x04rest")

    assert carillon("people", "import", str(tmp_path / "none.csv"), "--table", "mentors").code == 2
    assert "save it as CSV" in carillon("people", "import", str(workbook), "--table", "mentors").err


@pytest.mark.slow
def test_ten_thousand_rows_take_seconds(carillon: Carillon, sheet: Sheet, connection: psycopg.Connection[Any]) -> None:
    def lines(last_name: str) -> list[str]:
        return ["getcourse_id,email,last_name", *(f"{n},s{n}@example.com,{last_name}" for n in range(10_000))]

    started = time.process_time()
    for name in ("first", "second"):
        assert carillon("people", "import", sheet(*lines(name)), "--table", "students", "--apply", "--json").code == 0

    assert time.process_time() - started < 40
    assert rows(connection, "select count(*) as n from getcourse.student_versions")[0]["n"] == 20_000
