"""A cohort's spreadsheet, read back as Excel reads it: the parts of the file and their cells."""

import re
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.courses import sheet
from shared.courses.sheet import Cohort

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+7900", "-1", "{=1}", "https://example.com", "\x00\x01<&>"]
ESCAPED = re.compile(r"_x([0-9A-F]{4})_")


def cells(content: bytes, number: int) -> dict[str, Any]:
    """The cells of a sheet by their place: texts, and numbers."""
    with ZipFile(BytesIO(content)) as file:
        strings = ET.fromstring(file.read("xl/sharedStrings.xml"))  # noqa: S314 - our own file
        found = ET.fromstring(file.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314
    texts = ["".join(part.text or "" for part in item.iter(f"{{{SPACE['m']}}}t")) for item in strings]
    assert found.findall(".//m:f", SPACE) == []  # no formula
    shown = {}
    for cell in found.iterfind(".//m:c", SPACE):
        value = cell.find("m:v", SPACE)
        assert value is not None
        is_text = cell.get("t") == "s"
        shown[cell.attrib["r"]] = texts[int(value.text or "")] if is_text else float(value.text or "")
    return shown


def note(user: int, session: int, status: str | None, minutes: int | None = None, **paid: bool) -> dict[str, Any]:
    return {"user_id": user, "session_id": session, "status": status, "minutes_late": minutes, "paid": None, **paid}


def test_people_stand_below_each_other_sessions_beside_each_other_and_totals_at_the_end() -> None:
    people = [{"id": 7, "name": "Иванова Анна", "stream": "Поток 1"}, {"id": 9, "name": "Яна", "stream": ""}]
    sessions = [
        {"id": 2, "day": date(2026, 3, 8), "title": "Вторая"},
        {"id": 1, "day": date(2026, 3, 7), "title": "Первая"},
    ]
    notes = [
        note(7, 1, "late", 15, paid=True), note(7, 2, "present", paid=False), note(9, 1, None), note(9, 2, "absent"),
    ]  # fmt: skip

    content = sheet.render(Cohort(people, sessions, notes), "ru")

    attendance, payments = cells(content, 1), cells(content, 2)
    assert [attendance[place] for place in ("A3", "B3", "C2", "D2", "A4")] == [
        "Иванова Анна", "Поток 1", "Первая", "Вторая", "Яна",
    ]  # fmt: skip
    assert attendance["D1"] - attendance["C1"] == 1  # days are days
    assert (attendance["C3"], attendance["D3"], attendance["D4"]) == ("опоздание, 15 мин", "был(а)", "не был(а)")
    assert "C4" not in attendance  # not noted is not absent
    assert [attendance[f"{column}2"] for column in "EFGH"] == ["был(а)", "опоздание", "не был(а)", "не отмечено"]
    assert [attendance[f"{column}{line}"] for line in (3, 4) for column in "EFGH"] == [1, 1, 0, 0, 0, 0, 1, 1]
    assert (payments["C3"], payments["D3"], payments["E3"], payments["F3"]) == ("оплачено", "не оплачено", 1, 1)
    with ZipFile(BytesIO(content)) as file:
        assert 'name="Посещаемость"' in file.read("xl/workbook.xml").decode()


@settings(max_examples=30, deadline=None)
@given(name=st.one_of(st.text(max_size=80), st.sampled_from(FORMULAS)))
def test_whatever_somebody_is_called_stays_a_text(name: str) -> None:
    people = [{"id": 1, "name": name, "stream": name}]
    sessions = [{"id": 1, "day": date(2026, 3, 7), "title": name}]

    content = sheet.render(Cohort(people, sessions, [note(1, 1, "present")]), "en")

    shown = cells(content, 1)
    for place in ("A3", "B3", "C2"):
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(shown.get(place, "")))
        assert re.sub(r"\s", " ", text) == re.sub(r"\s", " ", ESCAPED.sub(lambda f: chr(int(f[1], 16)), name))


def test_a_cohort_of_nobody_and_nothing_is_a_file_all_the_same() -> None:
    assert "A2" in cells(sheet.render(Cohort([], [], []), "en"), 2)
