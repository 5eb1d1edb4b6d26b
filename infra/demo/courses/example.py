"""The example school of the course CRM: its bot, and the crm.db from which its people come."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from infra.admin import bots
from infra.admin.courses import consent_texts, school
from infra.admin.courses.crm import example as crm
from infra.admin.database import Connection
from infra.demo.setup import set_webhook
from infra.local.keys import COURSES_BOT, Keys
from infra.sandbox.server import SandboxServer
from shared.credentials.account import Account

BOT, SCHOOL = "course-tg", "Академия Света"
TODAY, TOMORROW, ESSAY = "Границы", "Опоры", "Эссе о границах"
READERS = 40  # who left long ago and still read what the school writes


@dataclass(frozen=True)
class Person:
    """Somebody of the school: `chat` is their private chat with the bot."""

    id: int
    name: str
    chat: int


# The first three are those of every example (infra/admin/courses/crm/example.py).
CURATOR = Person(1, "Куратор", 900000001)
ANNA = Person(17, "Иванова Анна", 100000017)
BORIS = Person(18, "Петров Борис", 100000018)
VERA = Person(19, "Сидорова Вера", 100000019)
GLEB = Person(20, "Ким Глеб", 100000020)
LIDIA = Person(2, "Лидия", 900000002)  # a curator, too
PEOPLE = (CURATOR, LIDIA, ANNA, BORIS, VERA, GLEB)
PARTICIPANTS = (ANNA, BORIS, VERA, GLEB)


def noon() -> ZoneInfo:
    """The zone in which it is about noon: no story of a minute runs over midnight there, or into quiet hours."""
    hours = 12 - datetime.now(UTC).hour  # to the east
    return ZoneInfo(f"Etc/GMT{-hours:+}" if hours else "Etc/GMT")


def seed(connection: Connection, keys: Keys) -> None:
    """A school without people, its bot, and the texts of both consents."""
    account = Account("telegram", keys.courses_token)
    bots.add(connection, bots.prepare(BOT, "courses", account, keys.secrets_key))
    school.init(connection, {"name": SCHOOL, "timezone": noon().key}, bot=BOT)
    if not consent_texts.list_all(connection):
        consent_texts.add(connection, "processing", "Школа хранит данные о моей учёбе.", "The school keeps my data.")
        consent_texts.add(connection, "mailings", "Школа присылает мне новости.", "The school sends me its news.")


def connect(sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
    """The school's people have names, and what they do in their chats comes to telegram_webhook."""
    telegram = sandbox.telegram
    telegram.bot_of(COURSES_BOT).first_name = SCHOOL
    for somebody in PEOPLE:
        telegram.configure(somebody.chat, None, {"title": somebody.name})
    set_webhook(telegram, COURSES_BOT, BOT, keys, functions_url)


def write_crm(path: Path) -> None:
    """The crm.db that the school's former bot has left."""
    crm.write(path)
    with closing(sqlite3.connect(path)) as database, database:
        for table, row in _rows(datetime.now(noon()).date()):
            crm.insert(database, table, row)


def _rows(today: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """What comes to the invented school of every example: its newest week, and more that is not clean."""
    tomorrow = str(today + timedelta(days=1))
    yield "users", {"id": LIDIA.id, "telegram_id": LIDIA.chat, "full_name": LIDIA.name, "role": "curator"}
    yield "users", {"id": GLEB.id, "telegram_id": GLEB.chat, "full_name": GLEB.name, "phone": "8 (999) 000-00-20"}
    for somebody in (BORIS, VERA, GLEB):
        yield "participants", {"id": somebody.id, "user_id": somebody.id, "cohort_id": 1, "stream_id": 1}
    yield "sessions", {"id": 6, "start_date": f"{today:%d.%m.%Y}", "title": TODAY, "stream_id": 1}
    yield "sessions", {"id": 7, "start_date": tomorrow, "title": TOMORROW, "stream_id": 1}
    yield "healing_sessions", {"id": 2, "date": tomorrow, "time_start": "12:00", "note": "Одно место"}
    yield "assignments", {"id": 2, "title": ESSAY, "due_date": tomorrow, "created_by": CURATOR.chat}
    yield "attendance", {"id": 11, "user_id": 404, "session_id": 6, "status": "present"}  # of nobody
    yield "events", {"id": 2, "title": "Встреча без дня", "start_date": "скоро"}
    for number in range(READERS):
        reader = {"id": 200 + number, "telegram_id": 100000200 + number, "full_name": f"Читатель {number + 1}"}
        yield "users", reader
        yield "consents", {"telegram_id": reader["telegram_id"], "given": 1}
