"""One attempt at a reply: prepare the prompt, call the model, save what it says. A failed attempt gives back its key.

The tokens of a call are reserved before it and settled after it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, field

import anyio

from functions.agent_reply import model_errors, prompt, prompt_context, save_reply, token_budget
from functions.agent_reply.call import AgentCall
from functions.agent_reply.call_leases import CallLeases
from functions.agent_reply.prompt_context import Template
from functions.agent_reply.save_reply import ClaimLost
from functions.agent_reply.schema import ReplyResponse
from functions.agent_reply.sse import event
from functions.agent_reply.token_budget import Reservation
from shared import logs
from shared.clients.llm import STREAM_DEADLINES, Completion, Model, ModelError
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable, HttpProblem
from shared.http import body, idempotency, responses

MAX_TOKENS = 1500  # of a reply


@dataclass(frozen=True)
class PreparedCall:
    """A prompt, what it was made of, and the tokens that were reserved for it."""

    prompt: list[dict[str, str]] = field(repr=False)
    templates: list[Template]
    reserved: Reservation

    @property
    def usage_ceiling(self) -> int:
        """Tokens that a call may have cost that broke before its answer."""
        return max(self.reserved.tokens, self.usage_estimate(""))

    def usage_estimate(self, text: str) -> int:
        """Tokens that a reply of this text has cost, where the model does not count."""
        return token_budget.estimate([*self.prompt, {"content": text}])


async def reply(database: Database, model: Model, leases: CallLeases, call: AgentCall) -> ReplyResponse:
    """The answer, stored as far as that was asked for. Raises HttpProblem, ClaimLost, DatabaseUnavailable."""
    try:
        if call.body.reply is not None:
            return await save_reply.save_upstream_reply(database, call)
        async with leases.hold(call, deadlines=1):
            return await _reply(database, model, call)
    except DatabaseUnavailable:
        raise  # the key waits for its lease to end, and the caller need not wait for that
    except BaseException:
        await _release_key(database, call)
        raise


async def _reply(database: Database, model: Model, call: AgentCall) -> ReplyResponse:
    prepared = await _prepare(database, model, call)
    try:
        completion = await model.complete(prepared.prompt, max_tokens=MAX_TOKENS)
    except ModelError as error:
        await _settle(database, prepared, 0 if error.kind in model_errors.NOT_BILLED else prepared.usage_ceiling)
        raise _to_problem(error) from None
    return await _save(database, call, prepared, completion)


async def stream_reply(database: Database, model: Model, leases: CallLeases, call: AgentCall) -> AsyncGenerator[bytes]:
    """The answer as events: `delta`s, and `done` once it is stored.

    What goes wrong before the first of them is raised, as `reply` does; later it is sent as `error`. Whoever closes
    this before its end ends the model's call, and nothing is stored.
    """
    text, entered = "", AsyncExitStack()
    is_free = is_stored = False
    completion: Completion | None = None
    prepared: PreparedCall | None = None
    try:
        await entered.enter_async_context(leases.hold(call, STREAM_DEADLINES))
        prepared = await _prepare(database, model, call)
        async with aclosing(model.stream(prepared.prompt, max_tokens=MAX_TOKENS)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    completion = piece
                else:
                    text += piece
                    yield event("delta", {"text": piece})
        assert completion is not None
        answer = await _save(database, call, prepared, completion)
        is_stored = True
        yield event("done", answer.to_json())
    except Exception as error:  # noqa: BLE001 - whoever has read half of an answer shall hear why there is no more
        is_free = isinstance(error, ModelError) and error.kind in model_errors.NOT_BILLED and not text
        problem = _to_problem(error) if isinstance(error, ModelError) else error
        if not text:
            raise problem from None
        yield event("error", responses.problem_body(_late_problem(problem)))
    finally:
        await entered.aclose()
        if not is_stored:
            # The caller may have left: nothing interrupts this.
            with anyio.CancelScope(shield=True), suppress(DatabaseUnavailable):
                logs.info("stream_not_whole", client=call.client.name, agent=call.agent.id)
                if prepared and not completion:
                    await _settle(database, prepared, 0 if is_free else prepared.usage_estimate(text))
                await _release_key(database, call)


async def _prepare(database: Database, model: Model, call: AgentCall) -> PreparedCall:
    """Compose the prompt and reserve its tokens in the client's budget. Raises HttpProblem 422, 429, 503."""
    if not model.is_configured:
        raise model_errors.no_model()
    thread = call.thread if call.body.memory == "backend" else None
    track = call.session.track_id if call.session else None
    async with database.connection() as connection:
        context = await prompt_context.load(connection, call.agent.tab, track=track, thread=thread)
        messages = prompt.compose(context, call.body.context, call.body.user_message, is_public=call.client.is_public)
        tokens = token_budget.estimate(messages) + MAX_TOKENS
        user = call.session.user_id if call.session else None
        reserved = await token_budget.reserve(connection, call.client, user, tokens)
    return PreparedCall(messages, list(context.templates), reserved)


async def _save(database: Database, call: AgentCall, prepared: PreparedCall, completion: Completion) -> ReplyResponse:
    """Raises ClaimLost, DatabaseUnavailable."""
    used = (completion.usage or {}).get("total_tokens", prepared.usage_estimate(completion.text))
    settling = asyncio.create_task(_settle(database, prepared, used))  # neither waits for the other
    try:
        return await save_reply.save_completion(database, call, prepared.templates, completion)
    finally:
        with suppress(DatabaseUnavailable):  # a reply that is stored is worth more than its count
            await settling


async def _settle(database: Database, prepared: PreparedCall, used: int) -> None:
    async with database.connection() as connection:
        await token_budget.settle(connection, prepared.reserved, used)


async def _release_key(database: Database, call: AgentCall) -> None:
    """Let the next call with this key begin at once. Raises DatabaseUnavailable."""
    if call.claim:
        async with database.connection() as connection:
            await idempotency.release(connection, call.claim)


def _to_problem(error: ModelError) -> HttpProblem:
    logs.warning("no_reply", reason=error.kind)
    return model_errors.to_problem(error.kind)


def _late_problem(error: Exception) -> HttpProblem:
    """The problem for a caller who has read half of an answer."""
    if isinstance(error, HttpProblem):
        return error
    if isinstance(error, ClaimLost):
        return HttpProblem(503, "Taken Over", "Another call with this key goes on. Call again.", reason="in_progress")
    logs.error("stream_broke", cause=error)
    if isinstance(error, DatabaseUnavailable):
        return HttpProblem(503, "Unavailable", f"The database is away. {body.UNAVAILABLE_HINT}", reason="database")
    return HttpProblem(500, "Internal Error", f"This is our fault. {body.UNAVAILABLE_HINT}", reason="crashed")
