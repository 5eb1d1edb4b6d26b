"""Cells, files and charts: what a number looks like here and there."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.salon_pages.display import cells, charts
from functions.salon_pages.display.cells import Kind
from functions.salon_pages.display.table import Column, Row, Table, to_csv
from shared.i18n.texts import Text

TITLE = Text(ru="Заголовок", en="Title")


@pytest.mark.parametrize(
    ("kind", "value", "page", "file"),
    [
        ("count", 1234567, "1 234 567", "1234567"),
        ("percent", Decimal("33.33"), "33,33 %", "33,33"),
        ("percent", Decimal("50.00"), "50 %", "50"),
        ("seconds", 4150, "4,2 с", "4,2"),
        ("seconds", 1_000_000_000, "1 000 000 с", "1000000"),
        ("money", {"KZT": Decimal("36000.50")}, "36 000 ₸", "36000"),
        ("money", {"": Decimal(5)}, "5", ""),
        ("day", date(2026, 11, 29), "29.11 вс", "29.11.2026"),
        ("month", date(2026, 11, 1), "ноябрь 2026", "01.11.2026"),
        ("text", "Айгерим", "Айгерим", "Айгерим"),
        ("text", "", "—", ""),
        ("count", None, "—", ""),
        ("count", 0, "0", "0"),
        ("money", {}, "—", ""),
    ],
)
def test_a_value_has_the_same_digits_on_a_page_and_in_a_file(kind: Kind, value: Any, page: str, file: str) -> None:
    assert cells.show(value, kind, "ru").replace("\xa0", " ") == page
    assert cells.write(value, kind, ["KZT"] if kind == "money" else [], "ru") == [file]


def test_an_english_file_has_no_commas_between_thousands() -> None:
    assert cells.show(1234567, "count", "en") == "1,234,567"
    assert cells.write(1234567, "count", [], "en") == ["1234567"]


def test_a_file_has_a_column_for_each_currency_and_two_for_a_moment() -> None:
    rows = [Row([datetime(2026, 11, 29, 14, 36, tzinfo=UTC), {"KZT": Decimal(5)}]), Row([None, {"USD": Decimal(7)}])]
    total = Row([None, {"KZT": Decimal(5), "USD": Decimal(7)}])

    written = to_csv(Table("x", TITLE, [Column(TITLE, "moment"), Column(TITLE, "money")], rows, total), "ru").decode()

    assert written == (
        "\ufeffЗаголовок: дата;Заголовок: время;Заголовок, KZT;Заголовок, USD\r\n"
        "29.11.2026;14:36;5;\r\n;;;7\r\nВсего;;5;7\r\n"
    )


@given(st.text())
def test_no_text_is_a_formula(text: str) -> None:
    [written] = cells.write(text, "text", [], "ru")

    assert not written.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert written.removeprefix("'") == text.removeprefix("'") or written == text


def test_a_chart_keeps_the_proportions_of_its_table() -> None:
    chart = charts.columns("x", [10, 0, 5], [5, 0, 0])

    assert chart
    assert [(bar.name, bar.height) for bar in chart.bars] == [("was", 136.0), ("bar", 68.0), ("was", 68.0)]
    assert all(0 <= bar.x <= chart.width and 0 <= bar.y <= chart.height for bar in chart.bars)
    assert charts.columns("x", [0, 0], [0, 0]) is None
    assert charts.columns("x", [3], [1]) is None
