"""SIGKILL of the function, and a database that is away: what was answered 200 is there, with all that follows."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from tests.functions.ingest_webhook.whatsapp.world import SECRET, STORED, World, add_desk, at_once, chatflow, new_jid
from tests.helpers import arrange
from tests.helpers.serving import ServedProcess, serve
from tests.helpers.threads import serve_in_thread
from tests.helpers.waiting import shortest

CONNECTIONS = 16
ENOUGH = 200


class Load:
    """Sixteen people who never pause, and what was answered for them."""

    def __init__(self, served: ServedProcess) -> None:
        self._served = served
        self._enough = asyncio.Event()
        self.answered: dict[str, int] = {}

    async def until_the_kill(self) -> None:
        """Call until enough was answered, kill the function and its worker in that moment."""
        limits = httpx.Limits(max_connections=CONNECTIONS)
        async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits, headers=SECRET) as client:
            callers = [asyncio.create_task(self._call(client, new_jid())) for _ in range(CONNECTIONS)]
            await self._enough.wait()
            os.killpg(self._served.process.pid, signal.SIGKILL)
            await asyncio.gather(*callers)
        self._served.process.wait(300)

    async def _call(self, client: httpx.AsyncClient, jid: str) -> None:
        while not self._enough.is_set():
            body = chatflow(jid)
            try:
                response = await client.post(f"{self._served.url}/whatsapp/salon", json=body)
            except httpx.TransportError:
                return
            self.answered[body["metadata"]["messageId"]] = response.status_code
            if len(self.answered) >= ENOUGH:
                self._enough.set()


@pytest.mark.slow
async def test_after_a_sigkill_nothing_that_was_answered_is_missing_and_nothing_is_half_done(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    add_desk(connection, "salon")
    settings = {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY}
    with serve("ingest_webhook", printed, **settings) as served:
        load = Load(served)
        await load.until_the_kill()

    assert set(load.answered.values()) == {200}
    stored = {row["external_id"] for row in connection.execute("select external_id from support.messages")}
    assert load.answered.keys() <= stored
    half = """select from support.users u left join support.conversations c on c.user_id = u.id
              left join support.messages m on m.conversation_id = c.id
              where c.answer_due_at is null or m.id is null"""
    assert connection.execute(half).fetchall() == []


@pytest.mark.slow
async def test_a_database_that_keeps_us_waiting_is_503_within_five_seconds_and_a_repetition_is_stored(
    world: World,
) -> None:
    url, jid = world.served.url, new_jid()
    body = chatflow(jid)
    [warm] = await at_once(url, [chatflow(new_jid())])
    assert warm.json() == STORED
    with psycopg.connect(world.url) as locker:
        locker.execute("lock table support.messages in access exclusive mode")
        responses: list[httpx.Response] = []

        async def calls() -> None:
            responses.extend(await at_once(url, [body] * 4, redelivers=False))

        assert await shortest(calls, 5) < 5
    assert {(response.status_code, response.headers["retry-after"]) for response in responses} == {(503, "5")}
    await asyncio.sleep(1)
    [again] = await at_once(url, [body])

    assert again.status_code == 200
    assert len(world.messages(jid)) == 1


async def test_the_functions_role_and_its_grants_are_enough_for_the_work(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    add_desk(connection, "salon")
    connection.execute(f"alter database {connection.info.dbname} set role = fn_ingest_webhook".encode())
    jid = new_jid()
    bodies = [chatflow(jid), chatflow(jid, metadata={"fromMe": True}), chatflow(jid)]
    settings = {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY}
    with serve_in_thread("ingest_webhook", printed, **settings) as served:
        for body in bodies:
            [response] = await at_once(served.url, [body], "salon")
            assert (response.status_code, response.json()) == (200, STORED)
            connection.execute(
                """insert into support.handovers (client_id, conversation_id, trigger_type, telegram_message_id)
                   select client_id, id, 'keyword', 5 from support.conversations
                   on conflict do nothing"""
            )
    kinds = connection.execute("select kind from platform.outbox").fetchall()
    assert {row["kind"] for row in kinds} == {"platform/topic", "support/in-topic", "support/card-edit"}
