"""`carillon serve` as a tree of processes, on a port of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT

START_SECONDS = 60.0
Found = TypeVar("Found")


@dataclass(frozen=True)
class Tree:
    """A keeper with its release."""

    process: subprocess.Popen[bytes]
    url: str
    control: Path
    output: Path

    @property
    def health(self) -> dict[str, object]:
        """What all functions say of themselves."""
        found: dict[str, object] = httpx.get(f"{self.url}/health", trust_env=False, timeout=60).json()
        return found

    def log(self) -> str:
        """What was printed so far."""
        return self.output.read_text(encoding="utf-8")


def until(look: Callable[[], Found], seconds: float = START_SECONDS) -> Found:
    """What `look` finds, once it is true. Raises AssertionError after `seconds`, which no sound machine needs."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return found


@contextmanager
def running(database_url: str, printed: Path, folder: Path, *arguments: str, **settings: str) -> Iterator[Tree]:
    """Run it in `folder`, until the context ends; no process of it is left then."""
    output, control = printed / f"serve-{folder.name}-{time.monotonic_ns()}.log", folder / "s"
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATABASE_URL": database_url,
        "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET, **settings,
    }  # fmt: skip
    carillon = "from infra.cli.main import main; main()"
    command = [sys.executable, "-c", carillon, "serve", "--port", "0", "--control", str(control), *arguments]
    with output.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        [address] = until(lambda: re.findall(r'"address": "(http:[^"]+)"', output.read_text(encoding="utf-8")))
        until(lambda: '"started"' in output.read_text(encoding="utf-8"))
        yield Tree(process, address, control, output)
    finally:
        process.terminate()
        try:
            process.wait(300)
        finally:
            if session(process.pid):
                os.killpg(process.pid, signal.SIGKILL)


def session(pid: int) -> set[int]:
    """All processes of the session that `pid` began, but those that have ended and are not collected yet."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, own = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(own) == pid and state != "Z":
            found.add(int(stat.parent.name))
    return found
