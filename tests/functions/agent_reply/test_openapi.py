"""GET /openapi.json, and whether the function does what it says there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.openapi import functions
from tests.functions.agent_reply.conftest import World, environment
from tests.helpers import learning
from tests.helpers.api_exerciser import exercise
from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread


@pytest.fixture(scope="module")
def served(sandbox: str, module_database_url: str, printed: Path) -> Iterator[Served]:
    """With time to think: here a 504 would be a finding."""
    settings = environment(sandbox, module_database_url, LLM_DEADLINE_SECONDS="20")
    with serve_in_thread("agent_reply", printed, **settings) as running:
        yield running


def test_the_document_needs_no_token(world: World) -> None:
    answer = world.http.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == functions.agent_reply()


@pytest.mark.slow
def test_the_function_does_what_its_document_says(world: World, served: Served, tmp_path: Path) -> None:
    learning.template(world.connection, "Отвечай как наставник.")
    exercise(
        served, tmp_path, world.learner.token,
        known={"body.session_id": [str(world.learner.session)], "header.X-Device-Id": [world.learner.device]},
    )  # fmt: skip

    assert world.asked(), "it never came as far as the model"
    assert any(world.stored(tab) for tab in world.learner.threads), "nothing was stored"
