"""CSV files that can be read, and the errors of the others. No database."""

import pytest

from infra.admin.people.check import Checked, check
from infra.admin.people.sheet import UnreadableSheet, read
from infra.admin.people.tables import TABLES

MENTORS = TABLES["mentors"]
HEADER = "getcourse_id,email,telegram_id\n"


def checked(content: bytes | str, table: str = "mentors") -> Checked:
    """The file as rows of a table."""
    raw = content.encode() if isinstance(content, str) else content
    wanted = TABLES[table]
    return check(read(raw, lambda title: wanted.column(title) is not None), wanted, "Europe/Moscow")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_encoding_and_delimiter_is_read(encoding: str, delimiter: str, end: str) -> None:
    lines = [["E-mail", "Имя", "Фамилия"], ["a@example.com", "Анна", "Ёлкина"]]
    result = checked(end.join(delimiter.join(line) for line in lines).encode(encoding))

    assert result.problems == []
    assert result.rows[0].values == {"email": "a@example.com", "first_name": "Анна", "last_name": "Ёлкина"}


def test_excels_own_hint_of_the_delimiter_is_heeded() -> None:
    (row,) = checked("sep=|\nemail|first_name\na@example.com|A,B;C").rows

    assert (row.number, row.values["first_name"]) == (3, "A,B;C")


def test_rows_are_counted_as_excel_counts_them() -> None:
    result = checked('\nemail,first_name\n\na@example.com,"two\nlines"\n,,\nbad,X\n')

    assert [row.number for row in result.rows] == [4]
    assert [problem.row for problem in result.problems] == [6]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("1,bad,1", "email", "not an e-mail"),
        ("1,a@b,1", "email", "not an e-mail"),
        ("1,a@example.com,abc", "telegram_id", "not a whole number"),
        ("1,a@example.com,7.12E+09", "telegram_id", "rounded by Excel"),
        ("1,a@example.com,-100123", "telegram_id", "above zero"),
        ("1,a@example.com,99999999999999999999", "telegram_id", "not a whole number"),
        ("1,a@example.com,٣", "telegram_id", "not a whole number"),
        ("1\x00,a@example.com,1", "getcourse_id", "cannot be stored"),
        (f"{'1' * 51},a@example.com,1", "getcourse_id", "longer than 50"),
        (",,1", "getcourse_id or email", "must not be empty"),
        ("1,a@example.com", None, "has 2 cells where the header has 3"),
        ("1,a@example.com,1,2", None, "has 4 cells where the header has 3"),
    ],
)
def test_each_mistake_is_reported_with_its_row_and_column(line: str, column: str | None, words: str) -> None:
    (problem,) = checked(HEADER + line).problems

    assert (problem.row, problem.column) == (2, column)
    assert words in problem.text


@pytest.mark.parametrize("content", [b"", b"\n\n;;\n", b"PK\x03\x04", b"\x98\xff"])
def test_what_is_no_csv_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableSheet, match=": "):
        checked(content)


def test_a_quotation_mark_without_its_twin_is_reported() -> None:
    result = checked(HEADER + '1,a@example.com,"' + "x" * 200_000)

    assert "quotation mark" in result.problems[0].text


@pytest.mark.parametrize(
    ("table", "header", "missing"),
    [
        ("mentors", "first_name", {"getcourse_id or email"}),
        ("trainings", "title", {"getcourse_id"}),
        ("lessons", "deadline", {"getcourse_id", "training_id", "lesson_title"}),
        ("mapping", "x", {"training_id", "student", "mentor"}),
    ],
)
def test_missing_columns_are_named(table: str, header: str, missing: set[str]) -> None:
    assert {problem.column for problem in checked(f"{header}\nx\n", table).problems} == missing


def test_a_column_that_stands_twice_is_reported() -> None:
    assert "twice" in checked("email,почта\na@example.com,b@example.com").problems[0].text


@pytest.mark.parametrize("cell", ["2026-01-15", "15.01.2026", "15.01.2026 00:00", "2026-01-14T21:00:00Z"])
def test_a_date_is_read_in_its_usual_spellings(cell: str) -> None:
    (row,) = checked(f"id;название;старт\n1;Курс;{cell}", "trainings").rows

    assert row.values["starts_at"].isoformat() == "2026-01-14T21:00:00+00:00"


@pytest.mark.parametrize("cell", ["tomorrow", "45678", "31.02.2026", "01/15/2026"])
def test_what_is_no_date_is_reported(cell: str) -> None:
    assert "not a date" in checked(f"id;название;старт\n1;Курс;{cell}", "trainings").problems[0].text


def test_no_title_means_two_columns_of_a_table() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert all(table.column(title) is column for title in (column.name, *column.titles)), (
                table.name,
                column.name,
            )


def test_a_quotation_mark_that_swallows_the_next_people_is_reported() -> None:
    text = 'getcourse_id,email,first_name\n1,i@example.com,"Иван\n2,p@example.com,Пётр"\n3,m@example.com,Майя\n'
    result = checked(text)

    assert [(problem.row, problem.column) for problem in result.problems] == [(2, "first_name")]
    assert "quotation mark" in result.problems[0].text
