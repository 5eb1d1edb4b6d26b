"""One call of an agent: authenticate, see whether the answer is known already, then reply, whole or streamed."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.agent_reply import llm_call, public_calls, sse
from functions.agent_reply.agents import Agent
from functions.agent_reply.call import AgentCall
from functions.agent_reply.call_leases import GRACE_SECONDS, CallLeases
from functions.agent_reply.key_claim import KeyClaims
from functions.agent_reply.routes import ROUTER
from functions.agent_reply.save_reply import ClaimLost
from functions.agent_reply.schema import ReplyRequest
from shared.clients.llm import STREAM_DEADLINES, Model
from shared.config import Settings
from shared.credentials.api_clients import ApiClients
from shared.database.pool import Database
from shared.http import idempotency, requests, responses, routing
from shared.http.body import parse_body
from shared.http.idempotency import Answered
from shared.http.large_bodies import LargeBodies
from shared.http.paces import Paces
from shared.learning import limits, sessions

TYPICAL_SECONDS = 2.0  # all that a call does beside the model takes nearly always less


class AgentHandler:
    """The paths of all agents, and their description."""

    def __init__(self, settings: Settings, database: Database, model: Model) -> None:
        """`settings` has the model's deadline."""
        self._deadline_seconds = settings.llm_deadline_seconds
        self._database = database
        self._clients = ApiClients(database)
        self._model = model
        self._claims = KeyClaims(database)
        self._leases = CallLeases(database, settings.llm_deadline_seconds)
        self._bodies = LargeBodies()
        self._paces = Paces(limits.DEVICE_BURST, limits.DEVICE_PER_SECOND)

    async def handle(self, request: Request) -> Response:
        """Answer one request. Raises HttpProblem, Unauthenticated, DatabaseUnavailable."""
        path = requests.path(request, "agent_reply")
        if path == routing.DOCUMENT_PATH:
            return routing.document(request, __file__)
        routes, _ = ROUTER.find(path)
        requests.require_method(request, *routes)
        call = await self._authenticate(request, routes[request.method].endpoint)
        key, as_events = idempotency.key_of(request), sse.accepts_sse(request)
        if not as_events or call.body.reply is not None:
            answer = await self._reply(call, key)
            return sse.single_event(answer) if as_events else responses.json_response(answer)
        claimed = await self._claim(call, key, STREAM_DEADLINES)
        if isinstance(claimed, Answered):
            return sse.single_event(claimed.answer)
        return await sse.response(request, llm_call.stream_reply(self._database, self._model, self._leases, claimed))

    async def _authenticate(self, request: Request, agent: Agent) -> AgentCall:
        """Who calls, with what, about which session. Raises HttpProblem."""
        client = await self._clients.authenticate(request)
        if client.is_public and (device := request.headers.get(sessions.DEVICE_HEADER)):
            self._paces.take((client.id, device))
        body = await parse_body(request, ReplyRequest, self._bodies, client.id)
        sessions.device_of(request)  # a wrong one is wrong without a session, too
        public_calls.check(client, body)
        session = None
        if body.session_id is not None:
            async with self._database.connection() as connection:
                session = await sessions.find(connection, client, request, body.session_id)
        return AgentCall(client, agent, body, session)

    async def _reply(self, call: AgentCall, key: str | None) -> dict[str, Any]:
        """The answer, ours or that of another call with the same key. Raises HttpProblem."""
        while True:
            claimed = await self._claim(call, key, 1)
            if isinstance(claimed, Answered):
                return claimed.answer
            with suppress(ClaimLost):  # then another attempt has it by now
                return (await llm_call.reply(self._database, self._model, self._leases, claimed)).to_json()

    async def _claim(self, call: AgentCall, key: str | None, deadlines: int) -> AgentCall | Answered:
        """The call, its key claimed for so many of the model's deadlines, or the key's answer. Raises HttpProblem."""
        if key is None:
            return call
        fingerprint = idempotency.fingerprint(call.agent.path, call.body.model_dump(mode="json", exclude_defaults=True))
        claim = await self._claims.acquire_or_wait(
            call.client.id,
            key,
            fingerprint,
            lease_seconds=deadlines * self._deadline_seconds + GRACE_SECONDS,
            timeout_seconds=self._deadline_seconds + TYPICAL_SECONDS,
        )
        return claim if isinstance(claim, Answered) else replace(call, claim=claim)
