"""The door: who asks what, and whether the answer is known already; then one turn, whole or as it is being said."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.agent_reply import agents, attempt, once, streaming
from functions.agent_reply.contract import Question
from functions.agent_reply.storing import ClaimLost
from functions.agent_reply.turn import Turn
from shared import config, http, logs
from shared.db import Database
from shared.learning import asking, clients, cors, idempotency, sessions
from shared.learning.idempotency import Answered
from shared.llm import STREAM_DEADLINES, Model

NAME = "agent_reply"
GRACE_SECONDS = 10.0  # all that a turn does beside thinking takes surely less,
USUAL_SECONDS = 2.0  # and nearly always less than this

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url, size=4)
_model = Model(_settings)


async def agent_reply(request: Request) -> Response:
    """POST to the path of an agent. Answers contract.Answer, or events when the caller accepts those."""
    asked = cors.preflight(request, _settings.cors_origins)
    if asked is not None:
        return asked
    answer = await http.answer(NAME, request, _reply, asking.AWAY)
    return cors.allow(answer, request, _settings.cors_origins)


async def _reply(request: Request) -> Response:
    path = http.path(request)
    if path == "/openapi.json":
        from functions.agent_reply import description  # noqa: PLC0415 - most processes are never asked

        http.require_method(request, "GET")
        return http.json_answer(description.document())
    turn = await _read(request, agents.at(path))
    key, as_events = idempotency.key_of(request), streaming.wanted(request)
    if not as_events or turn.question.reply is not None:
        answer = await _whole(turn, key)
        return streaming.at_once(answer) if as_events else http.json_answer(answer)
    begun = await _begin(turn, key, STREAM_DEADLINES)
    if isinstance(begun, Answered):
        return streaming.at_once(begun.answer)
    return await streaming.opened(request, attempt.events(_database, _model, begun))


async def _read(request: Request, agent: agents.Agent) -> Turn:
    """What is asked, by whom, about which session. Raises Refusal."""
    http.require_method(request, "POST")
    async with _database.connection() as connection:
        client = await clients.authenticate(connection, request)
    question = await asking.body(request, Question)
    sessions.device_of(request)  # a wrong one is wrong without a session, too
    if question.session_id is None:
        return Turn(client, agent, question, None)
    async with _database.connection() as connection:
        return Turn(client, agent, question, await sessions.find(connection, client, request, question.session_id))


async def _whole(turn: Turn, key: str | None) -> dict[str, Any]:
    """The answer, ours or that of another call with the same key. Raises Refusal."""
    while True:
        begun = await _begin(turn, key, 1)
        if isinstance(begun, Answered):
            return begun.answer
        with suppress(ClaimLost):  # then another attempt has it by now
            return (await attempt.whole(_database, _model, begun)).told()


async def _begin(turn: Turn, key: str | None, deadlines: int) -> Turn | Answered:
    """The turn with its key, taken for so many of the model's deadlines, or the key's answer. Raises Refusal."""
    if key is None:
        return turn
    asked = idempotency.fingerprint(turn.agent.path, turn.question.model_dump(mode="json", exclude_defaults=True))
    deadline = _settings.llm_deadline_seconds
    begun = await once.begin(
        _database, turn.client.id, key, asked,
        lease_seconds=deadlines * deadline + GRACE_SECONDS, patience_seconds=deadline + USUAL_SECONDS,
    )  # fmt: skip
    return begun if isinstance(begun, Answered) else replace(turn, claim=begun)
