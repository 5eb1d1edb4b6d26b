"""What Linux tells of a process."""

from pathlib import Path

import pytest

only_on_linux = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux says what a process holds"
)


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def resident_bytes(pid: int) -> int:
    """What the largest of a process and those that it started holds now."""
    return _largest(pid, "VmRSS:")


def peak_bytes(pid: int) -> int:
    """The most that one of a process and those that it started has held."""
    return _largest(pid, "VmHWM:")


def _largest(pid: int, field: str) -> int:
    texts = [Path(f"/proc/{process}/status").read_text(encoding="utf-8") for process in (pid, *children(pid))]
    lines = [line for text in texts for line in text.splitlines()]
    return max(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))
