"""Calls of a public client that are under way are counted in all processes together, and none of them for ever."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from functions.agent_reply.agents import AGENTS
from functions.agent_reply.call import AgentCall
from functions.agent_reply.call_leases import CallLeases
from functions.agent_reply.schema import ReplyRequest
from shared.credentials.api_clients import ApiClient
from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.learning import limits
from shared.learning.sessions import Session
from tests.functions.agent_reply.conftest import PATHS, WORDS, World, environment, until
from tests.helpers import learning
from tests.helpers.learning import Learner
from tests.helpers.serving import ServedProcess, serve

BUDGET = 5_000_000
NO_HURRY = {"LLM_DEADLINE_SECONDS": "60"}


@pytest.fixture
def other(sandbox: str, module_database_url: str, printed: Path) -> Iterator[ServedProcess]:
    """Another process of the function."""
    with serve("agent_reply", printed, **environment(sandbox, module_database_url, **NO_HURRY)) as served:
        yield served


def ask(url: str, learner: Learner) -> httpx.Response:
    body = {"session_id": str(learner.session), "user_message": WORDS}
    headers = learner.headers | {"X-Device-Id": learner.device}
    return httpx.post(f"{url}{PATHS['chat']}", json=body, headers=headers, timeout=60, trust_env=False)


def leases(world: World) -> list[int]:
    """How many each row has."""
    query = (
        "select cardinality(leased_until) as n from learning.usage where client_id = %s and kind = 'calls' order by n"
    )
    return [row["n"] for row in world.connection.execute(query, (world.learner.client,))]


def refused(response: httpx.Response) -> bool:
    return response.status_code == 429 and response.json()["reason"] == "too_many_at_once"


@pytest.mark.slow
def test_a_device_has_no_more_calls_in_two_processes_and_gets_back_those_of_one_that_died(
    world: World, other: ServedProcess
) -> None:
    world.learner = learner = learning.learner(world.connection, is_public=True, daily_tokens=BUDGET)
    neighbour = learning.learner(world.connection, (learner.client, learner.token))
    for _ in range(limits.DEVICE_CALLS_AT_ONCE):
        world.fail("hang", seconds=60)
    here = str(world.http.base_url)
    with ThreadPoolExecutor(limits.DEVICE_CALLS_AT_ONCE) as pool:
        running = [pool.submit(ask, other.url, learner) for _ in range(limits.DEVICE_CALLS_AT_ONCE)]
        until(lambda: len(world.asked()) == limits.DEVICE_CALLS_AT_ONCE)
        one_too_many = ask(here, learner)
        assert ask(here, neighbour).status_code == 200, "of another device"
        os.killpg(other.process.pid, signal.SIGKILL)
        for call in running:
            with pytest.raises(httpx.TransportError):
                call.result()

    assert refused(one_too_many)
    assert int(one_too_many.headers["retry-after"]) > 0
    assert leases(world) == [0, limits.DEVICE_CALLS_AT_ONCE, limits.DEVICE_CALLS_AT_ONCE]
    assert refused(ask(here, learner)), "nobody knows yet that they died"
    _end_leases(world.connection)
    assert ask(here, learner).status_code == 200
    assert leases(world) == [0, 0, 0]


def _end_leases(connection: psycopg.Connection[DictRow]) -> None:
    """What their time would do."""
    connection.execute(
        "update learning.usage set leased_until = array(select now() from unnest(leased_until)) where kind = 'calls'"
    )


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("fault", [None, "status", "break"])
def test_a_call_gives_its_lease_back_however_it_ends(world: World, accept: str, fault: str | None) -> None:
    world.learner = learner = learning.learner(world.connection, is_public=True, daily_tokens=BUDGET)
    if fault:
        world.fail(fault, **({"status": 500} if fault == "status" else {}))
    world.ask(headers={"X-Device-Id": learner.device, "Accept": accept})
    until(lambda: leases(world) == [0, 0])


def test_a_call_that_its_budget_refuses_gives_its_lease_back(world: World) -> None:
    world.learner = learner = learning.learner(world.connection, is_public=True, daily_tokens=1)

    assert world.ask(headers={"X-Device-Id": learner.device}).json()["reason"] == "daily_budget"
    assert leases(world) == [0, 0]


def call(client: int, user: UUID) -> AgentCall:
    """A call of a device that came before today, unless the user is known."""
    session = Session(
        uuid4(), user, uuid4(), "track", "chat", sidebar_visible=True, created_at=datetime.now(UTC),
        is_of_new_device=False, threads={},
    )  # fmt: skip
    caller = ApiClient(client, "app", is_public=True, daily_tokens=None)
    return AgentCall(caller, AGENTS[0], ReplyRequest.model_validate({"user_message": "?"}), session)


@asynccontextmanager
async def processes(database_url: str, count: int) -> AsyncIterator[list[CallLeases]]:
    """The leases of so many processes."""
    databases = [Database(database_url) for _ in range(count)]
    try:
        yield [CallLeases(database, 60) for database in databases]
    finally:
        for database in databases:
            await database.close()


async def begin(held: AsyncExitStack, process: CallLeases, started: AgentCall) -> bool:
    """Whether the call may go on."""
    try:
        await held.enter_async_context(process.hold(started, 1))
    except HttpProblem:
        return False
    return True


async def test_many_processes_have_no_more_calls_of_a_client_than_they_may(
    database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    client, _ = learning.client(connection, is_public=True)
    count = -(-limits.CLIENT_CALLS_AT_ONCE // limits.CALLS_AT_ONCE) + 1
    rows = "select cardinality(leased_until) as n from learning.usage where client_id = %s and user_id = %s"

    def left() -> Any:
        [row] = connection.execute(rows, (client, UUID(int=0))).fetchall()
        return row["n"]

    async with processes(database_url, count) as all_processes:
        async with AsyncExitStack() as held:
            calls = [(process, call(client, uuid4())) for process in all_processes for _ in range(limits.CALLS_AT_ONCE)]
            began = await asyncio.gather(*(begin(held, process, started) for process, started in calls))
            assert (began.count(True), left()) == (limits.CLIENT_CALLS_AT_ONCE, limits.CLIENT_CALLS_AT_ONCE)
        assert left() == 0


async def test_devices_that_came_today_leave_the_others_their_part_of_the_calls(
    database_url: str, connection: psycopg.Connection[DictRow]
) -> None:
    client, _ = learning.client(connection, is_public=True)
    new = learning.insert(connection, "learning.users", client_id=client, device_id=str(uuid4()))
    part = limits.CLIENT_CALLS_AT_ONCE // limits.NEW_DEVICES_SHARE
    connection.execute(
        """
        insert into learning.usage (client_id, user_id, kind, started_at, used, leased_until)
        select %s, %s, 'calls', date_trunc('day', now(), 'UTC'), %s, array_agg(now() + interval '1 hour')
        from generate_series(1, %s)
        """,
        (client, UUID(int=0), part, part),
    )
    async with processes(database_url, 1) as [process], AsyncExitStack() as held:
        assert not await begin(held, process, call(client, new))
        assert await begin(held, process, call(client, uuid4()))
