"""`python -m <module> <arguments>` in the checkout: from nothing, or as a fork of a process that has loaded libraries.

Nothing of ours is loaded in that process. A start from nothing costs most of a second; the suite starts two hundred.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# What a function and the server before it import from others, and the sandbox, too.
LIBRARIES = [
    "cryptography.hazmat.primitives.ciphers.aead",
    "functions_framework._cli",
    "functions_framework._http.gunicorn",
    "functions_framework.aio",
    "gunicorn.arbiter",
    "httpx",
    "httpx_aiohttp",
    "psycopg",
    "pydantic.alias_generators",
    "pydantic.main",
    "pydantic.types",
    "starlette.applications",
    "starlette.responses",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn_worker",
    "uvloop",
]

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LIBRARIES)


class Fork:
    """It, in a session of its own: what tests need of a Popen."""

    def __init__(self, module: str, *arguments: str, environment: dict[str, str], output: Path) -> None:
        """It starts; what it prints goes to `output`."""
        output.touch()
        parts = (module, arguments, environment, output)
        self._process: ForkServerProcess = _context.Process(target=_become, args=parts, daemon=True)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        return self._process.exitcode

    def wait(self, seconds: float) -> int:
        """Its exit code, when it has ended. Raises subprocess.TimeoutExpired when it does not in `seconds`."""
        self._process.join(seconds)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired(str(self.pid), seconds)
        return code

    def terminate(self) -> None:
        """SIGTERM."""
        self._process.terminate()


Process = Fork | subprocess.Popen[bytes]


def start(module: str, *arguments: str, environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    """The same from nothing."""
    command = [sys.executable, "-m", module, *arguments]
    with output.open("wb") as log:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _become(module: str, arguments: tuple[str, ...], environment: dict[str, str], output: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    printed = os.open(output, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(printed, stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
