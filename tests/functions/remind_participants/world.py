"""A school in Moscow, its people, what is to come, and a clock that tests set."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from functions.remind_participants import run
from shared.database import sql
from shared.database.pool import Database
from tests.conftest import rows
from tests.helpers import arrange

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = date(2031, 3, 7)
GUARD = sql.load("functions/dispatch_notifications/outbox/guards.py")["courses_reminder"]
FACTS = "select guard || jsonb_build_object('id', id) as facts from platform.outbox"
MORNING, TEN, NOON = time(9, 30), time(10), time(12)


def at(day: date, clock: time, zone: ZoneInfo = MOSCOW) -> datetime:
    """A moment on the school's clock."""
    return datetime.combine(day, clock, zone)


@dataclass
class School:
    """The school's tables, and the function's run."""

    connection: psycopg.Connection[DictRow]
    database: Database
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    bot: int = 0

    def __post_init__(self) -> None:
        self.bot = arrange.bot(self.connection, "course-tg", system="courses")
        self.insert("school", returning="bot_id", name="Школа", bot_id=self.bot)
        texts = {"text_ru": "Да?", "text_en": "Yes?"}
        self.insert("consent_texts", returning="version", purpose="processing", version=1, **texts)

    def insert(self, table: str, returning: str = "id", **values: Any) -> int:
        """A row of the schema; its id."""
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        statement = f"insert into courses.{table} ({names}) values ({marks}) returning {returning}"
        [row] = rows(self.connection, statement, *values.values())
        return int(row[returning])

    def person(self, *, agreed: bool = True, **columns: Any) -> int:
        """Somebody of the school with an account; their id."""
        telegram_id = 7_400_000_000 + next(self.numbers)
        if agreed:
            self.insert("consents", telegram_id=telegram_id, purpose="processing", version=1)
        return self.insert("users", **{"telegram_id": telegram_id, "full_name": "Ким Анна", **columns})

    def participant(self, stream: int | None = None, *, agreed: bool = True, **columns: Any) -> int:
        """Somebody who has been taking part since long ago; their id."""
        user = self.person(agreed=agreed, **columns)
        self.insert("participants", user_id=user, stream_id=stream, created_at=at(DAY, NOON) - timedelta(days=300))
        return user

    def session(self, day: date = DAY, clock: time | None = TEN, **columns: Any) -> int:
        """A session of all streams, unless columns say otherwise."""
        return self.insert("sessions", start_date=day, start_time=clock, **{"title": "Опоры", **columns})

    async def remind(self, now: datetime, most: int = 500) -> int:
        """A run at that moment; how many reminders were enqueued."""
        report = await run.run(self.database, 30, "c" * 32, now, most)
        assert report["remaining"] == 0
        return report["done"]

    def reminded(self) -> list[tuple[int, str]]:
        """Whom (users.id) and of what (kind and lead), in the order in which it was enqueued."""
        query = """select guard ->> 'user_id' as who, concat_ws('/', guard ->> 'reminder', guard ->> 'lead') as what
                   from platform.outbox where kind = 'courses/reminder' order by id"""
        return [(int(row["who"]), row["what"]) for row in rows(self.connection, query)]

    def texts(self) -> list[str]:
        """What they read."""
        query = "select payload ->> 'text' as text from platform.outbox order by id"
        return [row["text"] for row in rows(self.connection, query)]

    def standing(self) -> int:
        """How many of the messages would still be sent now."""
        facts = [row["facts"] for row in rows(self.connection, FACTS)]
        ended = self.connection.execute(GUARD, {"facts": Jsonb(facts)}).fetchall()
        return len(facts) - len(ended)
