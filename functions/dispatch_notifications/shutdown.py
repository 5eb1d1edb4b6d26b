"""When a run has to end: its time budget is over, or the platform takes the process away (SIGTERM)."""

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar

Result = TypeVar("Result")

SIGTERM_GRACE_SECONDS = 3.5  # of five: the rest is for noting what became of the messages, and for the exit itself


class Deadline:
    """When a run has to end: at the end of its budget, or soon after SIGTERM."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is the time budget."""
        self._expires_at = time.monotonic() + seconds
        self._forced = asyncio.Event()
        self._cuts_at = 0.0
        self._limits: set[asyncio.Timeout] = set()  # of what is under way

    @property
    def seconds_left(self) -> float:
        """How long new work may still be begun."""
        return 0.0 if self._forced.is_set() else self._expires_at - time.monotonic()

    @property
    def expired(self) -> bool:
        """Whether nothing new may be begun."""
        return self.seconds_left <= 0

    @property
    def is_forced(self) -> bool:
        """Whether the process is being taken away."""
        return self._forced.is_set()

    def expire(self) -> None:
        """The process is being taken away: nothing new is begun, and what is under way has SIGTERM_GRACE_SECONDS."""
        if not self._forced.is_set():
            self._forced.set()
            self._cuts_at = asyncio.get_running_loop().time() + SIGTERM_GRACE_SECONDS
            for limit in self._limits:
                limit.reschedule(self._cuts_at)

    async def sleep(self, seconds: float) -> bool:
        """Wait for `seconds`; False, at once, when the process is being taken away."""
        if seconds > 0 and not self._forced.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await self._forced.wait()
            except TimeoutError:
                return True
        return not self._forced.is_set()

    async def run_until(self, work: Coroutine[None, None, Result]) -> Result | None:
        """The result of `work`; None when it had to be cut off because the process ends."""
        try:
            async with asyncio.timeout(None) as limit:
                self._limits.add(limit)
                if self._forced.is_set():
                    limit.reschedule(self._cuts_at)
                return await work
        except TimeoutError:
            return None
        finally:
            self._limits.discard(limit)


class SigtermHook:
    """Calls back on SIGTERM, and then whoever listened before: the server that this function runs in."""

    def __init__(self, on_sigterm: Callable[[], object]) -> None:
        """`on_sigterm` runs inside a signal handler."""
        self._on_sigterm = on_sigterm
        self._previous: Any = signal.SIG_DFL

    def install(self) -> None:
        """Listen from now on. Call it before each run: a server may have put its own handler in place since."""
        if threading.current_thread() is not threading.main_thread():
            return  # Python lets only the main thread listen
        if signal.getsignal(signal.SIGTERM) != self._handle:
            self._previous = signal.signal(signal.SIGTERM, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._on_sigterm()
        if callable(self._previous):
            self._previous(number, frame)
