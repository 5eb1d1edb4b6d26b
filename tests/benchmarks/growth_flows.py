"""What a million of something costs in WAL, at the end of a long history: the four flows that carry everything."""

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import psycopg

from functions.dispatch_notifications.getcourse.notify import create_notifications
from shared.database import sql
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import Kind
from shared.uuid7 import uuid7
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan
from tests.growth.filling import Life
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT

BATCH = 50  # webhooks in a statement
BROADCAST = Kind("courses/news", priority="bulk")
STORE = sql.load(str(ROOT / "functions/ingest_webhook/getcourse/store.py"))["store_answers"]
ACQUIRE = sql.load(str(ROOT / "shared/http/idempotency.py"))["acquire"]
SAVE = sql.load(str(ROOT / "functions/agent_reply/save_reply.py"))["save"]
# Whole records of several tables are shared out by what each block of them weighs.
TABLES = """
    select coalesce(owner.oid, c.oid)::regclass::text, sum(w.block_data_length + w.block_fpi_length)::bigint
    from pg_get_wal_block_info(%s::pg_lsn, %s::pg_lsn) w
    join pg_catalog.pg_class c on pg_relation_filenode(c.oid) = w.relfilenode
    left join pg_catalog.pg_index i on i.indexrelid = c.oid
    left join pg_catalog.pg_class owner on owner.oid = i.indrelid
    where c.oid >= 16384
    group by 1 order by 2 desc
"""


# Nobody vacuums meanwhile: what that writes belongs to no flow.
UNDISTURBED = """
    do $$
    declare name text;
    begin
        for name in select oid::regclass::text from pg_catalog.pg_class where oid >= 16384 and relkind = 'r' loop
            execute format('alter table %s set (autovacuum_enabled = off)', name);
        end loop;
    end $$
"""


@dataclass(frozen=True)
class Flow:
    """What so many of it wrote, in bytes: altogether, and by table with its indexes."""

    done: int
    wal: int
    tables: dict[str, int]


def run(plan: Plan, url: str, life: Life) -> Iterator[tuple[str, Flow]]:
    """Let each flow happen, as often as a hundredth of the history has rows, and each after a checkpoint."""
    times = life.rows // 100 // BATCH * BATCH
    with psycopg.connect(url, autocommit=True) as connection, ExitStack() as stack:
        connection.execute("create extension if not exists pg_walinspect")
        connection.execute(UNDISTURBED)
        connection.execute("update platform.webhook_sources set collapse_seconds = 0")
        connection.execute("update platform.bots set status = 'paused'")  # their tokens open nothing
        dispatcher = stack.enter_context(_dispatcher(plan, url))
        for name, work in (
            ("webhooks", lambda: _webhooks(connection, life, times)),
            ("told", lambda: asyncio.run(_told(url))),
            ("broadcast", lambda: asyncio.run(_broadcast(url, connection, dispatcher, times))),
            ("replies", lambda: _replies(connection, life, times)),
        ):
            yield name, _flow(connection, work)


def _flow(connection: psycopg.Connection[tuple[object, ...]], work: Callable[[], int]) -> Flow:
    connection.execute("checkpoint")
    begin = _position(connection)
    done = work()
    end = _position(connection)
    [wal] = connection.execute("select %s::pg_lsn - %s::pg_lsn", (end, begin)).fetchone() or [0]
    tables = {str(table): int(str(written)) for table, written in connection.execute(TABLES, (begin, end)).fetchall()}
    return Flow(done, int(str(wal)), tables)


def _position(connection: psycopg.Connection[tuple[object, ...]]) -> str:
    [position] = connection.execute("select pg_current_wal_flush_lsn()::text").fetchone() or [""]
    return str(position)


def _webhooks(connection: psycopg.Connection[tuple[object, ...]], life: Life, times: int) -> int:
    for first in range(0, times, BATCH):
        rows = [_answer(life, number) for number in range(first, first + BATCH)]
        connection.execute(STORE.encode(), {"rows": json.dumps(rows)})
    return times


