"""A function served in a thread of the tests' process: as quick to start as a test, and as real as HTTP."""

import asyncio
import io
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TextIO

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from infra.local import server, web_server
from shared import config, logs
from shared.http.function import Function
from tests.helpers.serving import START_SECONDS, Served


class LogsByThread(io.TextIOBase):
    """Where functions of several threads print to: each into a file of its own, everybody else to stdout."""

    def __init__(self) -> None:
        self.files: dict[int, TextIO] = {}

    def write(self, text: str) -> int:
        """Write to the file of the calling thread, or to stdout as it is now: a test may capture it."""
        return self._target().write(text)

    def flush(self) -> None:
        """Flush the same."""
        self._target().flush()

    def _target(self) -> TextIO:
        return self.files.get(threading.get_ident(), sys.stdout)


_LOGS = LogsByThread()


@contextmanager
def serve_in_thread(name: str, printed: Path, **settings: str) -> Iterator[Served]:
    """Serve the function `name`, made of `settings` as its environment, until the context ends.

    For whatever needs no process to kill, to signal or to freeze. Logs go into a file of `printed`.
    """
    function: Function = import_module(f"functions.{name}.main").create(config.load(settings))
    output = printed / f"{name}-{uuid.uuid4().hex[:8]}.log"
    running = _Running(function, output, settings.get("LOG_LEVEL", "INFO"))
    running.start()
    try:
        yield Served(running.url, output)
    finally:
        running.end()


class _Running(threading.Thread):
    """An event loop with a web server, and the function behind it."""

    def __init__(self, function: Function, output: Path, log_level: str) -> None:
        super().__init__(daemon=True)
        self._function = function
        self._output = output
        self._log_level = log_level
        self._listener = web_server.listen(0)
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self.url = web_server.address(self._listener)

    def run(self) -> None:
        """Serve until the end."""
        with (
            self._output.open("w", encoding="utf-8") as file,
            asyncio.Runner(loop_factory=lambda: self._loop) as runner,
        ):
            _LOGS.files[threading.get_ident()] = file
            logs.setup(self._log_level, _LOGS)
            try:
                runner.run(self._serve())
            finally:
                del _LOGS.files[threading.get_ident()]

    def end(self) -> None:
        """End it, and wait until it has ended."""
        self._loop.call_soon_threadsafe(self._over.set)
        self.join(START_SECONDS)
        if self.is_alive():
            raise RuntimeError("a function's thread did not end")

    async def _serve(self) -> None:
        app = Starlette(routes=[Route("/{path:path}", self._function.handler, methods=server.METHODS)])
        quiet = {"lifespan": "off", "access_log": False, "log_config": None, "timeout_graceful_shutdown": 1}
        # After uvicorn's own 5 s a call on a kept connection could meet its close, and get no answer.
        settings = uvicorn.Config(app, **quiet, timeout_keep_alive=75)  # type: ignore[arg-type]
        async with web_server.serving(settings, self._listener):
            await self._over.wait()
        await self._function.close()
