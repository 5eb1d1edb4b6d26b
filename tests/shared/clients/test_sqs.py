"""A queue of SQS: what is tried again, what is not, and who has to be known."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.clients.sqs import FifoQueue, SendFailed
from shared.errors import ConfigError
from tests.helpers.queues import CREDENTIALS, SECRET_KEY

URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/pokes.fifo"


class Server(ThreadingHTTPServer):
    """Answers with `statuses`, one after the other, then 200; a 0 is a connection that dies with the next request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses: list[int] = []
        self.bodies: list[dict[str, str]] = []
        self.tokens: list[str | None] = []


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.tokens.append(self.headers["X-Amz-Security-Token"])
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", "41")
        self.end_headers()
        self.wfile.write(b'{"__type": "com.amazonaws.sqs#SomeError"}')

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    for name, value in {**CREDENTIALS, "AWS_SESSION_TOKEN": "token"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("status", [0, 500, 503])
async def test_what_died_or_broke_is_sent_once_more_as_the_same_message(server: Server, status: int) -> None:
    queue = FifoQueue(URL)
    await queue.send("g", "first")
    server.statuses = [status]

    await queue.send("g", "second")

    first, second, again = server.bodies
    assert (first["MessageBody"], second["MessageBody"], second["QueueUrl"]) == ("first", "second", URL)
    assert second == again
    assert first["MessageDeduplicationId"] != second["MessageDeduplicationId"]
    assert server.tokens == ["token"] * 3


async def test_what_is_refused_is_not_sent_again_and_says_its_code(server: Server) -> None:
    server.statuses = [400]
    with pytest.raises(SendFailed, match="SomeError"):
        await FifoQueue(URL).send("g", "b")
    assert len(server.bodies) == 1


async def test_twice_is_enough(server: Server) -> None:
    server.statuses = [0, 0, 0]
    with pytest.raises(SendFailed, match="RemoteDisconnected"):
        await FifoQueue(URL).send("g", "b")
    assert len(server.bodies) == 2


@pytest.mark.parametrize("missing", CREDENTIALS)
def test_without_a_key_it_does_not_start(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in {**CREDENTIALS, missing: ""}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=missing) as refused:
        FifoQueue(URL)
    assert SECRET_KEY not in str(refused.value)
