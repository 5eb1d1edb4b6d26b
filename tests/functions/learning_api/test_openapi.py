"""GET /openapi.json, and whether the function does what it says there."""

from pathlib import Path

import pytest

from infra.openapi import functions
from tests.functions.learning_api.conftest import World
from tests.helpers.api_exerciser import exercise
from tests.helpers.serving import Served

# That before and after exclude each other cannot be said in OpenAPI; both together get a 400.
SETTINGS = """
[[operations]]
include-operation-id = "get_sessions_id_messages_tab"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "404"]
"""


def test_the_document_needs_no_token(world: World) -> None:
    answer = world.http.get("/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == functions.learning_api()


@pytest.mark.slow
def test_the_function_does_what_its_document_says(world: World, served: Served, tmp_path: Path) -> None:
    session = str(world.learner.session)
    world.connection.execute("update learning.tracks set slug = 'sql-basics' where id = %s", (world.learner.track,))
    exercise(
        served, tmp_path, world.learner.token, settings=SETTINGS,
        known={"path.id": [session], "path.slug": ["sql-basics"], "header.X-Device-Id": [world.learner.device]},
    )  # fmt: skip

    made = {table: world.count(table) for table in ("users", "chat_messages", "synopses", "idempotency_keys")}
    assert all(rows > 0 for rows in made.values()), made
