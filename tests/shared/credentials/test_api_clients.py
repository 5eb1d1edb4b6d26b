"""Whose token opens the door, and who may see which session."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from shared.credentials import secrets
from shared.credentials.api_clients import ApiClient, ApiClients
from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.learning import sessions
from tests.helpers import learning
from tests.helpers.counting import Counting
from tests.helpers.learning import Learner
from tests.shared.http.requests import request


@pytest.fixture
async def counting(database_url: str) -> AsyncIterator[Counting]:
    """The handle on this test's database."""
    handle = Counting(database_url)
    yield handle
    await handle.close()


async def opened(database: Database, **headers: str) -> ApiClient:
    return await ApiClients(database).authenticate(request("GET", headers))


async def found(database: Database, client: ApiClient, session: UUID, device: str | None = None) -> sessions.Session:
    headers = {} if device is None else {"X-Device-Id": device}
    async with database.connection() as connection:
        return await sessions.find(connection, client, request("GET", headers), session)


async def of(database: Database, learner: Learner) -> ApiClient:
    return await opened(database, authorization=f"Bearer {learner.token}")


async def test_a_token_says_who_calls(database: Database, connection: psycopg.Connection[Any]) -> None:
    identity, token = learning.client(connection, is_public=True, daily_tokens=7)

    for scheme in ("Bearer", "bearer", "BEARER "):
        client = await opened(database, authorization=f"{scheme} {token}")
        assert (client.id, client.is_public, client.daily_tokens) == (identity, True, 7)


async def test_both_tokens_open_during_a_rotation(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    connection.execute(
        "insert into learning.client_tokens (client_id, slot, token_hash, valid_to) "
        "values (%s, 2, %s, now() + interval '1 hour')",
        (learner.client, secrets.hash_secret(second := secrets.new_secret())),
    )

    assert (await opened(database, authorization=f"Bearer {second}")) == await of(database, learner)


@pytest.mark.parametrize(
    "change",
    [
        "update learning.client_tokens set valid_to = now()",
        "update learning.clients set is_active = false",
        "delete from learning.client_tokens",
        "update learning.client_tokens set token_hash = sha256('')",
    ],
)
async def test_who_is_not_known_any_more_is_refused(
    database: Database, connection: psycopg.Connection[Any], learner: Learner, change: str
) -> None:
    connection.execute(change.encode())

    with pytest.raises(HttpProblem) as raised:
        await of(database, learner)
    assert raised.value.status == 401


@pytest.mark.parametrize("header", ["Basic {}", "{}", "Bearer{}", "Token {}", "Bearer x{}"])
async def test_a_token_is_offered_as_a_bearer_s(database: Database, learner: Learner, header: str) -> None:
    with pytest.raises(HttpProblem):
        await opened(database, authorization=header.format(learner.token))


async def test_a_token_that_was_made_a_moment_ago_opens_and_the_others_are_not_looked_up_again(
    counting: Counting, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    clients = ApiClients(counting)
    for token in (secrets.new_secret(), secrets.new_secret()):
        with pytest.raises(HttpProblem):
            await clients.authenticate(request("GET", {"authorization": f"Bearer {token}"}))
    identity, new = learning.client(connection)
    asked = counting.asked

    for token, expected in ((new, identity), (learner.token, learner.client), (new, identity)):
        client = await clients.authenticate(request("GET", {"authorization": f"Bearer {token}"}))
        assert client.id == expected
    assert counting.asked == asked + 1


@pytest.mark.parametrize(
    "header",
    [
        None, "", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {'x' * 42}", f"Bearer {'x' * 44}", f"Basic {'x' * 43}",
        f"Bearer {'x' * 42}=", f"Bearer {'x' * 42}\xe9", f"Bearer {'x' * 21} {'x' * 21}", f"Bearer {'x' * 100_000}",
    ],
)  # fmt: skip
async def test_what_can_be_no_token_is_not_looked_up(counting: Counting, header: str | None) -> None:
    headers = {} if header is None else {"authorization": header}
    with pytest.raises(HttpProblem) as raised:
        await ApiClients(counting).authenticate(request("GET", headers))

    assert raised.value.status == 401
    assert counting.asked == 0


async def test_every_token_that_is_ever_made_may_be_one(counting: Counting) -> None:
    clients = ApiClients(counting)
    tokens = [secrets.new_secret() for _ in range(100)]
    calls = (clients.authenticate(request("GET", {"authorization": f"Bearer {token}"})) for token in tokens)
    results = await asyncio.gather(*calls, return_exceptions=True)

    assert [type(result) for result in results] == [HttpProblem] * 100
    assert 1 <= counting.asked <= 2  # whoever came while the first read was under way shares a second one


async def test_a_client_sees_its_sessions_and_a_device_its_own(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    client = await of(database, learner)
    beside = learning.learner(connection, (learner.client, learner.token))
    stranger = learning.learner(connection)

    session = await found(database, client, learner.session)
    assert (session.id, session.track_id, session.threads) == (learner.session, learner.track, learner.threads)
    assert (await found(database, client, learner.session, learner.device)) == session
    for wanted, device in (
        (learner.session, beside.device),
        (beside.session, learner.device),
        (stranger.session, None),
        (stranger.session, stranger.device),
        (uuid4(), None),
    ):
        with pytest.raises(HttpProblem) as raised:
            await found(database, client, wanted, device)
        assert (raised.value.status, raised.value.detail) == (404, "There is no such session.")


@pytest.mark.parametrize("device", ["", "\u00d7", "x" * 201], ids=["empty", "not ASCII", "too long"])
async def test_a_device_that_can_be_none_is_refused(database: Database, learner: Learner, device: str) -> None:
    client = await of(database, learner)

    with pytest.raises(HttpProblem) as raised:
        await found(database, client, learner.session, device)
    assert raised.value.status == 422


async def test_a_public_client_must_say_which_device_asks(
    database: Database, connection: psycopg.Connection[Any]
) -> None:
    learner = learning.learner(connection, is_public=True)
    client = await of(database, learner)

    assert (await found(database, client, learner.session, learner.device)).id == learner.session
    with pytest.raises(HttpProblem) as raised:
        await found(database, client, learner.session)
    assert raised.value.status == 422


async def test_a_deleted_thread_is_missing(
    database: Database, connection: psycopg.Connection[Any], learner: Learner
) -> None:
    connection.execute("delete from learning.chat_threads where tab <> 'practice'")

    session = await found(database, await of(database, learner), learner.session)

    assert session.threads == {"practice": learner.threads["practice"]}
