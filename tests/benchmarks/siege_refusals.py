"""What a refused request costs the function that refuses it, in processor time; its sender's is not in it."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, median
from tests.benchmarks.servers import Running
from tests.benchmarks.siege_calls import CONNECTIONS, http, paced

CALLS = 1000
AT_ONCE = 10_000.0  # a second: as fast as they are answered
SECONDS = 60.0
EMPTY = "asgi_empty"

Call = Callable[[], bytes]


def costs(plan: Plan, functions: Mapping[str, Running], strangers: Mapping[str, Call]) -> dict[str, float]:
    """Microseconds of a call that each of `strangers` makes at its function, and of one of an empty ASGI target's."""
    with servers.serving(servers.start(servers.PEERS / f"{EMPTY}.py", EMPTY, plan.printed, **servers.ASGI)) as empty:
        contenders = {name: partial(_cost, functions[name], call) for name, call in strangers.items()}
        contenders[EMPTY] = partial(_cost, empty, partial(http, "POST", "/", b"{}"))
        for contender in contenders.values():
            contender()  # imports, connections
        measured = plan.interleave("refusals", contenders)
    return {f"refused_{name}_cpu_us": median(costs) for name, costs in measured.items()}


def _cost(running: Running, call: Call) -> float:
    before = servers.cpu_seconds(running)
    calls = (call() for _ in range(CALLS))
    statuses = asyncio.run(paced(running.url, calls, AT_ONCE, SECONDS, CONNECTIONS))
    if sum(statuses.values()) != CALLS or set(statuses) - {200, 401, 404}:
        raise BenchmarkError(f"strangers were answered {dict(statuses)}")
    return (servers.cpu_seconds(running) - before) / CALLS * 1_000_000
