"""The CSV files to fill in: whole, importable as they are, and described in the docs."""

import re

import pytest

from infra.admin.people.csv_import import check_file
from infra.admin.people.tables import TABLES
from infra.admin.people.templates import template
from tests.helpers.serving import ROOT


@pytest.mark.parametrize("table", TABLES)
def test_a_template_has_every_column_and_nothing_stands_against_it(table: str) -> None:
    text = template(table)
    checked = check_file(text.encode(), TABLES[table], "Europe/Moscow")

    assert text.splitlines()[0].split(",") == [column.name for column in TABLES[table].columns]
    assert (checked.problems, checked.notes) == ([], [])
    assert checked.rows


def test_the_docs_describe_every_column_of_every_table_and_no_other() -> None:
    page = (ROOT / "docs" / "systems" / "getcourse.md").read_text(encoding="utf-8")
    section = page.partition("## The tables as CSV files\n")[2].partition("\n## ")[0]
    described = {
        cells[1].strip(" `"): set(re.findall(r"`(\w+)`", cells[2]))
        for cells in (line.split("|") for line in section.splitlines() if line.startswith("| `"))
    }
    everywhere = {"valid_from", "valid_to", "left"}

    assert described == {name: {column.name for column in table.columns} - everywhere for name, table in TABLES.items()}
    assert everywhere <= set(re.findall(r"`(\w+)`", section))
