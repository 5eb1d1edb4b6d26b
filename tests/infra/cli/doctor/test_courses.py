"""carillon doctor's lines about the course CRM."""

from pathlib import Path

import psycopg
from psycopg.rows import DictRow

from infra.admin.courses.crm.importing import import_file
from infra.admin.doctor import courses
from tests.helpers import arrange, crm

Connection = psycopg.Connection[DictRow]


def lines(connection: Connection) -> list[tuple[str, str]]:
    return [(finding.status, finding.message) for finding in courses.school(connection)]


def test_without_a_school_there_is_nothing_to_say(connection: Connection) -> None:
    assert lines(connection) == []


def test_what_a_school_lacks_is_said_with_the_next_step(connection: Connection) -> None:
    connection.execute("insert into courses.school (name) values ('Школа')")
    connection.execute("insert into courses.users (role) values ('curator')")

    assert lines(connection) == [
        ("warning", "Школа has no bot"),
        ("warning", "Школа has no administrator whom its bot knows"),
        ("warning", "1 curators and administrators have no Telegram id"),
        ("problem", f"there is no text of the consent to processing: {courses.NEEDED_FOR['processing']}"),
        ("warning", "there is no text of the consent to mailings: no broadcast reaches anybody"),
    ]  # fmt: skip
    assert all(finding.next_step for finding in courses.school(connection))


def test_what_an_import_left_out_is_counted(connection: Connection, tmp_path: Path) -> None:
    bot = arrange.bot(connection, system="courses")
    connection.execute("insert into courses.school (name, bot_id) values ('Школа', %s)", (bot,))
    connection.execute("insert into courses.users (role, telegram_id) values ('admin', 500000001)")
    connection.execute(
        "insert into courses.consent_texts (purpose, version, text_ru, text_en)"
        " select p, 1, 'да', 'yes' from unnest(enum_range(null::courses.consent_purpose)) p"
    )
    assert lines(connection) == [("ok", "Школа uses bot school")]
    path = crm.make(tmp_path / "crm.db")
    crm.add(path, "attendance", {"id": 10, "user_id": 99, "session_id": 4, "status": "present"},
            {"id": 11, "user_id": 17, "session_id": 5, "status": "present", "noted_by": 5})  # fmt: skip
    import_file(connection, path, write=True)

    assert lines(connection)[1:] == [
        ("warning", "1 rows of a crm.db were not taken over"),
        ("ok", "of 1 rows of a crm.db something was left out and is kept"),
    ]
