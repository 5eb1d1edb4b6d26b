"""A school whose events a real dispatcher brings to the Telegram stand-in."""

import asyncio
from functools import partial

import psycopg

from functions.dispatch_notifications.run import Run
from shared import config
from shared.database.pool import Database
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon, Ran

EVENT = (
    "insert into getcourse.webhook_events (source_id, event_date, user_id, answer_id, answer_training_id, answer_text)"
    " values (%s, now(), '11', '501', '7', %s) returning id"
)


def school(connection: psycopg.Connection[object]) -> int:
    """A source, its bot, a mentor, a student and the mapping; the source's id."""
    arrange.bot(connection)
    student = arrange.student(connection, getcourse_id="11", email=canaries.EMAIL, last_name=canaries.STUDENT)
    arrange.mapping(connection, student, arrange.mentor(connection, getcourse_id="21", telegram_id=5001), "7")
    return arrange.source(connection)


async def dispatch(database: Database, telegram_url: str, database_url: str) -> None:
    """One run of dispatch_notifications."""
    settings = config.load(
        {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "TELEGRAM_API_URL": telegram_url}
    )
    await Run(database, settings, 5.0).run()


async def in_thread(carillon: Carillon, *arguments: str) -> Ran:
    """Run a command in a thread: some start an event loop of their own."""
    return await asyncio.to_thread(partial(carillon, *arguments))
