"""Start to first answer of every zip of `make package`, under the share of a core that Lambda gives for its memory.

Against an empty Lambda of the same runtime client, mangum and starlette. `*_s` is a start that has the share from the
first instruction; `*_starting_whole_s` one that has a whole core until it is up, as AWS gives, and the share then.
"""

import platform
import shutil
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from infra.local import postgres
from infra.package import aws
from tests.benchmarks import cold, processor_share, servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median
from tests.helpers import arrange, canaries, lambdas, platforms
from tests.helpers.queues import fifo, sqs
from tests.helpers.serving import ROOT
from tests.infra.aws.cloudformation import BLOCKS, FUNCTIONS, SCHEDULES

EMPTY = "lambda_empty"
MEMORY_MB = 256  # of provider.memorySize
SIZES_MB = (128, 256, 512, 1024, 1769)  # the last has a whole core
GOALS = {"time": "<= 1.6", "memory": "<= 1.4", "peak_memory_mb": "<= 128"}
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine(), "x86_64")
JOIN = 'echo $$ > "$0" && exec "$@"'


@dataclass(frozen=True)
class Start:
    """One cold start."""

    seconds: float
    megabytes: float
    cpu_seconds: float


@dataclass(frozen=True)
class Zip:
    """What was unpacked, and how it is called."""

    task: Path
    handler: str
    environment: Mapping[str, str]
    first_event: Callable[[], tuple[Any, int]]  # and the status of its answer


def measure(plan: Plan) -> Result:
    """Start every function and the empty one in turn."""
    with _zips(plan.printed) as zips, processor_share.group(cores(MEMORY_MB)) as share:
        starts = {name: partial(_start, made, plan.printed, share) for name, made in zips.items()}
        boosted = {f"{name} whole": partial(start, starting_whole=True) for name, start in starts.items()}
        measured = plan.interleave("packaged", {**starts, **boosted})
        slowest = max(FUNCTIONS, key=lambda name: statistics.median(start.seconds for start in measured[name]))
        by_size = plan.interleave(
            "memory sizes", {f"{size}": partial(_sized, zips[slowest], plan.printed, size) for size in SIZES_MB}
        )
    return _result(measured, by_size, slowest)


def cores(megabytes: int) -> float:
    """The share of a core that Lambda gives: a whole one for 1,769 MB."""
    return megabytes / 1769


def _result(measured: Mapping[str, list[Start]], by_size: Mapping[str, list[Start]], slowest: str) -> Result:
    names = (EMPTY, *FUNCTIONS)
    memory = {name: statistics.median(start.megabytes for start in measured[name]) for name in names}
    largest = max(FUNCTIONS, key=memory.__getitem__)
    figures: dict[str, float | str] = {
        "slowest": slowest,
        "largest": largest,
        "peak_memory_mb": median([memory[largest]]),
    }
    for name in names:
        figures |= {
            f"{name}_s": median(start.seconds for start in measured[name]),
            f"{name}_starting_whole_s": median(start.seconds for start in measured[f"{name} whole"]),
            f"{name}_cpu_s": median(start.cpu_seconds for start in measured[name]),
            f"{name}_mb": median([memory[name]]),
        }
    for size, starts in by_size.items():
        seconds = median(start.seconds for start in starts)
        figures |= {f"at_{size}_mb_s": seconds, f"at_{size}_mb_gb_s": median([seconds * int(size) / 1024])}
    ratios = {
        "time": median([float(figures[f"{slowest}_s"]) / float(figures[f"{EMPTY}_s"])]),
        "memory": median([memory[largest] / memory[EMPTY]]),
    }
    return Result("packaged", figures, ratios, GOALS)


@contextmanager
def _zips(printed: Path) -> Iterator[dict[str, Zip]]:
    """Every function's, each with a database and queues, and the empty one."""
    out = printed / "zips"
    aws.build(ROOT, FUNCTIONS, ARCHITECTURE, PYTHON, out)
    for name in FUNCTIONS:
        with zipfile.ZipFile(out / f"{name}.zip") as archive:
            archive.extractall(out / name)
    shutil.copytree(out / "housekeeping", out / EMPTY)
    shutil.copy(servers.PEERS / f"{EMPTY}.py", out / EMPTY)
    empty = Zip(out / EMPTY, f"{EMPTY}.handle", {}, lambda: (platforms.function_url_event(platforms.Call()), 200))
    with servers.database() as url, sqs(printed) as endpoint, ExitStack() as stack:
        cold.arrange_database(url)
        pokes, bursts = fifo(endpoint), fifo(endpoint)
        values = {
            "CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY,
            "POKE": pokes.environment["POKE"], "POKE_ANSWERS": bursts.environment["POKE"],
        }  # fmt: skip
        made = {EMPTY: empty}
        for name in FUNCTIONS:
            own = {**values, "FUNCTION_TARGET": name, "DATABASE_URL": cold.own_database(url, name)}
            stack.callback(postgres.drop_database, url, cold.own_name(url, name))
            environment = {variable: own[variable] for variable in BLOCKS[name]["environment"] if variable in own}
            environment |= {**pokes.environment, "POKE": environment.get("POKE", ""), "SERVER_ENV": "dev"}
            made[name] = Zip(out / name, BLOCKS[name]["handler"], environment, partial(_first_event, name))
        yield made


def _first_event(name: str) -> tuple[Any, int]:
    if name in SCHEDULES:
        return {"task": name}, 200
    request = cold.first_request(name)
    path, _, query = request.path.partition("?")
    headers = (("Content-Type", "application/json"), *request.headers.items())
    call = platforms.Call(request.method, path, query, headers, request.body.encode())
    return platforms.function_url_event(call), request.status


def _sized(made: Zip, printed: Path, megabytes: int) -> Start:
    with processor_share.group(cores(megabytes)) as share:
        return _start(made, printed, share)


def _start(made: Zip, printed: Path, share: Path, *, starting_whole: bool = False) -> Start:
    """Start it, and ask once."""
    event, expected = made.first_event()
    before = () if starting_whole else ("/bin/sh", "-c", JOIN, str(share))
    started = time.perf_counter()
    with lambdas.running(made.task, made.handler, printed, before=before, **made.environment) as instance:
        if starting_whole:
            instance.wait()
            share.write_text(str(instance.process.pid))
        answer = instance.invoke(event)
        seconds = time.perf_counter() - started
        if answer["statusCode"] != expected:
            raise BenchmarkError(f"{made.task.name} answered {answer['statusCode']}: see {instance.output.read_text()}")
        running = servers.Running(0, instance.process, instance.output)
        return Start(seconds, servers.peak_memory_mb(running), servers.cpu_seconds(running))
