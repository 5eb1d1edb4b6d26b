"""What a public client may ask: in a session of its device, not too much, and not too often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from functions.agent_reply import token_budget
from functions.agent_reply.llm_call import MAX_TOKENS
from shared.database import sql
from shared.learning import limits
from tests.functions.agent_reply.conftest import WORDS, World, until
from tests.helpers import learning
from tests.helpers.learning import Learner

BUDGET = 5_000_000
ENOUGH = limits.device_tokens(BUDGET)


@pytest.fixture
def world(world: World) -> World:
    """With a public client."""
    world.learner = learning.learner(world.connection, is_public=True, daily_tokens=BUDGET)
    return world


def ask(world: World, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return world.ask(headers={"X-Device-Id": world.learner.device, **(headers or {})}, **body)


def use(world: World, tokens: int) -> None:
    world.connection.execute(
        """
        insert into learning.usage
        select %s, user_id, 'tokens', date_trunc('day', now(), 'UTC'), %s from learning.track_sessions where id = %s
        """,
        (world.learner.client, tokens, world.learner.session),
    )


def used(world: World) -> tuple[int | None, int | None]:
    """Tokens that the device and the client have used."""
    query = """
        select (select used from learning.usage u join learning.users p on p.id = u.user_id
                where u.client_id = c.id and kind = 'tokens') as device,
               (select tokens from learning.daily_usage where client_id = c.id) as client
        from learning.clients c where c.id = %s
    """
    [row] = world.connection.execute(query, (world.learner.client,)).fetchall()
    return row["device"], row["client"]


@pytest.mark.parametrize("session", [True, False])
def test_another_agents_reply_is_for_servers(world: World, session: bool) -> None:  # noqa: FBT001
    response = ask(world, reply="Готово", session_id=str(world.learner.session) if session else ...)

    assert (response.status_code, response.json()["reason"]) == (403, "server_only")
    assert (world.stored(), world.asked()) == ([], [])


def test_a_question_needs_a_session_of_the_device(world: World) -> None:
    without, unknown = ask(world, session_id=...), ask(world, session_id=str(uuid4()))
    other = learning.learner(world.connection, (world.learner.client, world.learner.token))
    theirs = ask(world, session_id=str(other.session))

    assert (without.status_code, without.json()["reason"]) == (422, "session_needed")
    assert (unknown.status_code, theirs.status_code) == (404, 404)
    assert world.asked() == []


def test_a_question_and_its_context_are_bounded_together(world: World) -> None:
    long = "я" * (limits.MAX_QUESTION - 1000)
    fits, over = (
        ask(world, user_message=long, context={"a": "я" * 999}),
        ask(world, user_message=long, context={"a": "я" * 1000}),
    )
    alone = ask(world, user_message="я" * (limits.MAX_QUESTION + 1))

    assert [response.status_code for response in (fits, over, alone)] == [200, 422, 422]
    assert over.json()["reason"] == alone.json()["reason"] == "question_too_long"
    assert len(world.asked()) == 1


def test_a_server_may_ask_more_and_bring_replies(world: World) -> None:
    world.learner = learning.learner(world.connection)
    responses = [world.ask(user_message="я" * 16_000), world.ask(session_id=...), world.ask(reply="Готово")]

    assert {response.status_code for response in responses} == {200}


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_device_that_has_used_its_part_is_refused_and_another_notices_nothing(world: World, accept: str) -> None:
    use(world, ENOUGH - MAX_TOKENS)
    refused = ask(world, {"Accept": accept})
    world.learner = learning.learner(world.connection, (world.learner.client, world.learner.token))

    assert (refused.status_code, refused.json()["reason"]) == (429, "device_budget")
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert ask(world, {"Accept": accept}).status_code == 200


def test_a_client_that_has_used_its_budget_costs_no_device_anything(world: World) -> None:
    world.connection.execute(
        "insert into learning.daily_usage select %s, (now() at time zone 'UTC')::date, %s, 1",
        (world.learner.client, BUDGET - MAX_TOKENS),
    )
    refused = ask(world)

    assert (refused.status_code, refused.json()["reason"]) == (429, "daily_budget")
    assert used(world) == (None, BUDGET - MAX_TOKENS)


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_what_a_call_did_not_use_comes_back_to_the_device(world: World, accept: str) -> None:
    ask(world, {"Accept": accept})
    until(lambda: 0 < (used(world)[0] or 0) < MAX_TOKENS)

    assert used(world)[0] == used(world)[1]


def known_since_yesterday(world: World) -> None:
    world.connection.execute(
        "update learning.users set created_at = now() - interval '1 day' where device_id = %s", (world.learner.device,)
    )


def test_devices_that_came_today_leave_the_others_their_part_of_the_budget(world: World) -> None:
    limit = BUDGET // limits.NEW_DEVICES_SHARE
    world.connection.execute(
        "insert into learning.usage values (%s, %s, 'tokens', date_trunc('day', now(), 'UTC'), %s)",
        (world.learner.client, UUID(int=0), limit - MAX_TOKENS),
    )
    refused = ask(world)
    known_since_yesterday(world)

    assert (refused.status_code, refused.json()["reason"]) == (429, "daily_budget")
    assert used(world) == (None, None)
    assert ask(world).status_code == 200


def test_what_new_devices_did_not_use_comes_back_to_them(world: World) -> None:
    ask(world)
    query = "select used from learning.usage where client_id = %s and kind = 'tokens' order by user_id"
    until(lambda: 0 < (used(world)[0] or 0) < MAX_TOKENS)

    together, alone = world.connection.execute(query, (world.learner.client,)).fetchall()
    assert together == alone


def test_budgets_are_settled_in_the_order_in_which_they_are_reserved(world: World, module_direct_url: str) -> None:
    """Whoever waits for a device's row holds no row that others of its client need."""
    use(world, 5_000)
    client = (world.learner.client,)
    world.connection.execute(
        "insert into learning.daily_usage select %s, (now() at time zone 'UTC')::date, 1, 1", client
    )
    of_client = "from learning.usage where client_id = %s"
    [row] = world.connection.execute(f"select user_id, started_at {of_client}".encode(), client).fetchall()
    day = row["started_at"].astimezone(UTC).date()
    values = {"client": world.learner.client, "user": row["user_id"], "day": day, "difference": -1}
    with (
        psycopg.connect(module_direct_url, autocommit=True) as settling,
        psycopg.connect(module_direct_url, autocommit=True) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        with world.connection.transaction():
            world.connection.execute(f"select {of_client} for update".encode(), client)
            settled = pool.submit(settling.execute, sql.load(token_budget.__file__)["settle"], values)
            until(world.waiting)
            other.execute("select from learning.daily_usage where client_id = %s for update nowait", client)
        settled.result()

    assert used(world) == (4_999, 0)


def test_a_device_of_a_client_without_a_budget_has_one_all_the_same(world: World) -> None:
    world.learner = learning.learner(world.connection, is_public=True)
    use(world, limits.UNBUDGETED_DEVICE_TOKENS - MAX_TOKENS)

    assert ask(world).json()["reason"] == "device_budget"


def one_too_many(world: World, other: Learner, key: dict[str, str]) -> list[httpx.Response]:
    """What is answered beside as many calls as a device may have; nothing where those had ended already."""
    first, before = world.learner, len(world.asked())
    with ThreadPoolExecutor(limits.DEVICE_CALLS_AT_ONCE) as pool:
        running = [pool.submit(ask, world) for _ in range(limits.DEVICE_CALLS_AT_ONCE)]
        until(lambda: len(world.asked()) == before + limits.DEVICE_CALLS_AT_ONCE)
        refused = [ask(world, key), ask(world, {**key, "Accept": "text/event-stream"})]
        in_time = not any(call.done() for call in running)
        world.learner = other
        assert ask(world).status_code == 200
        world.learner = first
        assert {call.result().status_code for call in running} == {200}
    return refused if in_time else []


def test_a_device_asks_few_questions_at_once_and_others_are_answered_meanwhile(world: World) -> None:
    world.slow(0.6)
    other = learning.learner(world.connection, (world.learner.client, world.learner.token))
    for number in range(5):  # a busy machine may be late with the one too many
        key = {"Idempotency-Key": f"one-too-many-{number}"}
        if refused := one_too_many(world, other, key):
            break

    assert len(refused) == 2
    for response in refused:
        assert (response.status_code, response.json()["reason"]) == (429, "too_many_at_once")
        assert int(response.headers["retry-after"]) > 0
    assert ask(world, key).status_code == 200


def test_the_words_of_a_problem_repeat_nothing(world: World) -> None:
    assert WORDS not in ask(world, session_id=...).text
