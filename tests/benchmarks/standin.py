"""`python -m tests.benchmarks.standin --port P [--latency SECONDS]`: the least that is a messenger.

Answers every POST like Telegram does, after `--latency`, and keeps when each came. `GET /arrivals` tells that in
nanoseconds, as a JSON list, and forgets it. It costs a few percent of what its callers cost; the sandbox costs more.
"""

import argparse
import asyncio
import json
import time
from typing import Any

import uvloop

_ARRIVALS: list[int] = []
_OK = '{"ok":true,"result":{"message_id":%d,"chat":{"id":1,"type":"private"},"date":1790000000}}'


class Messenger(asyncio.Protocol):
    """One kept connection; requests come one after another."""

    def __init__(self, latency: float) -> None:
        """`latency` is in seconds."""
        self._latency = latency
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        """Keep what answers go to."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            if head.startswith(b"get"):
                self._answer(json.dumps(_ARRIVALS))
                _ARRIVALS.clear()
                continue
            _ARRIVALS.append(time.monotonic_ns())
            answer = _OK % len(_ARRIVALS)
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._answer, answer)
            else:
                self._answer(answer)

    def _answer(self, body: str) -> None:
        if not self._transport.is_closing():
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            self._transport.write((head + body).encode())


async def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    options = parser.parse_args()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Messenger(options.latency), "127.0.0.1", options.port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
