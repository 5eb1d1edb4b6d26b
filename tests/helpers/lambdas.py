"""A Lambda of a zip: AWS's own runtime client in a process that sees the zip's files alone, behind an API of ours.

Its Python has what Lambda's has of its own: botocore.
"""

import itertools
import json
import queue
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from pathlib import Path
from subprocess import STDOUT, Popen
from typing import Any

OF_THE_RUNTIME = (
    "awslambdaric", "simplejson", "snapshot-restore-py", "botocore", "jmespath", "urllib3", "six", "python-dateutil",
)  # fmt: skip
SECONDS = 120.0  # what a test waits for a start, or for an answer


class LambdaError(Exception):
    """The handler raised, or never came up; the text is what Lambda would log."""


@dataclass
class _Api:
    """What waits for the process, one event at a time, and what it answered."""

    events: queue.Queue[tuple[str, bytes]] = field(default_factory=queue.Queue)
    answers: queue.Queue[tuple[str, bytes]] = field(default_factory=queue.Queue)
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    ids: Iterator[int] = field(default_factory=itertools.count)
    is_up: threading.Event = field(default_factory=threading.Event)


class Lambda:
    """One instance of a function."""

    def __init__(self, api: _Api, process: Popen[bytes], output: Path) -> None:
        self._api, self.process, self.output = api, process, output

    def wait(self) -> None:
        """Return once it has started. Raises LambdaError."""
        if not self._api.is_up.wait(SECONDS):
            raise LambdaError(f"it did not start within {SECONDS:g} s:\n{self.output.read_text()}")

    def invoke(self, event: Any) -> Any:
        """The answer to an event, after those before it. Raises LambdaError when the handler raises."""
        with self._api.one_at_a_time:
            self._api.events.put((f"request-{next(self._api.ids)}", json.dumps(event).encode()))
            try:
                kind, answer = self._api.answers.get(timeout=SECONDS)
            except queue.Empty:
                raise LambdaError(f"no answer within {SECONDS:g} s:\n{self.output.read_text()}") from None
        if kind != "response":
            raise LambdaError(answer.decode())
        return json.loads(answer)


@contextmanager
def running(
    task: Path, handler: str, printed: Path, *, before: Sequence[str] = (), **environment: str
) -> Iterator[Lambda]:
    """An instance of the function whose zip was unpacked into `task`, until the context ends.

    `before` is a command that becomes the one that follows it.
    """
    api = _Api()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": api}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    output = printed / f"{task.name}.log"
    settings = {
        "PYTHONPATH": f"{task}:{_runtime(printed)}",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "AWS_LAMBDA_FUNCTION_NAME": task.name,
        "LAMBDA_TASK_ROOT": str(task),
        "PYTHONDONTWRITEBYTECODE": "1",  # nobody may write into /var/task
        **environment,
    }
    # Without -S it would see what is installed here.
    command = [*before, sys.executable, "-S", "-s", "-m", "awslambdaric", handler]
    with output.open("wb") as log, Popen(command, cwd=task, env=settings, stdout=log, stderr=STDOUT) as process:
        try:
            yield Lambda(api, process, output)
        finally:
            process.kill()
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Nothing: it is the process that was ended while it waited."""


class _Handler(BaseHTTPRequestHandler):
    """The runtime API: `next` waits for an event, `response` and `error` take what became of it."""

    api: _Api
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.api.is_up.set()
        request_id, event = self.api.events.get()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + SECONDS) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:carillon",
        }
        self._answer(200, event, headers)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.api.answers.put((self.path.rpartition("/")[2], body))
        self._answer(202, b"{}", {})

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _runtime(printed: Path) -> Path:
    """A folder with what Lambda's Python has of its own."""
    folder, installed = printed / "runtime", Path(sysconfig.get_path("platlib"))
    if not folder.exists():
        folder.mkdir()
        for package in OF_THE_RUNTIME:
            tops = {path.parts[0] for path in files(package) or ()} - {"..", "__pycache__"}
            for top in sorted(tops):
                (folder / top).symlink_to(installed / top)
    return folder
