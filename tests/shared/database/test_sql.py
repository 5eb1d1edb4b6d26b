"""The loader of SQL blocks."""

from pathlib import Path

import pytest

from shared.database import sql


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
