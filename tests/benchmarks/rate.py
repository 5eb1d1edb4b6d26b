"""1, 4 and 8 dispatchers on one bot with Telegram's usual limit: all of it used, never more."""

import asyncio
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import httpx
import psycopg

from tests.benchmarks import servers
from tests.benchmarks.dispatch import FILL, arrivals
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries

PER_SECOND, BURST = 25, 5
FLEETS = (1, 4, 8)
WARM_UP_SECONDS = 2.0
SECONDS_OF_PLAN = 0.8  # 12 seconds of each fleet with the usual five rounds of three
GOALS = {"used": ">= 0.99", "over": "<= 1"}


def measure(plan: Plan) -> Result:
    """Let each fleet send for a while and look at when messages arrived. The worst fleet counts."""
    seconds = max(2.0, plan.rounds * plan.seconds * SECONDS_OF_PLAN)
    with _fleet(plan) as (url, messenger, dispatchers):
        arrived = {}
        for size in FLEETS:
            plan.screen.print(f"[dim]{size} dispatchers for {seconds:g} s[/]")
            arrived[size] = _send(url, messenger, dispatchers[:size], seconds)
    used = {size: _used(times) for size, times in arrived.items()}
    most = {size: _most_in_a_second(times) for size, times in arrived.items()}
    figures: dict[str, float | str] = {
        **{f"used_by_{size}": median([share]) for size, share in used.items()},
        **{f"most_in_a_second_by_{size}": count for size, count in most.items()},
        "limit_per_second": PER_SECOND,
        "burst": BURST,
    }
    ratios = {
        "used": median([min(used.values())]),
        "over": median([max(most.values()) / (PER_SECOND + BURST)]),
    }
    return Result("rate", figures, ratios, GOALS)


@contextmanager
def _fleet(plan: Plan) -> Iterator[tuple[str, Running, list[Running]]]:
    """A database, a messenger, and as many dispatchers as the largest fleet needs."""
    with servers.database() as url, ExitStack() as stack:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("update platform.bots set rate_per_second = %s, burst = %s", (PER_SECOND, BURST))
        module = ["tests.benchmarks.standin", "--latency", "0.05"]
        messenger = stack.enter_context(servers.serving(servers.start_module(module, plan.printed / "messenger.log")))
        settings = {"DATABASE_URL": url, "TELEGRAM_API_URL": messenger.url, "CRON_SECRET": canaries.CRON_SECRET}
        started = [
            servers.start(
                servers.function("dispatch_notifications"), "dispatch_notifications", plan.printed,
                SECRETS_KEY=arrange.SECRETS_KEY, **settings, **servers.ASGI,
            )
            for _ in range(max(FLEETS))
        ]  # fmt: skip
        dispatchers = [stack.enter_context(servers.serving(running)) for running in started]
        _send(url, messenger, dispatchers, WARM_UP_SECONDS)
        yield url, messenger, dispatchers


def _send(url: str, messenger: Running, dispatchers: Sequence[Running], seconds: float) -> list[float]:
    """When each message arrived, in seconds, while all dispatchers run for `seconds`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("truncate platform.outbox, platform.lanes cascade")
        connection.execute("update platform.bot_limits set tat = '-infinity'")
        connection.execute(FILL, (round(2 * seconds * PER_SECOND),))
        connection.execute("vacuum analyze platform.outbox, platform.lanes")
    asyncio.run(_run_all(dispatchers, seconds))
    arrived = arrivals(messenger)
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from platform.outbox where state = 'sent'").fetchone()
    if row != (len(arrived),):
        raise BenchmarkError(f"{len(arrived)} messages arrived, {row} are noted as sent")
    return arrived


async def _run_all(dispatchers: Sequence[Running], seconds: float) -> None:
    async with httpx.AsyncClient(timeout=seconds + 60, trust_env=False) as http:
        headers = {"x-cron-secret": canaries.CRON_SECRET}
        calls = (http.post(f"{dispatcher.url}/?seconds={seconds:g}", headers=headers) for dispatcher in dispatchers)
        for answer in await asyncio.gather(*calls):
            answer.raise_for_status()


def _used(times: Sequence[float]) -> float:
    """The share of the limit that was used, once the burst is spent, from the first arrival to the last."""
    return (len(times) - 1 - BURST) / (times[-1] - times[0]) / PER_SECOND


def _most_in_a_second(times: Sequence[float]) -> int:
    """The most arrivals in any sliding second."""
    ordered = sorted(times)
    return max(bisect_right(ordered, at + 1.0) - number for number, at in enumerate(ordered))
