"""One call of an agent: who calls, whether the answer is known already, then a reply, whole or streamed."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.agent_reply import agents, idempotent, llm_call, sse
from functions.agent_reply.call import AgentCall
from functions.agent_reply.save_reply import ClaimLost
from functions.agent_reply.schema import ReplyRequest
from shared.clients.llm import STREAM_DEADLINES, Model
from shared.config import Settings
from shared.credentials import api_clients
from shared.database.pool import Database
from shared.http import body, idempotency, requests, responses
from shared.http.idempotency import Answered
from shared.learning import sessions

GRACE_SECONDS = 10.0  # all that a call does beside the model takes surely less,
TYPICAL_SECONDS = 2.0  # and nearly always less than this


class AgentHandler:
    """The paths of all agents, and their description."""

    def __init__(self, settings: Settings, database: Database, model: Model) -> None:
        """`settings` has the model's deadline."""
        self._deadline_seconds = settings.llm_deadline_seconds
        self._database = database
        self._model = model

    async def handle(self, request: Request) -> Response:
        """Answer one request. Raises HttpProblem, Unauthenticated, DatabaseUnavailable."""
        path = requests.path(request)
        if path == "/openapi.json":
            from functions.agent_reply import openapi  # noqa: PLC0415 - most processes are never asked

            requests.require_method(request, "GET")
            return responses.json_response(openapi.document())
        call = await self._read(request, agents.at(path))
        key, as_events = idempotency.key_of(request), sse.accepts_sse(request)
        if not as_events or call.question.reply is not None:
            answer = await self._reply(call, key)
            return sse.single_event(answer) if as_events else responses.json_response(answer)
        begun = await self._begin(call, key, STREAM_DEADLINES)
        if isinstance(begun, Answered):
            return sse.single_event(begun.answer)
        return await sse.response(request, llm_call.stream_reply(self._database, self._model, begun))

    async def _read(self, request: Request, agent: agents.Agent) -> AgentCall:
        """Who asks what, about which session. Raises HttpProblem, Unauthenticated."""
        requests.require_method(request, "POST")
        async with self._database.connection() as connection:
            client = await api_clients.authenticate(connection, request)
        question = await body.parse_body(request, ReplyRequest)
        sessions.device_of(request)  # a wrong one is wrong without a session, too
        session = None
        if question.session_id is not None:
            async with self._database.connection() as connection:
                session = await sessions.find(connection, client, request, question.session_id)
        return AgentCall(client, agent, question, session)

    async def _reply(self, call: AgentCall, key: str | None) -> dict[str, Any]:
        """The answer, ours or that of another call with the same key. Raises HttpProblem."""
        while True:
            begun = await self._begin(call, key, 1)
            if isinstance(begun, Answered):
                return begun.answer
            with suppress(ClaimLost):  # then another attempt has it by now
                return (await llm_call.reply(self._database, self._model, begun)).told()

    async def _begin(self, call: AgentCall, key: str | None, deadlines: int) -> AgentCall | Answered:
        """The call, its key claimed for so many of the model's deadlines, or the key's answer. Raises HttpProblem."""
        if key is None:
            return call
        asked = idempotency.fingerprint(call.agent.path, call.question.model_dump(mode="json", exclude_defaults=True))
        begun = await idempotent.begin(
            self._database,
            call.client.id,
            key,
            asked,
            lease_seconds=deadlines * self._deadline_seconds + GRACE_SECONDS,
            patience_seconds=self._deadline_seconds + TYPICAL_SECONDS,
        )
        return begun if isinstance(begun, Answered) else replace(call, claim=begun)
