"""Messages sent per second with all limits lifted, 100 in flight, a messenger that answers after 0 and after 100 ms."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import httpx
import psycopg

from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median, rounded
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT

IN_FLIGHT = 100
SLOW_SECONDS = 0.1
PER_SECOND_OF_PLAN = 1000  # 3,000 messages a round with the usual three seconds
FEW_PER_SECOND_OF_PLAN = 200  # for those who need a minute for more
QUEUES = ("procrastinate", "pgqueuer")
GOALS = {"best_queue": ">= 1.15", "ceiling": ">= 0.9"}

# One message for each of many chats, as a broadcast is.
FILL = """
    with handed_over as (
        insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
        select b.id, 700000000 + n, (700000000 + n)::text, 'getcourse/answer', 'sendMessage',
               jsonb_build_object('text', 'Message number ' || n, 'parse_mode', 'HTML'),
               gen_random_uuid()::text, md5(n::text), 'at_least_once'
        from platform.bots b, generate_series(1, %s) n
        returning bot_id, lane, due_at)
    insert into platform.lanes (bot_id, lane, head_due)
    select bot_id, lane, due_at from handed_over
    on conflict (bot_id, lane) do update set head_due = excluded.head_due, next_at = '-infinity'
"""


@dataclass(frozen=True)
class Contest:
    """The database and the two messengers, and ours with each."""

    url: str
    quick: Running
    slow: Running
    ours_quick: Running
    ours_slow: Running


@dataclass(frozen=True)
class Round:
    """What one contender did in one round."""

    per_second: float
    cpu_ms: float  # per message, of the process that sends


def measure(plan: Plan) -> Result:
    """Ours and the two queues, all with our HTTP client, and what the messenger's latency allows."""
    jobs, few = round(plan.seconds * PER_SECOND_OF_PLAN), round(plan.seconds * FEW_PER_SECOND_OF_PLAN)
    with _contest(plan) as contest:
        contenders: dict[str, Callable[[], Round]] = {
            "ours": lambda: _ours(contest.url, contest.ours_quick, contest.quick, jobs),
            "ours_100_ms": lambda: _ours(contest.url, contest.ours_slow, contest.slow, jobs),
            "procrastinate": lambda: _peer("procrastinate", contest.url, contest.quick, few),
            "procrastinate_100_ms": lambda: _peer("procrastinate", contest.url, contest.slow, few),
            "pgqueuer": lambda: _peer("pgqueuer", contest.url, contest.quick, jobs),
            "pgqueuer_100_ms": lambda: _peer("pgqueuer", contest.url, contest.slow, jobs),
        }
        for warm_up in ("ours", "ours_100_ms"):
            contenders[warm_up]()
        measured = plan.interleave("dispatch", contenders)
    rates = {name: statistics.median(each.per_second for each in rounds) for name, rounds in measured.items()}
    figures: dict[str, float | str] = {f"{name}_per_second": rounded(rate) for name, rate in rates.items()}
    figures |= {f"{name}_cpu_ms": median(each.cpu_ms for each in rounds) for name, rounds in measured.items()}
    figures["note"] = "best_queue: against the fastest of both, which send with our client; cpu_ms: per message"
    ratios = {
        "best_queue": rounded(rates["ours"] / max(rates[name] for name in QUEUES)),
        "ceiling": rounded(rates["ours_100_ms"] / (IN_FLIGHT / SLOW_SECONDS)),
    }
    return Result("dispatch", figures, ratios, GOALS)


@contextmanager
def _contest(plan: Plan) -> Iterator[Contest]:
    with servers.database() as url, ExitStack() as stack:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("update platform.bots set rate_per_second = 1e6, burst = 1000000")

        def messenger(latency: float) -> Running:
            module = ["tests.benchmarks.standin", "--latency", str(latency)]
            log = plan.printed / f"messenger-{latency}.log"
            return stack.enter_context(servers.serving(servers.start_module(module, log)))

        def dispatcher(messages_to: Running) -> Running:
            settings = {"DATABASE_URL": url, "TELEGRAM_API_URL": messages_to.url, "CRON_SECRET": canaries.CRON_SECRET}
            running = servers.start(
                servers.function("dispatch_notifications"), "dispatch_notifications", plan.printed,
                SECRETS_KEY=arrange.SECRETS_KEY, **settings, **servers.ASGI,
            )  # fmt: skip
            return stack.enter_context(servers.serving(running))

        quick, slow = messenger(0.0), messenger(SLOW_SECONDS)
        yield Contest(url, quick, slow, dispatcher(quick), dispatcher(slow))


def _ours(url: str, dispatcher: Running, messenger: Running, messages: int) -> Round:
    """Our round; whatever the messenger took must be noted as sent."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("truncate platform.outbox, platform.lanes cascade")
        connection.execute(FILL, (messages,))
        connection.execute("vacuum analyze platform.outbox, platform.lanes")
        connection.execute("checkpoint")
        before = servers.cpu_seconds(dispatcher)
        headers = {"x-cron-secret": canaries.CRON_SECRET}
        report = httpx.post(f"{dispatcher.url}/?seconds=100", headers=headers, timeout=120, trust_env=False).json()
        row = connection.execute("select count(*) from platform.outbox where state = 'sent'").fetchone()
    if report["sent"] != messages or row != (messages,):
        raise BenchmarkError(f"of {messages} messages {report['sent']} were sent, {row} are noted")
    return _round(messenger, messages, servers.cpu_seconds(dispatcher) - before)


def _peer(queue: str, url: str, messenger: Running, jobs: int) -> Round:
    """The round of a queue in a process of its own."""
    module = f"tests.benchmarks.peers.{queue}_queue"
    done = subprocess.run(
        [sys.executable, "-m", module, url, messenger.url, str(jobs)],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        check=False, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    if done.returncode:
        raise BenchmarkError(f"{queue} failed: {done.stderr.splitlines()[-1:]}")
    return _round(messenger, jobs, float(done.stdout))


def _round(messenger: Running, expected: int, cpu_seconds: float) -> Round:
    """Arrivals are counted from the first to the last."""
    seconds = arrivals(messenger)
    if len(seconds) != expected:
        raise BenchmarkError(f"{len(seconds)} of {expected} messages arrived")
    return Round((expected - 1) / (seconds[-1] - seconds[0]), 1000 * cpu_seconds / expected)


def arrivals(messenger: Running) -> list[float]:
    """When each message came, in seconds of some clock; the messenger forgets it."""
    answer = httpx.get(f"{messenger.url}/arrivals", timeout=30, trust_env=False)
    return [nanoseconds / 1e9 for nanoseconds in answer.json()]
