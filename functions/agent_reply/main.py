"""The door: who asks what, and whether the answer is known already; then one turn, whole or as it is being said."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.agent_reply import agents, idempotent, llm_call, sse
from functions.agent_reply.call import AgentCall
from functions.agent_reply.save_reply import ClaimLost
from functions.agent_reply.schema import ReplyRequest
from shared import config, logs
from shared.clients.llm import STREAM_DEADLINES, Model
from shared.credentials import api_clients
from shared.database.pool import Database
from shared.http import body, cors, idempotency, responses
from shared.http.idempotency import Answered
from shared.learning import sessions

NAME = "agent_reply"
GRACE_SECONDS = 10.0  # all that a turn does beside thinking takes surely less,
TYPICAL_SECONDS = 2.0  # and nearly always less than this

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url, size=4)
_model = Model(_settings)


async def agent_reply(request: Request) -> Response:
    """POST to the path of an agent. Answers contract.Answer, or events when the caller accepts those."""
    asked = cors.preflight(request, _settings.cors_origins)
    if asked is not None:
        return asked
    answer = await responses.handle(NAME, request, _reply, body.UNAVAILABLE_HINT)
    return cors.allow(answer, request, _settings.cors_origins)


async def _reply(request: Request) -> Response:
    path = responses.path(request)
    if path == "/openapi.json":
        from functions.agent_reply import openapi  # noqa: PLC0415 - most processes are never asked

        responses.require_method(request, "GET")
        return responses.json_answer(openapi.document())
    turn = await _read(request, agents.at(path))
    key, as_events = idempotency.key_of(request), sse.accepts_sse(request)
    if not as_events or turn.question.reply is not None:
        answer = await _whole(turn, key)
        return sse.single_event(answer) if as_events else responses.json_answer(answer)
    begun = await _begin(turn, key, STREAM_DEADLINES)
    if isinstance(begun, Answered):
        return sse.single_event(begun.answer)
    return await sse.response(request, llm_call.stream_reply(_database, _model, begun))


async def _read(request: Request, agent: agents.Agent) -> AgentCall:
    """What is asked, by whom, about which session. Raises Refusal."""
    responses.require_method(request, "POST")
    async with _database.connection() as connection:
        client = await api_clients.authenticate(connection, request)
    question = await body.parse_body(request, ReplyRequest)
    sessions.device_of(request)  # a wrong one is wrong without a session, too
    if question.session_id is None:
        return AgentCall(client, agent, question, None)
    async with _database.connection() as connection:
        return AgentCall(client, agent, question, await sessions.find(connection, client, request, question.session_id))


async def _whole(turn: AgentCall, key: str | None) -> dict[str, Any]:
    """The answer, ours or that of another call with the same key. Raises Refusal."""
    while True:
        begun = await _begin(turn, key, 1)
        if isinstance(begun, Answered):
            return begun.answer
        with suppress(ClaimLost):  # then another attempt has it by now
            return (await llm_call.reply(_database, _model, begun)).told()


async def _begin(turn: AgentCall, key: str | None, deadlines: int) -> AgentCall | Answered:
    """The turn with its key, taken for so many of the model's deadlines, or the key's answer. Raises Refusal."""
    if key is None:
        return turn
    asked = idempotency.fingerprint(turn.agent.path, turn.question.model_dump(mode="json", exclude_defaults=True))
    deadline = _settings.llm_deadline_seconds
    begun = await idempotent.begin(
        _database, turn.client.id, key, asked,
        lease_seconds=deadlines * deadline + GRACE_SECONDS, patience_seconds=deadline + TYPICAL_SECONDS,
    )  # fmt: skip
    return begun if isinstance(begun, Answered) else replace(turn, claim=begun)
