"""What a process holds, as Linux tells it."""

from pathlib import Path

import pytest

STATUS = Path("/proc/self/status")
only_on_linux = pytest.mark.skipif(not STATUS.exists(), reason="only Linux says what a process holds")


def held(pid: int) -> int:
    """Bytes that the larger of a function's two processes holds now."""
    return _largest(pid, "VmRSS")


def held_at_most(pid: int) -> int:
    """Bytes that it has held at most."""
    return _largest(pid, "VmHWM")


def _largest(pid: int, what: str) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = [line for one in (pid, *children) for line in Path(f"/proc/{one}/status").read_text().splitlines()]
    return max(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))
