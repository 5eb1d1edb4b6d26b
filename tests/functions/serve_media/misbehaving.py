"""Owners that do what they should not: one server in the place of all three."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHUNK = b"x" * 65_536


@dataclass
class Reply:
    """What is answered: after `delay` seconds, `repeated` times the body; `length` is what is declared of it."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    delay: float = 0.0
    repeated: int = 1
    length: int | None = None


@dataclass
class Owner:
    """Answers what `replies` has for the beginning of a path; `asked` and `sent` say what came of it."""

    url: str
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path and what proves who asks
    sent: int = 0

    def reply_to(self, path: str) -> Reply:
        """The first that fits."""
        return next((reply for start, reply in self.replies.items() if path.startswith(start)), Reply(404))


@contextmanager
def misbehaving() -> Iterator[Owner]:
    """Listen on a port of its own, in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            owner.asked.append((self.path, self.headers.get("Authorization") or self.headers.get("apikey") or ""))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = owner.reply_to(self.path)
            time.sleep(reply.delay)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            if reply.length is not None:
                self.send_header("Content-Length", str(reply.length))
            self.end_headers()
            try:
                for _ in range(reply.repeated):
                    self.wfile.write(reply.body)
                    owner.sent += len(reply.body)
            except OSError:  # who asked has heard enough
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        owner = Owner(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield owner
        server.shutdown()
