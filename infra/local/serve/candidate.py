"""The process of one release, as the keeper starts, asks and stops it."""

import asyncio
import http.client
import json
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from infra.local import web_server

ASK_SECONDS, PAUSE_SECONDS = 5.0, 0.2
STOP_SECONDS = 30.0  # longer than its children have


class Rejected(Exception):
    """A release is not taken; the text says why."""


@dataclass(frozen=True)
class Options:
    """What all releases have in common."""

    public: socket.socket
    workers: int
    memory: int  # bytes of one process


class Candidate:
    """A release that is installed for `python`. Its settings are the keeper's, and a .env in the keeper's folder."""

    def __init__(self, options: Options, python: str, *, is_first: bool = False) -> None:
        """It does not run yet. `is_first`: the keeper began with it."""
        self.is_first = is_first
        self._options = options
        self._python = python
        self._process: asyncio.subprocess.Process | None = None
        self._private: socket.socket | None = None

    @property
    def code(self) -> int | None:
        """Its exit code, if it has ended."""
        return self._process.returncode if self._process else None

    async def start(self, *, is_public: bool) -> None:
        """Start it. Unless `is_public`, it answers at a private socket alone. Raises Rejected."""
        sockets = {"--public": self._options.public}
        if not is_public:
            self._private = sockets["--private"] = web_server.listen(0)
        arguments = [word for name, used in sockets.items() for word in (name, str(used.fileno()))]
        try:
            self._process = await asyncio.create_subprocess_exec(
                self._python, "-P", "-m", "infra.local.serve.release", *arguments,  # -P: not what lies in this folder
                "--workers", str(self._options.workers), "--memory", str(self._options.memory),
                pass_fds=[used.fileno() for used in sockets.values()],
            )  # fmt: skip
        except OSError as error:
            raise Rejected(f"{self._python} cannot be started: {error.strerror}") from None

    async def ended(self) -> None:
        """Wait until it has ended."""
        assert self._process is not None
        await self._process.wait()

    async def wait_until_healthy(self, version: str, schema: str, seconds: float) -> None:
        """Return once each of its functions says that it is this release and can work. Raises Rejected."""
        until = time.monotonic() + seconds
        reason = "it does not answer"
        while time.monotonic() < until:
            if self.code is not None:
                raise Rejected(f"it ended with exit code {self.code}; its log says why")
            health = await asyncio.to_thread(self._ask)
            reason = _objection(health, version, schema) if health else "it does not answer"
            if not reason:
                return
            await asyncio.sleep(PAUSE_SECONDS)
        raise Rejected(f"after {seconds:g} s: {reason}")

    def go_public(self) -> None:
        """Let it answer the public, and call the scheduled functions."""
        assert self._process is not None
        self._process.send_signal(signal.SIGUSR1)
        self._close_private()

    async def stop(self) -> None:
        """End it in good order, or by force when it does not end."""
        self._close_private()
        if self._process is None or self._process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _close_private(self) -> None:
        if self._private:
            self._private.close()
            self._private = None

    def _ask(self) -> dict[str, Any] | None:
        """What it says of its health; None when it does not answer."""
        assert self._private is not None
        host, port = self._private.getsockname()
        connection = http.client.HTTPConnection(host, port, timeout=ASK_SECONDS)
        try:
            connection.request("GET", "/health", headers={"connection": "close"})
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            connection.close()
        return answer


def _objection(health: dict[str, Any], version: str, schema: str) -> str:
    """Why a release that answers this is not taken; empty: it is."""
    functions = health.get("functions") or {}
    if not functions:
        return "it names no functions"
    for name, own in functions.items():
        if own.get("version") != version:
            return f"{name} says release {own.get('version')}, not {version}"
        if own.get("schema", {}).get("needed") != schema:
            return f"{name} needs schema {own.get('schema', {}).get('needed')}, not {schema}"
        if own.get("status") == "failing":
            return f"{name} cannot work: it finds schema {own['schema'].get('found') or 'none'}, and needs {schema}"
        if "waiting_seconds" not in own:
            return f"{name} does not say how long messages wait"
    return ""