def _answer(life: Life, number: int) -> dict[str, object]:
    """A student's answer: a kilobyte, as they come."""
    student = number % (200 * life.schools)
    lesson = number // (200 * life.schools) % 50
    school = student // 200
    words = f"Мой ответ на задание номер {number}: " + "колокол звонит, когда урок окончен. " * 8
    return {
        "source_id": school + 1, "correlation_id": str(uuid7()), "answer_id": f"bench-{number}",
        "user_id": f"s{student + 1}", "user_email": f"student{student + 1}@school.invalid",
        "answer_training_id": f"t{5 * school + lesson // 10 + 1}", "answer_lesson_id": f"l{50 * school + lesson + 1}",
        "answer_type": "text", "answer_status": "new", "answer_text": words, "answer_key": str(uuid7()),
        "raw_payload": {"id": number, "answer_text": words}, "sanitized": False,
    }  # fmt: skip


async def _told(url: str) -> int:
    database = Database(url)
    done = 0
    try:
        while batch := await create_notifications(database):
            done += batch
    finally:
        await database.close()
    return done


async def _broadcast(url: str, connection: psycopg.Connection[tuple[object, ...]], dispatcher: str, times: int) -> int:
    bot = arrange.bot(connection, "bench", rate_per_second=1e6, burst=1_000_000, private_pace="0", group_pace="0")
    database = Database(url)
    try:
        for first in range(0, times, 1000):
            messages = [_message(bot, number) for number in range(first, min(first + 1000, times))]
            async with database.transaction() as transaction:
                await enqueue(transaction, messages)
    finally:
        await database.close()
    headers = {"x-cron-secret": canaries.CRON_SECRET}
    answer = await asyncio.to_thread(
        httpx.post, f"{dispatcher}/?seconds=100", headers=headers, timeout=130, trust_env=False
    )
    if answer.json().get("sent", 0) < times:
        raise BenchmarkError(f"of {times} messages of a broadcast were sent: {answer.text}")
    return times


def _message(bot: int, number: int) -> Message:
    payload = {"text": f"Новость номер {number}: " + "завтра урок начнётся на час позже. " * 5, "parse_mode": "HTML"}
    return Message(bot, BROADCAST, f"bench/{number}", payload, str(uuid7()), chat_id=710_000_000 + number)


def _replies(connection: psycopg.Connection[tuple[object, ...]], life: Life, times: int) -> int:
    """A question and its answer, in any of the threads, with a key."""
    chance = random.Random(1)
    for number in range(times):
        thread = chance.randint(1, life.rows // 100)
        key, attempt = f"bench-{number}-{uuid7()}", uuid7()
        claim = {"alone": True, "client": 1, "key": key, "fingerprint": b"f" * 32, "attempt": attempt, "lease": 60.0}
        connection.execute(ACQUIRE.encode(), claim)
        words = "Колокол слышен издалека, если звонить в него вовремя. " * 4
        messages: list[dict[str, object]] = [
            {"id": str(uuid7()), "role": role, "content": words, "meta": {}} for role in ("user", "assistant")
        ]
        [thread_id] = connection.execute("select md5('thread' || %s::text)::uuid", (thread,)).fetchone() or [None]
        saved = {"client": 1, "key": key, "attempt": attempt, "thread": thread_id, "messages": json.dumps(messages)}
        connection.execute(SAVE.encode(), {**saved, "applied": json.dumps({"message": words}), "not_applied": "{}"})
    return times


@contextmanager
def _dispatcher(plan: Plan, url: str) -> Iterator[str]:
    """One that sends to a messenger which answers at once; its address."""
    messenger = servers.start_module(["tests.benchmarks.standin"], plan.printed / "messenger.log")
    with servers.serving(messenger):
        settings = {"DATABASE_URL": url, "TELEGRAM_API_URL": messenger.url, "CRON_SECRET": canaries.CRON_SECRET}
        running = servers.start(
            servers.function("dispatch_notifications"), "dispatch_notifications", plan.printed,
            SECRETS_KEY=arrange.SECRETS_KEY, **settings, **servers.ASGI,
        )  # fmt: skip
        with servers.serving(running):
            yield running.url
