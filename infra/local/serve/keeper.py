"""The keeper: owns the public socket and one release, and changes the release without closing the socket.

python -m infra.local.serve.keeper --host HOST --port PORT --workers N --memory BYTES --control PATH

At the Unix socket `control` it takes an order to deploy, a line of JSON (infra/admin/operating/deploy.py), and answers
a line for each step and one at the end. Whoever may open that file may let it run any program.
"""

import argparse
import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from infra.local import interrupts, web_server
from infra.local.serve.candidate import Candidate, Options, Rejected
from shared import logs

RESTART_SECONDS = 1.0


class Keeper:
    """One release that answers the public, and while a deployment is under way another one beside it."""

    def __init__(self, options: Options) -> None:
        """Nothing runs yet."""
        self._options = options
        self._current = Candidate(options, sys.executable, is_first=True)
        self._deploying = asyncio.Lock()
        self._switched = asyncio.Event()

    async def run(self) -> int:
        """Run the release, and start it again whenever it ends, until this task is cancelled.

        Returns EX_CONFIG when the first one cannot start with these settings: another try would not mend that.
        """
        await self._current.start(is_public=True)
        try:
            while True:
                ended = asyncio.create_task(self._current.ended())
                switched = asyncio.create_task(self._switched.wait())
                await asyncio.wait((ended, switched), return_when=asyncio.FIRST_COMPLETED)
                ended.cancel()
                switched.cancel()
                if self._switched.is_set():
                    self._switched.clear()
                    continue
                logs.error("release_died", code=self._current.code)
                if self._current.code == os.EX_CONFIG and self._current.is_first:
                    return os.EX_CONFIG
                await asyncio.sleep(RESTART_SECONDS)
                await self._current.start(is_public=True)
        finally:
            await self._current.stop()

    async def deploy(self, order: dict[str, Any]) -> AsyncIterator[str]:
        """Put another release in place of this one; yields its steps. Raises Rejected, and this one is still there."""
        if self._deploying.locked():
            raise Rejected("another deployment is under way")
        async with self._deploying:
            new = Candidate(self._options, order["python"])
            await new.start(is_public=False)
            try:
                yield "started beside the old release"
                await new.wait_until_healthy(order["version"], order["schema"], order["seconds"])
            except BaseException:
                await new.stop()
                raise
            yield f"every function says {order['version']}, schema {order['schema']}"
            new.go_public()
            old, self._current = self._current, new
            self._switched.set()
            yield "answers the public; the old release finishes what it has begun"
            await old.stop()
            yield "the old release has ended"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Follow one order."""
        end: dict[str, Any] = {"done": True}
        try:
            async for step in self.deploy(json.loads(await reader.readline())):
                writer.write(_line({"step": step}))
        except Rejected as reason:
            end = {"rejected": str(reason)}
        except (KeyError, TypeError, ValueError):
            end = {"rejected": "this is no order"}
        logs.info("deployed" if "done" in end else "deployment_rejected", reason=end.get("rejected"))
        writer.write(_line(end))
        writer.close()


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _listen_for_orders(path: Path) -> socket.socket:
    """A socket at `path` that only this user may open. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    former = os.umask(0o177)
    try:
        listener.bind(os.fspath(path))
    finally:
        os.umask(former)
    return listener


async def run(options: Options, orders: socket.socket) -> int:
    """Keep until interrupted; the exit code."""
    keeper = Keeper(options)
    server = await asyncio.start_unix_server(keeper.answer, sock=orders)
    try:
        return await keeper.run()
    except asyncio.CancelledError:
        return 0
    finally:
        server.close()


def main() -> int:
    """Listen, say where, and keep; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.serve.keeper")
    parser.add_argument("--host", default=web_server.LOOPBACK)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--memory", type=int, default=256 * 2**20)
    parser.add_argument("--control", type=Path, required=True)
    arguments = parser.parse_args()
    logs.setup("INFO")
    logs.function.set("serve")
    try:
        public = web_server.listen(arguments.port, arguments.host)
        orders = _listen_for_orders(arguments.control)
    except OSError as error:
        place = f"{arguments.host}:{arguments.port} or {arguments.control}"
        sys.stderr.write(f"carillon: {place} cannot be listened at: {error.strerror}\n")
        return 1
    logs.info("listening", address=web_server.address(public))
    try:
        return interrupts.run(run(Options(public, arguments.workers, arguments.memory), orders))
    finally:
        arguments.control.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
