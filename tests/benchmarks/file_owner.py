"""`python -m tests.benchmarks.file_owner --port P`: the least that owns files, as Telegram does.

Each file has the size that its id says: `getFile` of `1000` leads to a thousand bytes.
"""

import argparse
import asyncio
import json
from typing import Any
from urllib.parse import unquote

import uvloop

_CHUNK = bytes(65_536)


class Owner(asyncio.Protocol):
    """One kept connection; requests come one after another."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._buffer = b""
        self._writable = asyncio.Event()
        self._writable.set()
        self._sending: asyncio.Task[None] | None = None

    def connection_made(self, transport: Any) -> None:
        """Keep what answers go to."""
        self._transport = transport

    def pause_writing(self) -> None:
        """Whoever reads slowly is waited for."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """They read on."""
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Nobody wants the rest."""
        if self._sending:
            self._sending.cancel()

    def data_received(self, data: bytes) -> None:
        """Answer a request that is complete."""
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not end or len(body) < length:
            return
        self._buffer = b""
        if head.startswith(b"GET"):
            self._sending = asyncio.create_task(self._send(int(head.split(b" ")[1].rpartition(b"/")[2])))
            return
        size = _file_id(body)
        answer = json.dumps({"ok": True, "result": {"file_id": size, "file_path": f"documents/{size}"}}).encode()
        self._head("application/json", len(answer))
        self._transport.write(answer)

    def _head(self, kind: str, length: int) -> None:
        self._transport.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n".encode())

    async def _send(self, size: int) -> None:
        self._head("application/octet-stream", size)
        for start in range(0, size, len(_CHUNK)):
            await self._writable.wait()
            self._transport.write(_CHUNK[: size - start])


def _file_id(body: bytes) -> str:
    return str(json.loads(body)["file_id"]) if body.startswith(b"{") else unquote(body.decode().partition("=")[2])


async def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    server = await asyncio.get_running_loop().create_server(Owner, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
