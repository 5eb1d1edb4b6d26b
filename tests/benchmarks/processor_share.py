"""A share of a processor core for a process, as a platform gives it: a control group, which root may make."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.measuring import BenchmarkError

PERIOD_US = 20_000
UNIFIED = Path("/sys/fs/cgroup")
CONTROLLER = UNIFIED / "cpu"  # where the kernel has the former kind of groups

_numbers = itertools.count()


@contextmanager
def group(cores: float) -> Iterator[Path]:
    """The file into which a process's id is written, so that it and its threads get `cores` together.

    Raises BenchmarkError where no group can be made.
    """
    parent = CONTROLLER if CONTROLLER.is_dir() else UNIFIED
    folder = parent / f"carillon-{os.getpid()}-{next(_numbers)}"
    quota = round(PERIOD_US * cores)
    try:
        folder.mkdir()
        if parent == CONTROLLER:
            (folder / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (folder / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (folder / "cpu.max").write_text(f"{quota} {PERIOD_US}")
    except OSError as error:
        raise BenchmarkError(f"no process can be given a share of a core here, root may: {error}") from None
    try:
        yield folder / "cgroup.procs"
    finally:
        folder.rmdir()
