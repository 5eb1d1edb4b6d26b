"""The agents on Lambda: streams arrive in one piece, and a warm process keeps its connection to the model."""

import json
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import DictRow

from tests.helpers import canaries, learning
from tests.helpers.learning import Learner
from tests.helpers.serving import sandbox_process
from tests.infra.aws.test_handler import invoke


def _event(learner: Learner, **headers: str) -> dict[str, Any]:
    """What a function URL delivers."""
    body = {"session_id": str(learner.session), "user_message": canaries.LEARNER_WORDS, "apply_side_effects": True}
    path = "/agents/mentor_chat/v1/reply"
    sent = {name.lower(): value for name, value in (learner.headers | headers).items()}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "x.example", **sent},
        "requestContext": {"http": {"method": "POST", "path": path, "sourceIp": "192.0.2.1"}},
        "isBase64Encoded": False,
        "body": json.dumps(body),
    }


def test_a_warm_lambda_replies_whole_and_as_events(
    connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    learner = learning.learner(connection)
    with sandbox_process(printed) as sandbox:
        answers = invoke(
            "agent_reply",
            [_event(learner), _event(learner, Accept="text/event-stream"), _event(learner)],
            DATABASE_URL=database_url, LLM_API_URL=f"{sandbox}/model/v1", LLM_API_KEY="sandbox", LLM_MODEL="sandbox",
        )  # fmt: skip

    assert [answer["statusCode"] for answer in answers] == [200, 200, 200]
    assert answers[1]["headers"]["content-type"].startswith("text/event-stream")
    assert "event: done" in answers[1]["body"]
    assert [message["seq"] for message in learning.messages(connection, learner.threads["chat"])] == [1, 2, 3]
