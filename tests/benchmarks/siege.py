"""Honest traffic beside each attack that strangers and their like can make, against itself without one.

Attackers, functions, stand-ins and Postgres share the machine: the times of honest calls hold what an attack costs, and
what its sender does, too. Attacks are as fast as 10,000 requests a minute. What a refused request costs the function
alone is measured apart, as its processor time (siege_refusals).
"""

import json
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import psycopg

from shared.learning import limits
from tests.benchmarks import servers, siege_refusals, siege_world
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median, percentile, rounded
from tests.benchmarks.siege_attacks import ATTACKS, STRANGERS
from tests.benchmarks.siege_honest import PER_SECOND, Honest, Traffic
from tests.benchmarks.siege_world import World
from tests.helpers.serving import ROOT

CALM = "calm"
SHARE = 0.75  # of the plan's seconds: fifteen phases a round end within four minutes
WARM_UP_SECONDS = 2.0
LIMIT, MEMORY_MB = "<= 1.2", "<= 256"  # a Lambda's
MAX_CONNECTIONS = 5 * 4 + 2 * 3  # what the pools of seven functions open together
LOOK_SECONDS = 0.2
GOALS = {
    **dict.fromkeys(ATTACKS, LIMIT), "refused": "<= 0", "peak_memory_mb": MEMORY_MB,
    "connections": f"<= {MAX_CONNECTIONS}",
}  # fmt: skip


@dataclass(frozen=True)
class Phase:
    """What was seen during an attack: honest traffic, MB of the largest function, connections, the attack's answers."""

    traffic: Traffic
    megabytes: float
    connections: int
    statuses: Mapping[str, int]


