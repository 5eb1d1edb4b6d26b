"""Webhook accepted → message at the Telegram stand-in, poked; every process as it is deployed."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from rich.progress import track

from tests.benchmarks import payload, servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, percentile, rounded
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries

PER_SECOND_OF_PLAN = 200 / 15  # 200 webhooks with the usual five rounds of three seconds
WARM_UP = 20
GAP_SECONDS = (0.02, 0.1)
ARRIVAL_TIMEOUT_SECONDS = 20.0
FIRST_CHAT = 700_000_000
TRAINING = "911254806"
GOALS = {"p50_ms": "<= 15", "p99_ms": "<= 40"}


@dataclass(frozen=True)
class Sent:
    """One webhook, in seconds since 1970."""

    sent_at: float
    answered_at: float


def measure(plan: Plan) -> Result:
    """Send webhooks one after another and see when each one's mentor is written to."""
    count = max(10, round(plan.rounds * plan.seconds * PER_SECOND_OF_PLAN))
    with servers.database() as url, _served(url, plan.printed) as (ingest, telegram, functions):
        _arrange(url, WARM_UP + count)
        numbers = track(range(WARM_UP + count), "latency", console=plan.screen, transient=True)
        sent = [_send(ingest, number) for number in numbers]
        arrived = _arrivals(telegram, WARM_UP + count)
        memory = {name: rounded(servers.peak_memory_mb(running)) for name, running in functions.items()}
    pairs = [(webhook, arrived[FIRST_CHAT + number]) for number, webhook in enumerate(sent) if number >= WARM_UP]
    accepted = [(at - webhook.answered_at) * 1000 for webhook, at in pairs]
    whole = [(at - webhook.sent_at) * 1000 for webhook, at in pairs]
    figures: dict[str, float | str] = {
        "p50_ms": percentile(accepted, 50),
        "p99_ms": percentile(accepted, 99),
        "p50_ms_from_sending": percentile(whole, 50),
        "p99_ms_from_sending": percentile(whole, 99),
        "webhooks": count,
        **{f"{name}_peak_memory_mb": megabytes for name, megabytes in memory.items()},
        "note": "collapse_seconds = 0; the usual gathering window of 3 s comes on top",
    }
    return Result("latency", figures, {}, GOALS)


@contextmanager
def _served(url: str, printed: Path) -> Iterator[tuple[HTTPConnection, HTTPConnection, dict[str, Running]]]:
    """Kept connections to ingest_webhook and to the stand-in; both functions, to be looked at."""
    common = {"DATABASE_URL": url, "CRON_SECRET": canaries.CRON_SECRET, **servers.ASGI}
    with ExitStack() as stack:

        def start(name: str, **settings: str) -> Running:
            running = servers.start(servers.function(name), name, printed, **common, **settings)
            return stack.enter_context(servers.serving(running))

        module = servers.start_module(["infra.sandbox"], printed / "sandbox.log")
        sandbox = stack.enter_context(servers.serving(module))
        dispatch = start("dispatch_notifications", TELEGRAM_API_URL=sandbox.url, SECRETS_KEY=arrange.SECRETS_KEY)
        ingest = start("ingest_webhook", POKE=f"http:{dispatch.url}")
        yield _connection(ingest), _connection(sandbox), {"ingest_webhook": ingest, "dispatch_notifications": dispatch}


def _connection(running: Running) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", running.port, timeout=10)


def _arrange(url: str, count: int) -> None:
    """Each webhook has a student and a mentor of its own, so that its message can be told by the chat."""
    with psycopg.connect(url) as connection:
        for number in range(count):
            person = str(512_000_000 + number)
            student = arrange.student(connection, getcourse_id=person, first_name="Вера", last_name=str(number))
            mentor = arrange.mentor(connection, getcourse_id=str(498_000_000 + number), telegram_id=FIRST_CHAT + number)
            arrange.mapping(connection, student, mentor, TRAINING)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _send(ingest: HTTPConnection, number: int) -> Sent:
    time.sleep(random.uniform(*GAP_SECONDS))
    body = payload.body(f"L{number}", user_id=str(512_000_000 + number), answer_training_id=TRAINING)
    path = f"/getcourse/school?secret={canaries.SOURCE_SECRET}"
    sent_at = time.time()
    ingest.request("POST", path, body.encode(), {"Content-Type": "application/json"})
    answer = ingest.getresponse()
    answered_at = time.time()
    if answer.status != 200 or json.loads(answer.read())["stored"] != 1:
        raise BenchmarkError(f"a webhook was answered {answer.status} and not stored")
    return Sent(sent_at, answered_at)


def _arrivals(telegram: HTTPConnection, count: int) -> dict[int, float]:
    """When each chat got its message. Raises BenchmarkError when some got none, or two."""
    end = time.monotonic() + ARRIVAL_TIMEOUT_SECONDS
    while True:
        telegram.request("GET", "/_sandbox/journal?method=sendMessage")
        rows = json.loads(telegram.getresponse().read())
        if len(rows) >= count or time.monotonic() > end:
            break
        time.sleep(0.2)
    arrived = {row["chat_id"]: row["unix"] for row in rows if row["delivered"]}
    if len(arrived) != count or len(rows) != count:
        raise BenchmarkError(f"{count} webhooks became {len(rows)} calls to {len(arrived)} chats")
    return arrived
