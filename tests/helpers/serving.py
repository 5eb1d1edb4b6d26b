"""Serves one function: in a process of its own, exactly as it is deployed, or in a thread of the tests' process."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.starting import ROOT, Fork, Process

__all__ = ["ROOT"]
START_SECONDS = 240.0
END_SECONDS = 60.0  # for a process to be gone; on a busy machine even who is killed takes a moment
# Below those that the system gives to whoever asks for any, and for each worker of a run its own: between the choice of
# a port and the moment in which somebody listens there, nobody else takes it.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
_PORTS = itertools.cycle(random.sample(range(12_000 + 2_500 * _WORKER, 14_500 + 2_500 * _WORKER), 2_500))


@dataclass(frozen=True)
class Served:
    """A running function, and the file that it prints to."""

    url: str
    output: Path


@dataclass(frozen=True)
class ServedProcess(Served):
    """A function in a process of its own."""

    process: Process
    environment: dict[str, str]


def free_port() -> int:
    """A port that nobody listens on, and that nobody else is given."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


@contextmanager
def serve(
    function: str, printed: Path, begin: Callable[..., Process] = Fork, /, **settings: str
) -> Iterator[ServedProcess]:
    """Run `functions-framework` for `function` with `settings` as its environment, until the context ends.

    Its libraries are loaded before that; with `start` as `begin` it loads them, as the first one after a deploy does.
    """
    port = free_port()
    output = printed / f"{function}-{uuid.uuid4().hex[:8]}.log"
    environment = {
        **{k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")},
        "FUNCTION_USE_ASGI": "1",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    arguments = ("--source", f"functions/{function}/main.py", "--target", function, "--host", "127.0.0.1")
    process = begin("functions_framework", *arguments, "--port", str(port), environment=environment, output=output)
    try:
        wait_for_port(port, process, output)
        yield ServedProcess(f"http://127.0.0.1:{port}", output, process, environment)
    finally:
        end(process)


def end(process: Process) -> None:
    """End the server and its worker: gunicorn's worker outlives a master that is killed."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(END_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def take_away(served: ServedProcess) -> float:
    """End it as a platform does, by SIGTERM, and wait until it is gone; the seconds that it took."""
    began = time.monotonic()
    served.process.terminate()
    await asyncio.to_thread(served.process.wait, END_SECONDS)
    return time.monotonic() - began


@contextmanager
def sandbox_process(printed: Path) -> Iterator[str]:
    """The stand-in for Telegram in a process of its own, for tests that are not async; its address."""
    port = free_port()
    output = printed / f"sandbox-{uuid.uuid4().hex[:8]}.log"
    process = Fork("infra.sandbox", "--port", str(port), environment=dict(os.environ), output=output)
    try:
        wait_for_port(port, process, output)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(END_SECONDS)


def wait_for_port(port: int, process: Process, output: Path) -> None:
    """Return once somebody listens on `port`; raises RuntimeError when the process ends first."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the function did not start:\n{output.read_text()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"nobody listens on {port}:\n{output.read_text()}")
