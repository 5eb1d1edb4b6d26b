"""A release: a process that has loaded the functions once, and forks the workers and the scheduler.

python -m infra.local.serve.release --public FD [--private FD] --workers N --memory BYTES

With a private socket it answers there alone, until SIGUSR1 says that it may answer at the public one, too, and call the
scheduled functions.
"""

import argparse
import asyncio
import gc
import importlib
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvicorn
from dotenv import load_dotenv
from uvicorn.loops.auto import auto_loop_factory

import functions
from infra.local import scheduler, web_server
from infra.local.schedules import read_schedules
from infra.local.serve.app import create_app, create_functions, load_settings
from infra.local.serve.children import SIGNALS, Children
from shared import logs
from shared.database.pool import Database
from shared.errors import ConfigError
from shared.telemetry import setup as telemetry
from shared.version import VERSION

DRAIN_SECONDS = 2.0
FINISH_SECONDS = 10  # for requests that are under way when a worker ends
KEEP_ALIVE_SECONDS = (
    130  # longer than a proxy's 120: whoever closes first may close under a webhook, which is lost then
)
PARENT_SECONDS = 1.0


def main() -> int:
    """Run until SIGTERM; the exit code."""
    arguments = _parser().parse_args()
    load_dotenv(Path(".env"), override=False, encoding="utf-8-sig")
    public = socket.socket(fileno=arguments.public)
    private = None if arguments.private is None else socket.socket(fileno=arguments.private)
    url = web_server.address(public)
    try:
        settings = load_settings(url)
        logs.setup(settings.log_level)
        _load_all()
        telemetry.load(settings)  # set up after the fork: no thread would survive it
        create_functions(settings)  # whatever is wrong with the settings is said once, and not by each worker
    except ConfigError as error:
        sys.stderr.write(f"carillon: {error}\n")
        return os.EX_CONFIG
    logs.function.set("serve")
    logs.info("started", version=VERSION, workers=arguments.workers)
    gate = Gate(is_open=private is None)
    children = Children(arguments.memory)

    async def work() -> None:
        await _work(gate, public, private, url)

    async def schedule() -> None:
        await gate.wait()
        async with scheduler.running(read_schedules(), url, settings.cron_secret):
            await gate.closed.wait()

    own_pid = os.getpid()
    gc.freeze()  # pages that no collector touches stay shared with the workers
    for number in range(arguments.workers):
        children.add(f"worker {number + 1}", lambda: _run(gate, work(), own_pid))
    children.add("scheduler", lambda: _run(gate, schedule(), own_pid))
    children.supervise(gate.open)
    return 0


class Gate:
    """Whether a process may meet the public, and whether it has to end."""

    def __init__(self, *, is_open: bool) -> None:
        """Events are of the event loop that waits for them first: in each child its own."""
        self._opened, self.closed = asyncio.Event(), asyncio.Event()
        if is_open:
            self._opened.set()

    def open(self) -> None:
        """Let the public in."""
        self._opened.set()

    def close(self) -> None:
        """End."""
        self.closed.set()
        self._opened.set()

    async def wait(self) -> None:
        """Wait until it is open, or has to end."""
        await self._opened.wait()


async def _work(gate: Gate, public: socket.socket, private: socket.socket | None, url: str) -> None:
    """Answer at the private socket, and at the public one once the gate is open, until it closes."""
    settings = load_settings(url)
    telemetry.setup(settings)
    served, database = create_functions(settings), Database(settings.database_url, size=1)
    app = create_app(served, database, settings.cron_secrets)
    async with AsyncExitStack() as stack:
        if private:
            await stack.enter_async_context(web_server.serving(_config(app), private))
        await gate.wait()
        if not gate.closed.is_set():
            await stack.enter_async_context(web_server.serving(_config(app), public, DRAIN_SECONDS))
        await gate.closed.wait()
    for function in served.values():
        await function.close()
    await database.close()
    telemetry.flush()


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app, lifespan="off", access_log=False, log_config=None, server_header=False,
        timeout_graceful_shutdown=FINISH_SECONDS, timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )  # fmt: skip


def _run(gate: Gate, program: Coroutine[Any, Any, None], parent: int) -> int:
    """A child's event loop; it ends on SIGTERM, and when its `parent` has gone."""

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, gate.close)
        loop.add_signal_handler(signal.SIGUSR1, gate.open)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        task = asyncio.create_task(_end_without(parent, gate))
        await program
        task.cancel()

    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(watched())
    return 0


async def _end_without(parent: int, gate: Gate) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(PARENT_SECONDS)
    gate.close()


def _load_all() -> None:
    """Import every module of every function, so that workers share them."""
    for module in pkgutil.walk_packages(functions.__path__, "functions."):
        importlib.import_module(module.name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.local.serve.release")
    parser.add_argument("--public", type=int, required=True)
    parser.add_argument("--private", type=int)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--memory", type=int, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
