"""The loader of SQL blocks, and the rows that statements return."""

from pathlib import Path

import pytest

from shared.database import sql
from shared.database.pool import Database


def loaded(folder: Path, text: str) -> dict[str, str]:
    """The blocks of a file with this text."""
    (folder / "thing.sql").write_text(text, encoding="utf-8")
    return dict(sql.load(str(folder / "thing.py")))


def test_blocks_are_found_by_name_beside_their_owner(tmp_path: Path) -> None:
    text = "-- name: one\n-- why\nselect 'один';\n\n-- name: two_2\nselect 2;\n"
    assert loaded(tmp_path, text) == {"one": "-- why\nselect 'один';", "two_2": "select 2;"}


def test_another_file_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.sql").write_text("-- name: x\nselect 1", encoding="utf-8")
    assert sql.load(str(tmp_path / "thing.py"), "other.sql") == {"x": "select 1"}


@pytest.mark.parametrize("text", ["", "select 1;", "-- name: a\nselect 1;\n-- name: a\nselect 2;"])
def test_a_file_without_blocks_or_with_one_name_twice_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"thing\.sql"):
        loaded(tmp_path, text)


def test_a_comment_that_only_mentions_a_name_is_no_header(tmp_path: Path) -> None:
    assert set(loaded(tmp_path, "-- name: one\nselect 1; -- name: two\n  -- name: three\n-- name: not this\n")) == {
        "one"
    }


async def test_rows_are_fetched_as_all_the_first_or_none(database: Database) -> None:
    async with database.connection() as connection:
        numbers = "select n from generate_series(1, %(upto)s::int) n order by n"
        assert await sql.fetch_all(connection, numbers, {"upto": 2}) == [{"n": 1}, {"n": 2}]
        assert await sql.fetch_all(connection, numbers, {"upto": 0}) == []
        assert await sql.fetch_optional(connection, numbers, {"upto": 2}) == {"n": 1}
        assert await sql.fetch_optional(connection, numbers, {"upto": 0}) is None
        assert await sql.fetch_one(connection, "select 1 as n, 2 as m") == {"n": 1, "m": 2}
        assert await sql.fetch_value(connection, "select 'один'") == "один"


async def test_a_row_that_must_be_there_and_a_value_that_must_be_one_are_checked(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(AssertionError):
            await sql.fetch_one(connection, "select 1 where false")
        with pytest.raises(ValueError, match="too many values"):
            await sql.fetch_value(connection, "select 1 as n, 2 as m")
