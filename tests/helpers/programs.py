"""Programs of ours that stay up, in processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.helpers.serving import ROOT

# Python keeps a SIGINT that its process inherits as ignored: whoever runs the tests may have it so, too.
_START = "import os, signal, sys; signal.signal(signal.SIGINT, signal.{}); os.execv(sys.argv[1], sys.argv[1:])"


@contextmanager
def started(
    *arguments: str, sigint: Literal["SIG_DFL", "SIG_IGN"] = "SIG_DFL", folder: Path = ROOT, **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """`python <arguments>` in `folder`, where SIGINT is as usual or ignored; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", _START.format(sigint), sys.executable, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], start: str) -> None:
    """Read what the program prints up to a line that begins with `start`. Raises AssertionError when it ends before."""
    assert process.stdout is not None
    assert process.stderr is not None
    if not any(line.startswith(start) for line in process.stdout):
        raise AssertionError(process.stderr.read())
