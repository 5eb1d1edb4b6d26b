"""A crm.db is taken over: what is in it comes over, dirty rows are mended or kept, a rerun takes what is new."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from infra.admin.courses.crm.importing import import_file
from infra.admin.errors import AdminError
from tests.conftest import rows
from tests.helpers import crm
from tests.infra.admin.courses.conftest import Connection, Import, of


def test_a_clean_database_comes_over_whole(take_over: Import, school: Connection) -> None:
    report = take_over()

    assert {table.table: table.taken for table in report.tables} == {
        name: len(found) for name, found in crm.SCHOOL.items()
    }
    assert (report.total("rejected"), report.total("mended"), report.notes) == (0, 0, [])
    assert rows(school, "select * from courses.import_rejections") == []
    for table in crm.SCHOOL:
        assert rows(school, f"select count(*) from courses.{table}") == [{"count": len(crm.SCHOOL[table])}]


def test_values_have_their_types_and_ids_are_kept(take_over: Import, school: Connection) -> None:
    take_over()

    [anna] = rows(school, "select u.*, u.created_at is not null as dated from courses.users u where id = 17")
    assert (anna["telegram_id"], anna["password"], anna["phone"], anna["cohort_id"]) == (
        100000017,
        crm.HASH,
        "+79990000017",
        2,
    )
    noted = "select id, status, noted_by, noted_at at time zone 'UTC' as at from courses.attendance order by id"
    assert [(row["id"], row["status"], row["noted_by"], f"{row['at']}") for row in rows(school, noted)] == [
        (8, "absent", 1, "2025-09-27 03:51:13"),
        (9, "late", 1, "2025-09-27 03:51:14"),
    ]
    [cast] = rows(
        school, "select scheduled_at at time zone 'UTC' as at, stats_json, created_by from courses.broadcasts"
    )
    assert (f"{cast['at']}", cast["stats_json"], cast["created_by"]) == (
        "2025-09-01 09:00:00",
        {"sent": 1, "failed": 0, "queued": 0, "skipped": 0},
        1,
    )
    consent = "select telegram_id, purpose, version, withdrawn_at from courses.consents"
    assert [tuple(row.values()) for row in rows(school, consent)] == [(100000017, "processing", 0, None)]


def test_a_dry_run_writes_nothing(school: Connection, path: Path) -> None:
    report = import_file(school, path)

    assert (report.applied, report.total("taken")) == (False, sum(map(len, crm.SCHOOL.values())))
    for table in (*crm.SCHOOL, "imports", "import_rejections", "consent_texts"):
        assert rows(school, f"select count(*) from courses.{table}") == [{"count": 0}]


def test_the_file_stays_as_it_is_also_with_a_log_beside_it_and_a_writer_in_it(
    take_over: Import, school: Connection, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        crm.insert(writer, "streams", {"id": 3, "title": "Третий"})
        writer.execute("begin immediate")
        crm.insert(writer, "streams", {"id": 4, "title": "Вот-вот"})
        before = path.read_bytes()

        assert of(take_over(), "streams") == {"read": 3, "taken": 3}
        assert path.read_bytes() == before
        writer.execute("commit")
    assert rows(school, "select title from courses.streams where id = 3") == [{"title": "Третий"}]


def test_a_rerun_takes_what_is_new_and_undoes_nothing(take_over: Import, school: Connection, path: Path) -> None:
    take_over()
    school.execute("update courses.users set full_name = 'Новая', phone = null where id = 17")
    school.execute("update courses.attendance set status = 'present', noted_by = 1 where id = 8")
    school.execute("delete from courses.events")
    school.execute("insert into courses.attendance (user_id, session_id, status) values (17, 5, 'present')")
    crm.add(path, "users", {"id": 19, "full_name": "Вера"})
    crm.add(path, "attendance", {"id": 10, "user_id": 19, "session_id": 4, "status": "present"},
            {"id": 11, "user_id": 17, "session_id": 5, "status": "absent"})  # fmt: skip
    crm.add(path, "broadcast_recipients", {"broadcast_id": 1, "user_id": 18, "status": "failed"})

    report = take_over()

    assert of(report, "users") == {"read": 4, "taken": 1, "already_here": 3}
    assert of(report, "attendance") == {
        "read": 4, "taken": 1, "already_here": 2, "rejected": 1, "reasons": {"it is noted here already": 1},
    }  # fmt: skip
    assert of(report, "broadcast_recipients") == {"read": 2, "taken": 1, "already_here": 1}
    assert of(report, "events") == {"read": 1, "already_here": 1}
    assert rows(school, "select full_name, phone from courses.users where id = 17") == [
        {"full_name": "Новая", "phone": None}
    ]
    noted = "select status from courses.attendance where user_id in (17, 18) order by id"
    assert [row["status"] for row in rows(school, noted)] == ["present", "late", "present"]
    assert rows(school, "select count(*) from courses.attendance_history") == [{"count": 1}]


def test_ids_of_ours_keep_out_of_the_way_of_those_that_are_to_come(
    take_over: Import, school: Connection, path: Path
) -> None:
    take_over()
    new = "insert into courses.users (full_name) values ('Новый') returning id"
    [first] = rows(school, new)
    crm.add(path, "users", {"id": first["id"], "full_name": "Тот же номер"}, {"id": 20, "full_name": "Другой"})

    report = take_over()

    assert first["id"] == 1_000_001
    assert of(report, "users")["reasons"] == {"its id is another's here": 1}
    assert rows(school, new) == [{"id": first["id"] + 1}]


def test_what_was_rejected_is_taken_when_what_it_lacked_has_come(
    take_over: Import, school: Connection, path: Path
) -> None:
    crm.add(path, "attendance", {"id": 10, "user_id": 99, "session_id": 4, "status": "present"})
    assert of(take_over(), "attendance")["reasons"] == {"user_id names a row that is not there": 1}
    kept = "select source_table, source_row, reason, content from courses.import_rejections"
    [rejected] = rows(school, kept)
    assert (rejected["source_table"], rejected["source_row"], rejected["content"]["user_id"]) == (
        "attendance",
        "10",
        99,
    )

    assert of(take_over(), "attendance")["rejected"] == 1
    assert rows(school, kept) == [rejected]
    crm.add(path, "users", {"id": 99})

    assert of(take_over(), "attendance") == {"read": 3, "taken": 1, "already_here": 2}
    assert rows(school, kept) == []


def test_streams_cohorts_and_topics_that_are_only_named_are_made(
    take_over: Import, school: Connection, path: Path
) -> None:
    crm.add(
        path, "sessions", {"id": 6, "start_date": "2025-10-01", "stream_id": 7, "cohort_id": 9, "topic_code": "НОВ-1"}
    )

    report = take_over()

    assert (of(report, "streams")["made"], of(report, "cohorts")["made"], of(report, "topics")["made"]) == (1, 1, 1)
    assert of(report, "sessions") == {"read": 3, "taken": 3}
    session = (
        "select s.stream_id, s.cohort_id, t.id from courses.sessions s join courses.topics t on t.code = s.topic_code"
    )
    assert [tuple(row.values()) for row in rows(school, f"{session} where s.id = 6")] == [(7, 9, 1_000_001)]
    assert of(take_over(), "sessions") == {"read": 3, "already_here": 3}


def test_tables_and_columns_that_lack_or_that_nobody_knows_are_told(
    school: Connection, tmp_path: Path, take_over: Import
) -> None:
    lacking = {name: columns for name, columns in crm.TABLES.items() if name not in ("events", "user_flags")}
    lacking["sessions"] = lacking["sessions"].removesuffix(", cohort_id integer")
    path = crm.make(tmp_path / "old.db", declared={**lacking, "notes": "id integer"}, rows=False)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("alter table users add column telegram_name text")
        crm.insert(database, "users", {"id": 1, "full_name": "Анна", "telegram_name": "anna", "password": "secret"})
        crm.insert(database, "sessions", {"id": 1, "start_date": "2025-10-01"})

    report = take_over(path)

    assert report.notes == [
        "tables that are not there: user_flags, events",
        "tables that are not taken over: notes",
        "users has columns that we do not have, their cells are kept beside: telegram_name",
        "sessions has no cohort_id",
    ]
    assert of(report, "sessions") == {"read": 1, "taken": 1}
    [kept] = rows(school, "select content from courses.import_rejections")
    assert kept["content"] == {"telegram_name": "anna"}


def test_a_view_in_a_tables_place_is_not_read_and_told(school: Connection, path: Path) -> None:
    """It may have no end."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("drop table users")
        database.execute(
            "create view users as with recursive n (id) as (select 1 union all select id + 1 from n) select * from n"
        )

    report = import_file(school, path)

    assert of(report, "users") == {}
    assert "tables that are not there: users" in report.notes
    assert "views are not read, only tables are: users" in report.notes


