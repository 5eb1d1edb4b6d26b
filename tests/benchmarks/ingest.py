"""GetCourse webhooks durably stored per second, through real HTTP, 16 connections, 1.2 kB bodies.

`noop_cpu` is the processor time of a stored webhook over that of a request to an empty target on the same server: what
we add to what the platform costs.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.benchmarks import load, payload, servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, rounded
from tests.benchmarks.servers import Running
from tests.helpers import canaries
from tests.helpers.serving import ROOT

CONNECTIONS = 16
WARM_UP_SECONDS = 1.0
GOALS = {"flask_noop": ">= 1.5", "sqlalchemy_orm": ">= 4.5", "noop_cpu": "<= 2.5"}


@dataclass(frozen=True)
class Score:
    """One contender in one round."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


Contender = Callable[[float], Score]


def measure(plan: Plan) -> Result:
    """Run all against each other."""
    with servers.database() as url, _contenders(url, plan.printed) as (contenders, served):
        for contender in contenders.values():
            contender(min(WARM_UP_SECONDS, plan.seconds))
        runs = {name: lambda c=contender: c(plan.seconds) for name, contender in contenders.items()}
        scores: dict[str, list[Score]] = plan.interleave("ingest", runs)
        memory = servers.peak_memory_mb(served)
    middle = {name: median_of(rounds) for name, rounds in scores.items()}
    figures: dict[str, float | str] = {}
    for name, score in middle.items():
        figures |= {f"{name}_per_second": rounded(score.per_second), f"{name}_cpu_us": rounded(score.cpu_us)}
    for name in ("ingest", "sqlalchemy_orm"):
        figures |= {f"{name}_p50_ms": rounded(middle[name].p50_ms), f"{name}_p99_ms": rounded(middle[name].p99_ms)}
    figures["peak_memory_mb"] = rounded(memory)
    ours = middle["ingest"]
    ratios = {
        "flask_noop": rounded(ours.per_second / middle["flask_noop"].per_second),
        "sqlalchemy_orm": rounded(ours.per_second / middle["sqlalchemy_orm"].per_second),
        "noop_cpu": rounded(ours.cpu_us / middle["asgi_empty"].cpu_us),
    }
    return Result("ingest", figures, ratios, GOALS)


def median_of(scores: Sequence[Score]) -> Score:
    """The median of each figure."""
    return Score(*(statistics.median(values) for values in zip(*map(astuple, scores), strict=True)))


@contextmanager
def _contenders(url: str, printed: Path) -> Iterator[tuple[dict[str, Contender], Running]]:
    """All of them, served; and ours, to be looked at."""
    _create_table(url, "sqlalchemy_orm")
    with ExitStack() as stack:

        def start(source: Path, **settings: str) -> Running:
            target = source.parent.name if source.stem == "main" else source.stem
            return stack.enter_context(servers.serving(servers.start(source, target, printed, **settings)))

        ours = start(servers.function("ingest_webhook"), DATABASE_URL=url, **servers.ASGI)
        empty = start(servers.PEERS / "asgi_empty.py", **servers.ASGI)
        flask = start(servers.PEERS / "flask_noop.py")
        orm = start(
            servers.PEERS / "sqlalchemy_orm.py", DATABASE_URL=url.replace("postgresql://", "postgresql+psycopg://")
        )
        address = f"{ours.url}/getcourse/school?secret={canaries.SOURCE_SECRET}"
        contenders: dict[str, Contender] = {
            "ingest": lambda seconds: under_load(ours, address, seconds, url, "getcourse.webhook_events"),
            "asgi_empty": lambda seconds: under_load(empty, empty.url, seconds),
            "flask_noop": lambda seconds: under_load(flask, flask.url, seconds),
            "sqlalchemy_orm": lambda seconds: under_load(orm, orm.url, seconds, url, "peer.sqlalchemy_orm"),
        }
        yield contenders, ours


def _create_table(url: str, name: str) -> None:
    """A table that costs what ours costs: columns, indexes, foreign key."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema peer")
        connection.execute(sql.SQL(
            "create table {} (like getcourse.webhook_events including all,"
            " foreign key (source_id) references platform.webhook_sources)"
            " with (autovacuum_vacuum_scale_factor = 0.05)").format(sql.Identifier("peer", name)))  # fmt: skip


def under_load(running: Running, address: str, seconds: float, url: str = "", table: str = "") -> Score:
    """Load a server; whatever it answered 200 must be in `table`."""
    if table:
        _empty(url, table)
    used = servers.cpu_seconds(running)
    command = [sys.executable, "-m", "tests.benchmarks.load", address, "--template", payload.body(f"A{load.MARK}")]
    options = ["--seconds", str(seconds), "--connections", str(CONNECTIONS), "--start-at", str(time.time_ns() // 1000)]
    score = json.loads(subprocess.check_output([*command, *options], cwd=ROOT, timeout=seconds + 30))
    used = servers.cpu_seconds(running) - used
    answered = score["statuses"].get("200", 0)
    if set(score["statuses"]) != {"200"}:
        raise BenchmarkError(f"{running.output.stem} answered {score['statuses']}")
    if table and _count(url, table) != answered:
        raise BenchmarkError(f"{running.output.stem} answered 200 to {answered}, {_count(url, table)} are stored")
    return Score(score["per_second"], score["p50_ms"], score["p99_ms"], used / answered * 1e6)


def _empty(url: str, table: str) -> None:
    """Every contender begins with an empty table and nothing left to flush from the one before."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("truncate {} cascade").format(sql.Identifier(*table.split("."))))
        connection.execute("checkpoint")


def _count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(*table.split(".")))
        [(count,)] = connection.execute(query).fetchall()
        return int(count)
