"""Rows as they are in a crm.db that lived for years: each is taken, taken and mended, or kept with a reason."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import rows
from tests.helpers import crm
from tests.infra.admin.courses.conftest import Connection, Import, of

USER, SESSION = {"id": 20}, {"id": 9, "start_date": "2025-10-10"}
NOTED = {"id": 20, "user_id": 17, "session_id": 5, "noted_at": "2025-10-01 10:00:00"}
# table, cells, what was mended, columns of the row that was taken.
MENDED: tuple[tuple[str, Mapping[str, Any], list[str], Mapping[str, Any]], ...] = (
    ("users", {**USER, "phone": "±79990000018"}, ["phone was rewritten"], {"phone": "+79990000018"}),
    ("users", {**USER, "phone": "8 (999) 000-00-18"}, ["phone was rewritten"], {"phone": "+79990000018"}),
    ("users", {**USER, "phone": "9990000018"}, ["phone was rewritten"], {"phone": "+79990000018"}),
    ("users", {**USER, "phone": "+4915112345678"}, [], {"phone": "+4915112345678"}),
    ("users", {**USER, "phone": "спросить у мужа"}, ["phone cannot be read"], {"phone": None}),
    ("users", {**USER, "phone": "12345678901234567"}, ["phone cannot be read"], {"phone": None}),
    ("users", {**USER, "phone": "+79990000018, +79990000019"}, ["phone cannot be read"], {"phone": None}),
    ("users", {**USER, "email": "нет"}, ["email is none"], {"email": None}),
    ("users", {**USER, "password": "01011990"}, ["password was no hash: it is to be set anew"], {"password": None}),
    ("users", {**USER, "role": "Curator"}, [], {"role": "curator"}),
    ("users", {**USER, "role": "владелец"}, ["role is none that we know"], {"role": "user"}),
    ("users", {**USER, "telegram_id": -5}, ["telegram_id is none"], {"telegram_id": None}),
    ("users", {**USER, "telegram_id": "None"}, ["telegram_id said «None»"], {"telegram_id": None}),
    ("users", {**USER, "username": "@anna"}, ["username had an @"], {"username": "anna"}),
    ("users", {**USER, "full_name": " Анна "}, ["full_name had spaces around it"], {"full_name": "Анна"}),
    ("users", {**USER, "full_name": "А\0нна"}, ["full_name had broken characters"], {"full_name": "А\ufffdнна"}),
    ("users", {**USER, "full_name": b"\xc0\xed\xed\xe0"}, ["full_name had broken UTF-8"], {"full_name": "\ufffd" * 4}),
    ("users", {**USER, "full_name": 42}, [], {"full_name": "42"}),
    ("users", {**USER, "events": "[1]", "participants": "x"},
     ["events means nothing to us", "participants means nothing to us"], {}),
    ("users", {**USER, "cohort_id": "вторая"}, ["cohort_id cannot be read"], {"cohort_id": None}),
    ("users", {**USER, "cohort_id": 0}, ["cohort_id names a row that is not there"], {"cohort_id": None}),
    ("users", {**USER, "nickname": ""}, [], {"nickname": None}),
    ("cohorts", {"id": 3, "name": ""}, ["name was missing"], {"name": "Когорта 3"}),
    ("participants", {"id": 5, "user_id": 18, "created_at": "вчера"},
     ["created_at cannot be read", "created_at is not known: the time of the import stands for it"], {}),
    ("user_flags", {"user_id": 17, "notify_enabled": 7}, ["notify_enabled is neither yes nor no"],
     {"notify_enabled": False}),
    ("session_days", {"id": 9, "date": "13.09.2025", "stream_id": 1, "topic_code": "МАСП-3"},
     ["date was written differently", "topic_id was found by topic_code"], {"topic_id": 2}),
    ("session_days", {"id": 9, "date": "2025-09-13", "stream_id": 1, "topic_id": 1, "topic_code": "МАСП-3"},
     ["topic_code is not that of topic_id"], {"topic_id": 1}),
    ("sessions", {**SESSION, "end_date": "2025-10-01"}, ["end_date is before start_date"], {"end_date": None}),
    ("sessions", {**SESSION, "start_date": "2025-10-10 00:00:00"}, ["start_date was written differently"], {}),
    ("healing_sessions", {"id": 2, "date": "2025-10-01", "time_start": "9.05"},
     ["time_start was written differently"], {}),
    ("assignments", {"id": 2, "title": "x", "due_date": "до пятницы", "created_at": "2025-10-01"},
     ["due_date cannot be read"], {"due_date": None}),
    ("attendance", {**NOTED, "status": "late", "noted_by": 5}, ["noted_by is nobody's Telegram id"],
     {"noted_by": None}),
    ("broadcasts", {"id": 2, "title": "x", "audience": "all", "status": "pending"},
     ["status was not finished: it is not sent from here"], {"status": "error"}),
    ("broadcasts", {"id": 2, "title": "x", "audience": "all", "status": "done", "stats_json": '{"a": NaN}'},
     ["stats_json cannot be read"], {"stats_json": {}}),
    ("broadcasts", {"id": 2, "title": "x", "audience": "everybody", "cohort_id": 1, "status": "done"},
     ["audience is none that we know", "cohort_id is not its audience"], {"audience": "all", "cohort_id": None}),
)  # fmt: skip
# table, cells, why it was rejected.
REJECTED: tuple[tuple[str, Mapping[str, Any], str], ...] = (
    ("participants", {"id": 5, "user_id": 99}, "user_id names a row that is not there"),
    ("consents", {"telegram_id": 100000018, "given": 0}, "no consent was given"),
    ("sessions", {**SESSION, "start_date": "2025-13-45"}, "start_date is none"),
    ("healing_sessions", {"id": 2, "date": "2025-10-01", "time_start": "утром"}, "time_start is none"),
    ("attendance", {**NOTED, "user_id": 99, "status": "late"}, "user_id names a row that is not there"),
    ("payments", {**NOTED, "session_id": 99, "paid": 1}, "session_id names a row that is not there"),
    ("homework_delivery", {"id": 2, "session_id": 4, "user_id": 18, "link": " "}, "link is missing"),
    ("broadcast_recipients", {"broadcast_id": 9, "user_id": 17}, "broadcast_id names a row that is not there"),
)


@pytest.mark.parametrize(("table", "cells", "mends", "columns"), MENDED, ids=str)
def test_a_row_is_mended(
    table: str, cells: Mapping[str, Any], mends: list[str], columns: Mapping[str, Any], take_over: Import,
    school: Connection, path: Path,
) -> None:  # fmt: skip
    crm.add(path, table, cells)

    found = of(take_over(), table)

    assert (found.get("mends", {}), found.get("rejected", 0)) == (dict.fromkeys(mends, 1), 0)
    key = next(iter(cells))
    [row] = rows(school, f"select * from courses.{table} where {key} = {cells[key]}")
    assert {name: row[name] for name in columns} == columns


@pytest.mark.parametrize(("table", "cells", "reason"), REJECTED, ids=str)
def test_a_row_is_rejected_and_kept(
    table: str, cells: Mapping[str, Any], reason: str, take_over: Import, school: Connection, path: Path
) -> None:
    crm.add(path, table, cells)

    found = of(take_over(), table)

    assert found["reasons"] == {reason: 1}
    [kept] = rows(school, "select source_table, reason, content from courses.import_rejections")
    assert (kept["source_table"], kept["reason"]) == (table, reason)
    assert {name: kept["content"][name] for name in cells} == cells


def test_of_what_was_noted_twice_the_newest_counts(take_over: Import, school: Connection, tmp_path: Path) -> None:
    path = crm.make(tmp_path / "twice.db")
    same = {"user_id": 17, "session_id": 5}
    crm.add(path, "attendance", {**same, "id": 30, "status": "present", "noted_at": "2025-10-03 10:00:00"},
            {**same, "id": 31, "status": "absent", "noted_at": "2025-10-02 10:00:00"},
            {**same, "id": 32, "status": "late", "noted_at": "когда-то"})  # fmt: skip

    assert of(take_over(path), "attendance")["reasons"] == {"another row says it of the same, later": 2}
    assert rows(school, "select status from courses.attendance where session_id = 5") == [{"status": "present"}]
    assert of(take_over(path), "attendance") == {"read": 5, "already_here": 3, "rejected": 2, "reasons": {
        "another row says it of the same, later": 1, "it is noted here already": 1}}  # fmt: skip


def test_telegram_ids_nicknames_and_names_are_one_persons(
    take_over: Import, school: Connection, tmp_path: Path
) -> None:
    path = crm.make(tmp_path / "loose.db", declared=crm.loose("users", "cohorts", "topics", "participants"))
    crm.add(
        path, "users", {"id": 20, "telegram_id": 100000017, "nickname": "sample_anna"}, {"id": 17, "full_name": "Ещё"}
    )
    crm.add(path, "cohorts", {"id": 3, "name": "Осень"})
    crm.add(path, "topics", {"id": 3, "code": "ПТГ-2"})
    crm.add(path, "participants", {"id": 6, "user_id": 17})

    report = take_over(path)

    assert of(report, "users")["mends"] == {"telegram_id is another's": 1, "nickname is another's": 1}
    assert of(report, "users")["reasons"] == {"id is another row's in the file": 1}
    assert of(report, "cohorts")["mends"] == {"name was another's too": 1}
    assert of(report, "topics")["mends"] == {"code is another's": 1}
    assert of(report, "participants")["reasons"] == {"user_id takes part already": 1}
    assert rows(school, "select name from courses.cohorts where id = 3") == [{"name": "Осень (3)"}]


def test_passwords_are_nowhere_but_where_they_are_hashed(take_over: Import, school: Connection, tmp_path: Path) -> None:
    path = crm.make(tmp_path / "loose.db", declared=crm.loose("users"))
    crm.add(
        path,
        "users",
        {"id": "?", "password": "canary1", "events": "x"},
        {"id": 20, "password": "canary2", "events": "x"},
    )

    take_over(path)

    for table in ("users", "import_rejections"):
        assert not [
            row for row in rows(school, f"select t::text as row from courses.{table} t") if "canary" in row["row"]
        ]
    assert rows(school, "select count(*) from courses.import_rejections") == [{"count": 2}]
