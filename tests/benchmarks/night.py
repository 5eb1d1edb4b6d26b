"""A night of expired rows: how long a webhook takes while housekeeping deletes, beside how long it takes anyway.

Webhooks come at a fixed rate, as by day; a request's time runs from the moment it was due. Housekeeping is called again
until nothing is left. Half a million rows with `--seconds 3`, two million with `--seconds 12`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import httpx
import psycopg

from tests.benchmarks import payload, servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, percentile, rounded
from tests.benchmarks.servers import Running
from tests.helpers import canaries

ROWS_PER_SECOND_OF_PLAN = 500_000 / 3
PER_SECOND = 50  # webhooks
CONNECTIONS = 4
ALONE_SECONDS_OF_PLAN = 4.0  # a minute with the usual five rounds of three
WARM_UP_SECONDS = 3.0
RUN_SECONDS = 120.0  # of a call of housekeeping
GOALS = {"p99": "<= 1.2"}

# A quarter of the rows each: answers that leave, answers whose payloads leave, notifications, messages with an attempt.
FILL = (
    """
    insert into getcourse.webhook_events (
        source_id, event_date, user_id, user_email, answer_id, answer_training_id, answer_lesson_id, answer_text,
        raw_payload, processed, processed_at, created_at)
    select 1, at, 's' || n %% 4000, 'student' || n %% 4000 || '@school.invalid', 'a' || n, 't1', 'l' || n / 4000,
           'My answer, number ' || n,
           case when not leaves then jsonb_build_object('text', repeat('What I did. ', 60), 'number', n) end,
           true, at, at
    from generate_series(1, 2 * %(quarter)s) n
    cross join lateral (select n <= %(quarter)s as leaves) l
    cross join lateral (select now() - case when leaves then interval '1100 days' else '100 days' end as at) a
    """,
    """
    insert into getcourse.notifications (mentor_id, type, message, status, message_hash, created_at)
    select 1, 'answerToLesson', '', 'sent', encode(sha256(n::text::bytea), 'hex'), now() - interval '1100 days'
    from generate_series(1, %(quarter)s) n
    """,
    """
    insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy, state,
                                 attempt, attempt_id, send_started_at, finished_at, created_at)
    select 1, 1000 + n %% 4000, 1000 + n %% 4000, 'getcourse/answer', 'sendMessage',
           jsonb_build_object('text', repeat('What I did. ', 30)), 'getcourse/notification/' || n, 'c' || n,
           'at_least_once', 'sent', 1, md5('attempt' || n)::uuid, at, at, at
    from generate_series(1, %(quarter)s) n, (select now() - interval '31 days' as at) a
    """,
    """
    insert into platform.outbox_attempts (attempt_id, outbox_id, started_at, outcome)
    select attempt_id, id, send_started_at, 'sent' from platform.outbox
    """,
)
HEADERS = {"x-cron-secret": canaries.CRON_SECRET}


def measure(plan: Plan) -> Result:
    """A while of webhooks alone, then beside housekeeping as long as it has something to delete."""
    quarter = max(1, round(ROWS_PER_SECOND_OF_PLAN * plan.seconds / 4))
    alone_seconds = plan.rounds * plan.seconds * ALONE_SECONDS_OF_PLAN
    with servers.database() as url:
        plan.screen.print(f"[dim]{4 * quarter} expired rows are made[/]")
        _fill(url, quarter)
        with _served(url, plan) as (ingest, housekeeping):
            day = Day(ingest)
            day.run(lambda: time.sleep(WARM_UP_SECONDS))
            plan.screen.print(f"[dim]webhooks alone for {alone_seconds:g} s[/]")
            alone = day.run(lambda: time.sleep(alone_seconds))
            plan.screen.print("[dim]… and beside housekeeping[/]")
            reports: list[int] = []
            started = time.monotonic()
            beside = day.run(lambda: reports.extend(_delete_all(housekeeping)))
            took = time.monotonic() - started
    if sum(reports) < 4 * quarter:
        raise BenchmarkError(f"of {4 * quarter} expired rows {sum(reports)} are gone")
    figures: dict[str, float | str] = {
        "alone_p50_ms": percentile(alone, 50),
        "alone_p99_ms": percentile(alone, 99),
        "beside_p50_ms": percentile(beside, 50),
        "beside_p99_ms": percentile(beside, 99),
        "webhooks": len(alone) + len(beside),
        "expired_rows": sum(reports),
        "seconds": rounded(took),
        "deleted_per_second": rounded(sum(reports) / took),
    }
    return Result("night", figures, {"p99": rounded(percentile(beside, 99) / percentile(alone, 99))}, GOALS)


def _fill(url: str, quarter: int) -> None:
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("set session_replication_role = replica")  # what is made here refers to what is made here
        for statement in FILL:
            connection.execute(statement.encode(), {"quarter": quarter})
        connection.execute("vacuum (freeze, analyze)")
        connection.execute("checkpoint")


@contextmanager
def _served(url: str, plan: Plan) -> Iterator[tuple[Running, Running]]:
    settings = {"DATABASE_URL": url, "CRON_SECRET": canaries.CRON_SECRET, **servers.ASGI}
    started = [
        servers.start(servers.function(name), name, plan.printed, **settings)
        for name in ("ingest_webhook", "housekeeping")
    ]
    with servers.serving(started[0]) as ingest, servers.serving(started[1]) as housekeeping:
        yield ingest, housekeeping


def _delete_all(housekeeping: Running) -> Iterator[int]:
    """Rows that each call of housekeeping deleted, until nothing is left."""
    with httpx.Client(headers=HEADERS, timeout=RUN_SECONDS + 60, trust_env=False) as client:
        remaining = 1
        while remaining:
            answer = client.post(housekeeping.url, params={"seconds": RUN_SECONDS}).raise_for_status().json()
            remaining = answer["remaining"] if answer["done"] else 0
            yield answer["done"]


class Day:
    """Webhooks at a fixed rate, over some connections."""

    def __init__(self, ingest: Running) -> None:
        """`ingest` takes them."""
        self._ingest = ingest
        self._sent = 0

    def run(self, meanwhile: Callable[[], object]) -> list[float]:
        """Milliseconds that each webhook took from when it was due, as long as `meanwhile` takes."""
        is_over = threading.Event()
        milliseconds: list[float] = []
        failures: list[BaseException] = []
        threads = [
            threading.Thread(target=self._keep_sending, args=(number, is_over, milliseconds, failures))
            for number in range(CONNECTIONS)
        ]
        for thread in threads:
            thread.start()
        try:
            meanwhile()
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        self._sent += len(milliseconds)
        if failures:
            raise BenchmarkError("a webhook was not stored") from failures[0]
        return milliseconds

    def _keep_sending(
        self, number: int, is_over: threading.Event, milliseconds: list[float], failures: list[BaseException]
    ) -> None:
        connection = HTTPConnection("127.0.0.1", self._ingest.port, timeout=20)
        apart = CONNECTIONS / PER_SECOND
        due = time.perf_counter() + number * apart / CONNECTIONS
        count = 0
        try:
            while not is_over.wait(max(0.0, due - time.perf_counter())):
                count += 1
                _send(connection, f"N{self._sent}-{number}-{count}")
                milliseconds.append(1000 * (time.perf_counter() - due))
                due += apart
        except (OSError, BenchmarkError) as error:
            failures.append(error)
        finally:
            connection.close()


def _send(connection: HTTPConnection, answer_id: str) -> None:
    path = f"/getcourse/school?secret={canaries.SOURCE_SECRET}"
    connection.request("POST", path, payload.body(answer_id).encode(), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise BenchmarkError(f"a webhook was answered {answer.status}")
