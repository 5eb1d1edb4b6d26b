"""Writes while the next rows are read: reading is work for this process, writing for the server."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self


class Writer:
    """Does one piece of work after the other, in a thread of its own."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "carillon-import")
        self._work: Future[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._executor.shutdown(cancel_futures=True)
        if kind is None:
            self.wait()

    def submit(self, work: Callable[..., None], *arguments: Any) -> None:
        """Let `work` be done when what was submitted before is. Raises what that raised."""
        self.wait()
        self._work = self._executor.submit(work, *arguments)

    def wait(self) -> None:
        """Return when all is done: the connection is free. Raises what the work raised."""
        if self._work:
            self._work.result()
            self._work = None
