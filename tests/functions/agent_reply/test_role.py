"""The function as the role that it is deployed with: everything that it does, and no step further."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functions.agent_reply.conftest import World, environment
from tests.helpers import grants, learning
from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread

KEY = {"Idempotency-Key": "k"}


@pytest.fixture(scope="module")
def served(sandbox: str, module_direct_url: str, printed: Path) -> Iterator[Served]:
    url = grants.as_role(module_direct_url, "agent_reply")
    with serve_in_thread("agent_reply", printed, **environment(sandbox, url)) as running:
        yield running


def test_its_role_suffices_for_everything_that_it_does(world: World) -> None:
    learning.template(world.connection, "{{track_title}}", variables_json={"track_title": ""})

    responses = [
        world.ask(store_user_message=True),
        world.ask(headers=KEY),
        world.ask(headers=KEY),
        world.ask(headers={"Accept": "text/event-stream"}),
        world.ask(reply="Готово"),
        world.ask(session_id=...),
    ]
    world.fail("quota")
    responses.append(world.ask(headers={"Idempotency-Key": "another"}))

    assert [response.status_code for response in responses] == [200] * 6 + [502]
    assert len(world.stored()) == 5


def test_it_suffices_for_a_public_client_too(world: World) -> None:
    world.learner = learning.learner(world.connection, is_public=True, daily_tokens=5_000_000)

    assert world.ask(headers={"X-Device-Id": world.learner.device, **KEY}).status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "update learning.clients set daily_tokens = null",
        "update learning.chat_messages set content = ''",
        "delete from learning.chat_messages",
        "select * from learning.synopses",
        "insert into learning.track_sessions (user_id, track_id) values (gen_random_uuid(), gen_random_uuid())",
        "update learning.chat_templates set content = ''",
        "select token_sealed from platform.bots",
    ],
)
def test_what_is_not_its_own_is_refused(world: World, statement: str) -> None:
    grants.check_refused(world.connection, "agent_reply", statement)
