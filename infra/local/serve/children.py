"""Child processes by fork: started, started again when they die, ended with their parent."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared import logs

MIN_LIFE_SECONDS = 1.0  # whoever dies sooner is not started again before
GRACE_SECONDS = 20.0  # from SIGTERM to SIGKILL
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


@dataclass
class Child:
    """A place for a process: `main` is what it runs, and answers its exit code.

    It begins with SIGNALS blocked, and unblocks them once it listens.
    """

    name: str
    main: Callable[[], int]
    pid: int = 0  # 0: there is none now
    started_at: float = 0.0
    ends_until: float | None = None  # it was told to end, and is killed then


class Children:
    """A process's children. It does nothing else: signals are waited for, not handled."""

    def __init__(self, max_bytes: int, grace_seconds: float = GRACE_SECONDS) -> None:
        """A child that uses more memory than `max_bytes` is ended in good order, and another takes its place.

        Whoever does not end within `grace_seconds` is killed.
        """
        self._max_bytes = max_bytes
        self._grace_seconds = grace_seconds
        self._children: list[Child] = []
        self._parent = os.getppid()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

    def add(self, name: str, main: Callable[[], int]) -> None:
        """Start a child that runs `main`, for as long as this process runs."""
        child = Child(name, main)
        self._children.append(child)
        self._start(child)

    def supervise(self, on_usr1: Callable[[], None]) -> None:
        """Keep the children alive until SIGTERM or SIGINT comes, or the parent is gone; then end them.

        SIGUSR1 calls `on_usr1` and is passed on to the children.
        """
        while os.getppid() == self._parent:
            received = signal.sigtimedwait(SIGNALS, 0.5)
            number = received.si_signo if received else None
            if number in (signal.SIGTERM, signal.SIGINT):
                break
            if number == signal.SIGUSR1:
                on_usr1()
                self._signal(signal.SIGUSR1)
            self._reap()
            self._start_missing()
            self._end_large()
        self._end_all()

    def _start(self, child: Child) -> None:
        child.started_at, child.ends_until = time.monotonic(), None
        child.pid = os.fork()
        if child.pid == 0:
            _become(child)

    def _reap(self) -> None:
        for child in self._children:
            if child.pid and (ended := os.waitpid(child.pid, os.WNOHANG))[0]:
                code = os.waitstatus_to_exitcode(ended[1])
                if child.ends_until is None:
                    logs.error("process_died", process=child.name, pid=child.pid, code=code)
                child.pid = 0

    def _start_missing(self) -> None:
        for child in self._children:
            if not child.pid and time.monotonic() - child.started_at > MIN_LIFE_SECONDS:
                self._start(child)

    def _end_large(self) -> None:
        for child in self._children:
            if not child.pid:
                continue
            if child.ends_until is not None:
                if time.monotonic() > child.ends_until:
                    os.kill(child.pid, signal.SIGKILL)
            elif (size := resident_bytes(child.pid)) > self._max_bytes:
                logs.warning("process_too_large", process=child.name, pid=child.pid, megabytes=size // 2**20)
                child.ends_until = time.monotonic() + self._grace_seconds
                os.kill(child.pid, signal.SIGTERM)

    def _end_all(self) -> None:
        until = time.monotonic() + self._grace_seconds
        for child in self._children:
            child.ends_until = until
        self._signal(signal.SIGTERM)
        while any(child.pid for child in self._children) and time.monotonic() < until:
            signal.sigtimedwait([signal.SIGCHLD], 0.2)
            self._reap()
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, number)


def _become(child: Child) -> None:
    code = 1
    try:
        code = child.main()
    except BaseException as error:  # noqa: BLE001 - nothing of the parent's may run here
        logs.error("process_crashed", cause=error, process=child.name)
    finally:
        sys.stdout.flush()
        os._exit(code)


def resident_bytes(pid: int) -> int:
    """The memory that a process uses; 0 where nobody knows (no /proc), or when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0
