"""What stands in for a collector of OpenTelemetry and for Sentry: it keeps what is posted."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What came, in order: each request's path and its body, unpacked."""

    url: str
    posted: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def sentry_dsn(self) -> str:
        """The address of a project of Sentry."""
        return self.url.replace("://", "://public@") + "/1"

    @property
    def all_bytes(self) -> bytes:
        """Everything that left."""
        return b"\n".join(body for _, body in self.posted)

    def spans(self) -> list[Span]:
        """The spans that came."""
        requests = [ExportTraceServiceRequest.FromString(body) for path, body in self.posted if path == "/v1/traces"]
        return [
            span for request in requests for group in request.resource_spans
            for scope in group.scope_spans for span in scope.spans
        ]  # fmt: skip

    def events(self) -> list[dict[str, Any]]:
        """Sentry's events that came."""
        envelopes = [body.split(b"\n") for path, body in self.posted if path == "/api/1/envelope/"]
        return [json.loads(lines[2]) for lines in envelopes if json.loads(lines[1])["type"] == "event"]


def attributes(span: Span) -> dict[str, Any]:
    """A span's attributes, as Python has them."""
    return {item.key: getattr(item.value, str(item.value.WhichOneof("value"))) for item in span.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port, until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            is_packed = self.headers.get("content-encoding") == "gzip"
            collector.posted.append((self.path, gzip.decompress(body) if is_packed else body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