class Attackers:
    """The process that attacks."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """It reads commands and prints what came of them."""
        self._process = process

    def begin(self, attack: str, seconds: float) -> None:
        """From now on."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"attack": attack, "seconds": seconds}) + "\n")
        self._process.stdin.flush()

    def end(self) -> Mapping[str, int]:
        """Wait until it is over; the answers by status. Raises BenchmarkError."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise BenchmarkError("the attackers are gone")
        statuses: Mapping[str, int] = json.loads(line)
        return statuses


def measure(plan: Plan) -> Result:
    """Every attack once a round, and as often none."""
    seconds = plan.seconds * SHARE
    phases = plan.rounds * (1 + len(ATTACKS))
    presses = round(PER_SECOND["press"] * max(1.0, seconds)) * phases + round(WARM_UP_SECONDS)
    with siege_world.served(plan, presses) as world, _attackers(world) as attackers:
        honest = Honest(world)
        honest.run(WARM_UP_SECONDS)  # imports, connections
        growth = _growth(world, attackers, seconds)
        costs = siege_refusals.costs(plan, world.functions, dict(STRANGERS.values()))
        contenders = {
            name: partial(_phase, world, honest, attackers, name, seconds) for name in (CALM, *ATTACKS)
        }  # fmt: skip
        measured = plan.interleave("siege", contenders)
    return _result(measured, growth | costs)


@contextmanager
def _attackers(world: World) -> Iterator[Attackers]:
    command = [sys.executable, "-m", "tests.benchmarks.siege_attacks", json.dumps(world.attackers)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Attackers(process)
        finally:
            process.kill()


def _phase(world: World, honest: Honest, attackers: Attackers, attack: str, seconds: float) -> Phase:
    for running in world.functions.values():
        servers.reset_peak_memory(running)
    with _watched(world.url) as connections:
        if attack != CALM:
            attackers.begin(attack, seconds)
        traffic = honest.run(seconds)
        statuses = attackers.end() if attack != CALM else {}
    megabytes = max(servers.peak_memory_mb(running) for running in world.functions.values())
    return Phase(traffic, megabytes, max(connections), statuses)


@contextmanager
def _watched(url: str) -> Iterator[list[int]]:
    """How many connections the database has, looked at again and again."""
    seen, is_over = [0], threading.Event()
    query = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"

    def watch() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not is_over.wait(LOOK_SECONDS):
                seen.extend(count for (count,) in connection.execute(query).fetchall())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def _growth(world: World, attackers: Attackers, seconds: float) -> dict[str, float]:
    """What attackers leave on the disk: rows while strangers call (or honest calls still end), MB of a device.

    A client's hour is reckoned: its limits, at the bytes that a unit of the device takes.
    """
    before = _rows_and_bytes(world.url)
    for name in ATTACKS:
        if name.startswith("strangers"):
            attackers.begin(name, min(1.0, seconds))
            attackers.end()
    strangers = _rows_and_bytes(world.url)
    attackers.begin("one_device", 3 * seconds)
    attackers.end()
    device = (_rows_and_bytes(world.url)[1] - strangers[1]) / 1_000_000
    units = limits.DEVICE_PER_HOUR["messages"] + limits.DEVICE_PER_HOUR["synopses"]
    of_client = limits.CLIENT_PER_HOUR["messages"] + limits.CLIENT_PER_HOUR["synopses"]
    return {
        "strangers_rows": strangers[0] - before[0],
        "device_mb_an_hour": rounded(device),
        "client_mb_an_hour_at_most": rounded(device * of_client / units),
    }


def _rows_and_bytes(url: str) -> tuple[int, int]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        row = connection.execute(
            "select sum(n_tup_ins)::bigint, sum(pg_total_relation_size(relid))::bigint from pg_stat_user_tables"
        ).fetchone()
        assert row
        return row[0], row[1]


def _result(measured: Mapping[str, Sequence[Phase]], growth: Mapping[str, float]) -> Result:
    calm = _pooled(measured[CALM])
    usual = {kind: statistics.median(milliseconds) for kind, milliseconds in calm.items()}
    ratios = {
        name: median(
            _slow(phase, usual) / _slow(quiet, usual) for phase, quiet in zip(phases, measured[CALM], strict=True)
        )
        for name, phases in measured.items()
        if name != CALM
    }
    every = [phase for phases in measured.values() for phase in phases]
    refused = [
        f"{name}: {text}" for name, phases in measured.items() for phase in phases for text in phase.traffic.refused
    ]
    figures: dict[str, float | str] = {
        "refused": len(refused),
        "first_refused": refused[0] if refused else "",
        "peak_memory_mb": rounded(max(phase.megabytes for phase in every)),
        "calm_memory_mb": rounded(max(phase.megabytes for phase in measured[CALM])),
        "connections": max(phase.connections for phase in every),
        "calm_connections": max(phase.connections for phase in measured[CALM]),
        **growth,
        "honest_calls": sum(len(values) for phase in every for values in phase.traffic.milliseconds.values()),
        **{f"calm_{kind}_p99_ms": percentile(values, 99) for kind, values in calm.items()},
    }
    for name, phases in measured.items():
        figures[f"{name}_webhook_p99_ms"] = percentile(_pooled(phases)["webhook"], 99)
        figures[f"{name}_mb"] = rounded(max(phase.megabytes for phase in phases))
        figures[f"{name}_answers"] = json.dumps(_sum(phases))
    return Result("siege", figures, ratios, GOALS)


def _pooled(phases: Sequence[Phase]) -> dict[str, list[float]]:
    kinds = phases[0].traffic.milliseconds
    return {kind: [ms for phase in phases for ms in phase.traffic.milliseconds[kind]] for kind in kinds}


def _slow(phase: Phase, usual: Mapping[str, float]) -> float:
    """The p99 of all honest calls, each in the usual time of its kind."""
    return percentile((ms / usual[kind] for kind, values in phase.traffic.milliseconds.items() for ms in values), 99)


def _sum(phases: Sequence[Phase]) -> dict[str, int]:
    statuses = {status for phase in phases for status in phase.statuses}
    return {status: sum(phase.statuses.get(status, 0) for phase in phases) for status in sorted(statuses)}
