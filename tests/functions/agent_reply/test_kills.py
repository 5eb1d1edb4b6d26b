"""A process that is killed in each window between taking a question and answering it: the retry finds one reply."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from tests.chaos import proxy
from tests.chaos.scene import with_password
from tests.functions.agent_reply.conftest import PATHS, WORDS, World, environment, until
from tests.helpers import learning
from tests.helpers.serving import Served, ServedProcess, serve
from tests.helpers.threads import serve_in_thread

pytestmark = pytest.mark.slow

KEY = {"Idempotency-Key": "killed"}
PATIENCE_SECONDS = 30
NO_HURRY = {"LLM_DEADLINE_SECONDS": "20"}
STORE = b"as is_ours"  # only the statement that stores a reply has these words


@dataclass
class Victim:
    """A process that will not live to answer."""

    served: ServedProcess
    world: World
    database: proxy.Proxy

    def kill(self) -> None:
        """SIGKILL, to it and its worker."""
        os.killpg(self.served.process.pid, signal.SIGKILL)

    async def die_when(self, true: Callable[[], Any], **headers: str) -> None:
        """Ask it, and kill it once `true`. Nobody is answered."""
        body = {"session_id": str(self.world.learner.session), "user_message": WORDS, "apply_side_effects": True}
        sent = self.world.learner.headers | KEY | headers
        async with httpx.AsyncClient(base_url=self.served.url, trust_env=False, timeout=PATIENCE_SECONDS) as http:
            told = http.post(PATHS["chat"], json=body | {"store_user_message": True}, headers=sent)
            asked = asyncio.create_task(told)
            give_up_at = time.monotonic() + PATIENCE_SECONDS
            while not true():
                assert time.monotonic() < give_up_at, "the moment did not come"
                await asyncio.sleep(0.005)
            self.kill()
            with pytest.raises(httpx.TransportError):
                await asked


@pytest.fixture(scope="module")
def served(sandbox: str, module_database_url: str, printed: Any) -> Iterator[Served]:
    """The one that lives on. On a busy machine an answer takes its time; no deadline is meant here."""
    with serve_in_thread("agent_reply", printed, **environment(sandbox, module_database_url, **NO_HURRY)) as running:
        yield running


@pytest.fixture
async def victim(world: World, sandbox: str, module_direct_url: str, printed: Any) -> AsyncIterator[Victim]:
    """Beside the world's function another process of it, with a proxy before its database."""
    async with proxy.proxied(with_password(module_direct_url), "") as database:
        with serve("agent_reply", printed, **environment(sandbox, database.url, **NO_HURRY)) as served:
            yield Victim(served, world, database)
        database.ends.set()
        await asyncio.sleep(0.1)  # the proxy sees that nobody is there any more


def _retried(world: World) -> httpx.Response:
    """The same call again, at a process that lives. The dead one's lease is over: a test need not wait for it."""
    world.connection.execute("update learning.idempotency_keys set leased_until = now() where answer is null")
    return world.ask(headers=KEY, store_user_message=True)


def _assert_told_once(world: World, response: httpx.Response, *, thoughts: int) -> None:
    assert response.status_code == 200
    assert [(message["seq"], message["role"]) for message in world.stored()] == [(1, "user"), (2, "assistant")]
    assert response.json()["side_effects"]["message_id"] == str(world.stored()[1]["id"])
    assert len(world.asked()) == thoughts


async def test_killed_before_the_model_was_asked(victim: Victim) -> None:
    """It waits for the budget's row, which somebody else has locked."""
    world = victim.world
    world.learner = learning.learner(world.connection, daily_tokens=100_000)
    world.ask(session_id=..., apply_side_effects=False)  # so that there is a row
    world.connection.execute("delete from learning.idempotency_keys")
    counted = len(world.asked())
    with world.connection.transaction():
        world.connection.execute("select from learning.daily_usage for update")
        await victim.die_when(world.waiting)

    assert len(world.asked()) == counted
    assert world.key_row("killed") is not None
    _assert_told_once(world, _retried(world), thoughts=counted + 1)


async def test_killed_while_the_model_thinks(victim: Victim) -> None:
    world = victim.world
    world.slow(1)
    await victim.die_when(world.asked)

    world.slow(0)
    assert world.stored() == []
    _assert_told_once(world, _retried(world), thoughts=2)


async def test_killed_in_the_middle_of_a_stream(victim: Victim) -> None:
    world = victim.world
    world.fail("stall", seconds=5)
    await victim.die_when(lambda: any(row["status"] for row in world.asked()), Accept="text/event-stream")

    assert world.stored() == []
    _assert_told_once(world, _retried(world), thoughts=2)


async def test_killed_while_postgres_stores_the_reply(victim: Victim) -> None:
    """The statement goes on without whoever sent it: the messages and the answer under the key, or neither."""
    world = victim.world
    with world.connection.transaction():
        thread = world.learner.threads["chat"]
        world.connection.execute("select from learning.chat_threads where id = %s for update", (thread,))
        await victim.die_when(world.waiting)

    until(world.stored)
    _assert_told_once(world, _retried(world), thoughts=1)


async def test_killed_between_the_reply_and_its_storing(victim: Victim) -> None:
    world = victim.world
    victim.database.holds = lambda sent, _: STORE in sent
    await victim.die_when(lambda: victim.database.held)

    assert world.stored() == []
    _assert_told_once(world, _retried(world), thoughts=2)


async def test_killed_between_the_commit_and_the_answer(victim: Victim) -> None:
    """Postgres has it, and the process never hears so."""
    world = victim.world
    victim.database.swallow_one(STORE)
    victim.database.then = victim.kill  # a moment later it would tell its caller to call again
    await victim.die_when(lambda: victim.database.swallowed)

    stored = replace(world).stored()
    assert len(stored) == 2
    _assert_told_once(world, _retried(world), thoughts=1)
    assert world.stored() == stored


async def test_a_commit_whose_answer_was_lost_is_not_done_twice(victim: Victim) -> None:
    """The process lives, and tells its caller to call again."""
    world = victim.world
    victim.database.swallow_one(STORE)
    body = {"session_id": str(world.learner.session), "user_message": WORDS, "apply_side_effects": True}
    async with httpx.AsyncClient(base_url=victim.served.url, trust_env=False, timeout=PATIENCE_SECONDS) as http:
        sent = {"json": body | {"store_user_message": True}, "headers": world.learner.headers | KEY}
        first = await http.post(PATHS["chat"], **sent)  # type: ignore[arg-type]

    assert first.status_code == 503
    _assert_told_once(world, _retried(world), thoughts=1)
