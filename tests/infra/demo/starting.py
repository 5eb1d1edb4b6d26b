"""`make demo HAND=1` in a process of its own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.programs import started


@contextmanager
def running_demo(database: str, folder: Path, **settings: str) -> Iterator[str]:
    """The address of the page beside a stack that plays nothing by itself."""
    module = ("-m", "infra.demo.run", "--database", database, "--by-hand")
    with started(*module, sigint="SIG_IGN", folder=folder, **settings) as demo:
        assert demo.stdout
        [address] = [line.split()[1] for line in _until_ready(demo.stdout) if line.startswith("Telegram")]
        yield address.rstrip("/")
        demo.terminate()
        demo.wait(300)


def _until_ready(printed: Iterable[str]) -> Iterator[str]:
    """The lines up to the last one that a start prints."""
    for line in printed:
        yield line
        if line.startswith("Ctrl-C"):
            return
