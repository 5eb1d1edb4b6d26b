"""The processes of a benchmark: Postgres as it comes, and functions as they are deployed."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from infra.local import postgres
from tests.benchmarks.measuring import BenchmarkError
from tests.helpers import arrange, processes, templates
from tests.helpers.serving import ROOT, free_port, wait_for_port

HOME = ROOT / ".carillon" / "benchmarks"
PEERS = Path(__file__).parent / "peers"
ASGI = {"FUNCTION_USE_ASGI": "1"}
_PASSED_ON = ("PATH", "HOME", "LANG")  # nothing that changes how Python runs: bytecode is written and read


@dataclass(frozen=True)
class Running:
    """A process that serves."""

    port: int
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def postgres_server() -> Iterator[str]:
    """The server of the benchmarks, which ends with the last process that uses it."""
    HOME.parent.mkdir(exist_ok=True)
    with postgres.server(HOME) as server:
        yield server


@contextmanager
def database() -> Iterator[str]:
    """A migrated database on a server with factory durability, with one bot (unlimited) and one source."""
    with postgres_server() as server:
        require_durability(server)
        name = f"carillon_bench_{uuid.uuid4().hex[:12]}"
        url = postgres.create_database(server, name, templates.migrated(server))
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                arrange.bot(connection, rate_per_second=1000, private_pace="0", group_pace="0")
                arrange.source(connection)
            yield url
        finally:
            postgres.drop_database(server, name)


def require_durability(server: str) -> None:
    """Raise BenchmarkError when a crash could lose what was answered."""
    with psycopg.connect(server) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = connection.execute("select current_setting(%s)", (setting,)).fetchone()
            if value != ("on",):
                raise BenchmarkError(f"the server has {setting} {value}: its figures would mean nothing")


def start(source: Path, target: str, printed: Path, **settings: str) -> Running:
    """Start functions-framework for `target`; does not wait for it."""
    module = ["functions_framework", "--source", str(source), "--target", target]
    return start_module(module, printed / f"{target}.log", **settings)


def start_module(module: list[str], output: Path, **settings: str) -> Running:
    """Start `python -m <module> --port <a free one>`; does not wait for it."""
    port = free_port()
    host = ["--host", "127.0.0.1"] if "functions_framework" in module else []
    environment = {**{k: v for k, v in os.environ.items() if k in _PASSED_ON}, "PYTHONPATH": str(ROOT), **settings}
    with output.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *module, *host, "--port", str(port)],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    return Running(port, process, output)


def stop(running: Running) -> None:
    """End it, gently at first."""
    running.process.terminate()
    try:
        running.process.wait(10)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()


@contextmanager
def serving(running: Running) -> Iterator[Running]:
    """What was started, once it listens, until the context ends."""
    try:
        wait_for_port(running.port, running.process, running.output)
        yield running
    finally:
        stop(running)


def function(name: str) -> Path:
    """A function's source."""
    return ROOT / "functions" / name / "main.py"


def cpu_seconds(running: Running) -> float:
    """What the process and those that it started have used so far."""
    return sum(process_seconds(pid) for pid in _tree(running.process.pid))


def pss_mb(running: Running) -> float:
    """What the process and those that it started hold, shared pages divided among them, in MB of a million bytes."""
    files = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in _tree(running.process.pid)]
    lines = [line for file in files for line in file.splitlines() if line.startswith("Pss:")]
    return sum(int(line.split()[1]) for line in lines) * 1024 / 1_000_000


def peak_memory_mb(running: Running) -> float:
    """The most memory that a worker has held, in MB of a million bytes."""
    workers = processes.children(running.process.pid) or [running.process.pid]
    return max(processes.peak_bytes(pid) for pid in workers) / 1_000_000


def reset_peak_memory(running: Running) -> None:
    """From now on the peak is counted anew."""
    for pid in (running.process.pid, *processes.children(running.process.pid)):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _tree(pid: int) -> list[int]:
    return [pid, *(below for child in processes.children(pid) for below in _tree(child))]


def process_seconds(pid: int) -> float:
    """The processor time that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
