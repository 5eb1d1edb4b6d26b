"""1, 10, 100 and 1,000 bots with much to send and Telegram's usual limit: where the next limit is.

Processor times are told per message, so that it does not matter how many processors there are: whoever knows theirs can
multiply. Postgres is one server, dispatchers are as many processes as FLEETS says.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from tests.benchmarks import servers
from tests.benchmarks.dispatch import arrivals
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, rounded
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries, processes

BOTS = (1, 10, 100, 1000)
FLEETS = (1, 2)
PER_SECOND, BURST = 25, 5
MAX_MESSAGES = 20_000  # of a round: more than a processor sends in its seconds
USED = 0.95  # of the bots' rates: then they are the limit

# So many messages for each bot, each to a chat of its own.
FILL = """
    with handed_over as (
        insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
        select b.id, 700000000 + n, (700000000 + n)::text, 'getcourse/answer', 'sendMessage',
               jsonb_build_object('text', 'Message number ' || n, 'parse_mode', 'HTML'),
               gen_random_uuid()::text, md5(n::text), 'at_least_once'
        from (select id from platform.bots order by id limit %s) b, generate_series(1, %s) n
        returning bot_id, lane, due_at)
    insert into platform.lanes (bot_id, lane, head_due)
    select bot_id, lane, due_at from handed_over
"""
STATE = "select xact_commit from pg_stat_database where datname = current_database()"


@dataclass(frozen=True)
class Round:
    """What so many dispatchers did for so many bots; the last four are for each message."""

    sent: int
    unnoted: int  # of these, when the dispatchers had to end: another attempt may repeat them
    failed_runs: int  # that answered 503, as the database did not serve all their bots in time
    per_second: float
    dispatcher_ms: float  # of processor time
    postgres_ms: float
    commits: float
    log_bytes: float


def measure(plan: Plan) -> Result:
    """Let each fleet send for each number of bots, for as long as a round takes."""
    figures: dict[str, float | str] = {"cores": os.cpu_count() or 1}
    with _world(plan) as (url, messenger, dispatchers):
        _send(url, messenger, dispatchers, 1, plan.seconds)  # what a first call loads is not counted
        for bots in BOTS:
            for fleet in FLEETS:
                plan.screen.print(f"[dim]{bots} bots, {fleet} dispatchers[/]")
                done = _send(url, messenger, dispatchers[:fleet], bots, plan.seconds)
                name = f"{bots}_bots_by_{fleet}"
                figures |= {f"{name}_{what}": rounded(value) for what, value in vars(done).items()}
                figures[f"{name}_limit"] = _limit(done, bots, fleet)
    return Result("scale", figures, {}, {})


def _limit(done: Round, bots: int, fleet: int) -> str:
    """What ended first. One event loop uses one core at most."""
    if done.per_second >= USED * bots * PER_SECOND:
        return "the bots' rates"
    if done.failed_runs:
        return "the dispatchers' connections: three each, for all its bots"
    busy = done.per_second * done.dispatcher_ms / 1000 / fleet
    return "the dispatchers' processor time" if busy > 0.7 else "this machine's processors, or Postgres"


@contextmanager
def _world(plan: Plan) -> Iterator[tuple[str, Running, list[Running]]]:
    with servers.database() as url, ExitStack() as stack:
        with psycopg.connect(url, autocommit=True) as connection:
            for number in range(1, max(BOTS)):
                arrange.bot(connection, f"bot-{number}", f"{7_100_000_000 + number}:{canaries.BOT_TOKEN[11:]}")
            connection.execute(
                "update platform.bots set rate_per_second = %s, burst = %s, private_pace = '0'", (PER_SECOND, BURST)
            )
        module = ["tests.benchmarks.standin", "--latency", "0.05"]
        messenger = stack.enter_context(servers.serving(servers.start_module(module, plan.printed / "messenger.log")))
        settings = {"DATABASE_URL": url, "TELEGRAM_API_URL": messenger.url, "CRON_SECRET": canaries.CRON_SECRET}
        started = [
            servers.start(
                servers.function("dispatch_notifications"), "dispatch_notifications", plan.printed,
                SECRETS_KEY=arrange.SECRETS_KEY, **settings, **servers.ASGI,
            )
            for _ in range(max(FLEETS))
        ]  # fmt: skip
        yield url, messenger, [stack.enter_context(servers.serving(running)) for running in started]


def _send(url: str, messenger: Running, dispatchers: list[Running], bots: int, seconds: float) -> Round:
    each = max(1, min(round(2 * seconds * PER_SECOND), MAX_MESSAGES // bots))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("truncate platform.outbox, platform.lanes cascade")
        connection.execute("update platform.bot_limits set tat = '-infinity'")
        connection.execute(FILL, (bots, each))
        connection.execute("vacuum analyze platform.outbox, platform.lanes")
        connection.execute("checkpoint")
        before = _state(connection), sum(map(servers.cpu_seconds, dispatchers))
        failed = asyncio.run(_call_all(dispatchers, seconds))
        after = _state(connection), sum(map(servers.cpu_seconds, dispatchers))
        row = connection.execute("select count(*) from platform.outbox where state = 'sent'").fetchone()
    arrived = sorted(arrivals(messenger))
    unnoted = len(arrived) - int(str(row and row[0]))
    if unnoted < 0 or (unnoted and not failed) or len(arrived) < 2:
        raise BenchmarkError(f"{len(arrived)} messages arrived, {row} are noted as sent")
    cpu, commits, log = (now - then for now, then in zip(after[0], before[0], strict=True))
    sent = len(arrived)
    per_second = (sent - 1) / (arrived[-1] - arrived[0])
    own = after[1] - before[1]
    return Round(
        sent, unnoted, failed, per_second, 1000 * own / sent, 1000 * cpu / sent, commits / sent, log / sent
    )  # fmt: skip


async def _call_all(dispatchers: list[Running], seconds: float) -> int:
    """How many of them did not come to a good end."""
    async with httpx.AsyncClient(timeout=seconds + 60, trust_env=False) as http:
        headers = {"x-cron-secret": canaries.CRON_SECRET}
        calls = (http.post(f"{dispatcher.url}/?seconds={seconds:g}", headers=headers) for dispatcher in dispatchers)
        return sum(answer.status_code != 200 for answer in await asyncio.gather(*calls))


def _state(connection: psycopg.Connection[tuple[object, ...]]) -> tuple[float, float, float]:
    """Of the server: seconds of processor time, of ended processes, too; commits; the position of its log."""
    connection.execute("select pg_stat_force_next_flush()")
    commits = connection.execute(STATE).fetchone()
    position = connection.execute("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')").fetchone()
    folder = connection.execute("show data_directory").fetchone()
    assert commits
    assert position
    assert folder
    postmaster = Path(str(folder[0]), "postmaster.pid").read_text(encoding="ascii").split()[0]
    return _postgres_seconds(int(postmaster)), float(str(commits[0])), float(str(position[0]))


def _postgres_seconds(postmaster: int) -> float:
    """Its own, its children's, and that of those that have ended."""
    fields = Path(f"/proc/{postmaster}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    running = sum(servers.process_seconds(pid) for pid in (postmaster, *processes.children(postmaster)))
    return ended + running
