"""Dispatchers that are called over and over, die, and are replaced."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import httpx

from tests.helpers import arrange, canaries
from tests.helpers.serving import ServedProcess, serve

NAME = "dispatch_notifications"
LEASE_SECONDS = 4.0
SEND_DEADLINE_SECONDS = 1.5
RUN_SECONDS = 3
PAUSE_SECONDS = 0.05  # between two calls
SECRET = {"x-cron-secret": canaries.CRON_SECRET}


def settings(database_url: str, telegram_url: str, **others: str) -> dict[str, str]:
    """What a dispatcher of these tests is started with."""
    return {
        "DATABASE_URL": database_url,
        "TELEGRAM_API_URL": telegram_url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "SEND_DEADLINE_SECONDS": str(SEND_DEADLINE_SECONDS),
        **others,
    }


def strike(served: ServedProcess, number: signal.Signals) -> None:
    """A signal to a function's server and its worker."""
    os.killpg(served.process.pid, number)


class Instance:
    """One place in the fleet: a process, and its successors."""

    def __init__(self, printed: Path, environment: dict[str, str]) -> None:
        self._printed = printed
        self._environment = environment
        self._over = False
        self.served: ServedProcess | None = None
        self.at_work = False
        self.outputs: list[Path] = []
        self.answers: list[int] = []

    async def live(self) -> None:
        """Start, be called until death, start again; until the fleet is over."""
        while not self._over:
            with ExitStack() as stack:
                serving = serve(NAME, self._printed, **self._environment)
                self.served = served = await asyncio.to_thread(stack.enter_context, serving)
                self.outputs.append(served.output)
                try:
                    await self._work(served)
                finally:
                    await asyncio.to_thread(stack.close)  # the stand-in lives in this loop

    async def _work(self, served: ServedProcess) -> None:
        async with httpx.AsyncClient(timeout=120, trust_env=False, headers=SECRET) as client:
            while not self._over and served.process.poll() is None:
                self.at_work = True
                try:
                    answer = await client.post(served.url, params={"seconds": RUN_SECONDS})
                    self.answers.append(answer.status_code)
                except httpx.TransportError:
                    pass  # it was killed
                finally:
                    self.at_work = False
                await asyncio.sleep(PAUSE_SECONDS)

    def kill(self) -> None:
        """The end without a word; a successor follows."""
        self._strike(signal.SIGKILL)

    def stop(self) -> None:
        """Frozen, as a platform does with a function that nobody calls."""
        self._strike(signal.SIGSTOP)

    def wake(self) -> None:
        """As if nothing had been."""
        self._strike(signal.SIGCONT)

    def end(self) -> None:
        """No further calls, and no successor."""
        self._over = True
        if self.served is not None and self.served.process.poll() is None:
            self.wake()

    def _strike(self, number: signal.Signals) -> None:
        assert self.served is not None
        strike(self.served, number)
        if number == signal.SIGKILL:
            self.at_work = False
            self.served.process.wait(300)


class Fleet:
    """All places."""

    def __init__(self, instances: list[Instance]) -> None:
        self.instances = instances

    @property
    def answers(self) -> set[int]:
        """Every status that was answered."""
        return {status for instance in self.instances for status in instance.answers}

    @property
    def at_work(self) -> list[Instance]:
        """Those that have a call under way."""
        return [instance for instance in self.instances if instance.at_work]


@asynccontextmanager
async def called_once(
    printed: Path, environment: dict[str, str]
) -> AsyncIterator[tuple[ServedProcess, asyncio.Task[int]]]:
    """A dispatcher, and the one call it gets: the status, 0 when it died."""
    with ExitStack() as stack:
        served = await asyncio.to_thread(stack.enter_context, serve(NAME, printed, **environment))
        call = asyncio.create_task(_status(served.url))
        try:
            yield served, call
        finally:
            call.cancel()
            await asyncio.to_thread(stack.close)


async def _status(url: str) -> int:
    try:
        async with httpx.AsyncClient(timeout=120, trust_env=False, headers=SECRET) as client:
            return (await client.post(url, params={"seconds": RUN_SECONDS})).status_code
    except httpx.TransportError:
        return 0


@asynccontextmanager
async def fleet(size: int, printed: Path, environment: dict[str, str]) -> AsyncIterator[Fleet]:
    """`size` dispatchers at work, for as long as the context lasts."""
    running = Fleet([Instance(printed, environment) for _ in range(size)])
    lives = [asyncio.create_task(instance.live()) for instance in running.instances]
    try:
        yield running
    finally:
        for instance in running.instances:
            instance.end()
        await asyncio.gather(*lives)
