"""A sandbox in a process of its own, as strangers meet it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sandbox() -> Iterator[str]:
    """Serve a strict one; its address."""
    command = [sys.executable, "-m", "infra.sandbox", "--port", "0", "--strict"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[-1].rstrip("/")
        finally:
            process.terminate()