def test_files_that_cannot_be_taken_over_are_refused_with_a_next_step(school: Connection, tmp_path: Path) -> None:
    text = tmp_path / "dump.sql"
    text.write_text("CREATE TABLE users (id INTEGER);" * 100, encoding="utf-8")
    empty = crm.make(tmp_path / "empty.db", declared={"other": "id integer"}, rows=False)
    damaged = crm.make(tmp_path / "damaged.db")
    content = bytearray(damaged.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    damaged.write_bytes(content)

    for path, cause in ((text, "no SQLite database"), (empty, "none of a crm.db's tables"), (damaged, "damaged")):
        with pytest.raises(AdminError, match=cause) as refused:
            import_file(school, path, write=True)
        assert refused.value.next_step


def test_without_a_school_nothing_is_taken_over(connection: Connection, path: Path) -> None:
    with pytest.raises(AdminError, match="no school") as refused:
        import_file(connection, path)
    assert "courses init" in refused.value.next_step


def test_whoever_writes_the_same_at_the_same_moment_stops_the_whole_import(
    school: Connection, path: Path, direct_url: str
) -> None:
    with psycopg.connect(direct_url) as other:
        other.execute("insert into courses.cohorts (id, name) values (1, 'Осень')")

        def commit(table: str, _rows: int, _total: int) -> None:
            if table == "cohorts":  # its rows were read, and are being written or about to be
                other.commit()

        with pytest.raises(AdminError, match="nothing was written") as refused:
            import_file(school, path, write=True, on_progress=commit)

    assert "run it again" in refused.value.next_step
    assert rows(school, "select id from courses.cohorts") == [{"id": 1}]
    assert rows(school, "select from courses.imports") == []
    assert of(import_file(school, path, write=True), "cohorts") == {
        "read": 2, "taken": 1, "rejected": 1, "reasons": {"its id is another's here": 1},
    }  # fmt: skip
