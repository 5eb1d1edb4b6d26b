"""An invented school's crm.db, as a course bot makes it, to rehearse with."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from infra.admin.errors import AdminError

# Column by column as the bot declares them; types decide what SQLite makes of a value.
TABLES: Mapping[str, str] = {
    "users": "id integer primary key autoincrement, telegram_id integer unique, username text, nickname text unique,"
    " password text, full_name text, role text default 'user', phone text, email text, events text,"
    " participants text, cohort_id integer",
    "cohorts": "id integer primary key autoincrement, name text unique not null",
    "participants": "id integer primary key autoincrement, user_id integer unique, cohort_id integer,"
    " stream_id integer, created_at text default current_timestamp",
    "streams": "id integer primary key autoincrement, title text not null",
    "consents": "telegram_id integer primary key, given integer not null default 0, ts text default current_timestamp",
    "topics": "id integer primary key, code text unique, title text, annotation text",
    "session_days": "id integer primary key, date text not null, stream_id integer, topic_id integer, topic_code text,"
    " unique (date, stream_id)",
    "materials": "id integer primary key autoincrement, title text not null, body text, tg_file_id text, mime text,"
    " created_by integer, created_at text default current_timestamp",
    "assignments": "id integer primary key autoincrement, title text not null, body text, material_id integer,"
    " due_date text, created_by integer, created_at text default current_timestamp",
    "broadcasts": "id integer primary key autoincrement, title text not null, body text, attachment_file_id text,"
    " attachment_mime text, audience text not null, cohort_id integer, created_by integer, scheduled_at text,"
    " sent_at text, status text default 'pending', stats_json text",
    "broadcast_recipients": "broadcast_id integer not null, user_id integer not null, status text default 'queued',"
    " error text, sent_at text, primary key (broadcast_id, user_id)",
    "sessions": "id integer primary key autoincrement, start_date text not null, end_date text, topic_code text,"
    " title text, annotation text, stream_id integer, cohort_id integer",
    "events": "id integer primary key autoincrement, title text not null, start_date text not null, end_date text,"
    " note text",
    "healing_sessions": "id integer primary key autoincrement, date text not null, time_start text not null, note text",
    "user_flags": "user_id integer primary key, notify_enabled integer default 1",
    "attendance": "id integer primary key autoincrement, user_id integer not null, session_id integer not null,"
    " status text not null check (status in ('present', 'absent', 'late')), noted_at text default current_timestamp,"
    " noted_by integer",
    "payments": "id integer primary key autoincrement, user_id integer not null, session_id integer not null,"
    " paid integer not null check (paid in (0, 1)), noted_at text default current_timestamp, noted_by integer",
    "homework_delivery": "id integer primary key, session_id integer not null, user_id integer not null,"
    " link text not null, sent_at text not null default current_timestamp, sent_by integer,"
    " unique (session_id, user_id)",
}

HASH = "$2b$12$" + "abcdefghijklmnopqrstuvwxyz./ABCDEFGHIJKLMNOPQRSTUVWXY"
# Two curators' telegram ids are 900000001 and 900000002.
SCHOOL: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "cohorts": [{"id": 1, "name": "Осень"}, {"id": 2, "name": "Весна"}],
    "streams": [{"id": 1, "title": "Первый"}, {"id": 2, "title": "Второй"}],
    "topics": [{"id": 1, "code": "ПТГ-2", "title": "Портрет"}, {"id": 2, "code": "МАСП-3", "title": "Масштаб"}],
    "users": [
        {"id": 1, "telegram_id": 900000001, "username": "curator", "full_name": "Куратор", "role": "curator"},
        {"id": 17, "telegram_id": 100000017, "username": "sample_anna", "nickname": "sample_anna", "password": HASH,
         "full_name": "Иванова Анна Сергеевна", "phone": "+79990000017", "email": "anna@example.com", "cohort_id": 2},
        {"id": 18, "telegram_id": 100000018, "username": "sample_boris", "nickname": "sample_boris",
         "full_name": "Петров Борис Ильич", "email": "boris@example.com", "cohort_id": 1},
    ],
    "participants": [{"id": 3, "user_id": 17, "cohort_id": 1, "stream_id": 1, "created_at": "2025-08-24 10:11:12"}],
    "user_flags": [{"user_id": 18, "notify_enabled": 0}],
    "consents": [{"telegram_id": 100000017, "given": 1, "ts": "2025-08-24 10:00:00"}],
    "session_days": [{"id": 1, "date": "2025-09-13", "stream_id": 2, "topic_id": 1, "topic_code": "ПТГ-2"}],
    "sessions": [
        {"id": 4, "start_date": "2025-09-13", "end_date": "2025-09-14", "topic_code": "ПТГ-2", "stream_id": 1},
        {"id": 5, "start_date": "2025-09-20", "title": "Встреча", "cohort_id": 1},
    ],
    "events": [{"id": 1, "title": "Выпускной", "start_date": "2025-12-20"}],
    "healing_sessions": [{"id": 1, "date": "2025-10-01", "time_start": "18:30", "note": "Зал 2"}],
    "materials": [{"id": 1, "title": "Книга", "tg_file_id": "BQAD", "mime": "application/pdf",
                   "created_by": 900000001, "created_at": "2025-09-01 08:00:00"}],
    "assignments": [{"id": 1, "title": "Задание", "material_id": 1, "due_date": "2025-09-30",
                     "created_by": 900000001, "created_at": "2025-09-01 08:00:00"}],
    "attendance": [
        {"id": 8, "user_id": 18, "session_id": 4, "status": "absent", "noted_at": "2025-09-27 03:51:13",
         "noted_by": 900000001},
        {"id": 9, "user_id": 17, "session_id": 4, "status": "late", "noted_at": "2025-09-27 03:51:14",
         "noted_by": 900000001},
    ],
    "payments": [{"id": 1, "user_id": 17, "session_id": 4, "paid": 1, "noted_at": "2025-09-27 03:51:13"}],
    "homework_delivery": [{"id": 1, "session_id": 4, "user_id": 17, "link": "https://example.com/1",
                           "sent_at": "2025-09-28 10:00:00", "sent_by": 900000001}],
    "broadcasts": [{"id": 1, "title": "Привет", "audience": "cohort", "cohort_id": 1, "created_by": 900000001,
                    "scheduled_at": "2025-09-01 12:00", "sent_at": "2025-09-01 09:00:05", "status": "done",
                    "stats_json": '{"sent": 1, "failed": 0}'}],
    "broadcast_recipients": [{"broadcast_id": 1, "user_id": 17, "status": "sent", "sent_at": "2025-09-01 09:00:04"}],
}  # fmt: skip
# As such databases are: a password that everybody can read, a phone with a sign that is none, a curator who has left.
DIRTY: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "users": [
        {"id": 19, "telegram_id": 100000019, "username": "@sample_vera", "password": "01011990",
         "full_name": "Сидорова Вера Павловна ", "phone": "±79990000019", "cohort_id": "None"},
    ],
    "attendance": [{"id": 10, "user_id": 19, "session_id": 4, "status": "present", "noted_by": 900000009,
                    "noted_at": "2025-09-27 03:51:15"}],
}  # fmt: skip


def write(path: Path) -> None:
    """Make the file. Raises AdminError when there is one already, OSError when there cannot be one."""
    if path.exists():
        raise AdminError(f"{path.name} is there already", "give the name of a new file")
    path.touch()
    with closing(sqlite3.connect(path)) as database, database:
        for name, columns in TABLES.items():
            database.execute(f"create table {name} ({columns})")
        for rows in (SCHOOL, DIRTY):
            for table, found in rows.items():
                for row in found:
                    insert(database, table, row)


def insert(database: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Add a row."""
    marks = ", ".join("?" * len(row))
    database.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", tuple(row.values()))  # noqa: S608
