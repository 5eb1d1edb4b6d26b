"""One attempt at a turn, whole or as it is being said. Without a reply its key and unused tokens are given back."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import anyio

from functions.agent_reply import model_errors
from functions.agent_reply.call import AgentCall
from functions.agent_reply.prepared_call import MAX_TOKENS, PreparedCall, prepare, release
from functions.agent_reply.save_reply import ClaimLost, save_completion, save_upstream_reply
from functions.agent_reply.schema import ReplyResponse
from functions.agent_reply.sse import event
from shared import logs
from shared.clients.llm import Completion, Model, ModelError
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable, HttpProblem
from shared.http import body, idempotency, responses


async def reply(database: Database, model: Model, turn: AgentCall) -> ReplyResponse:
    """The answer, stored as far as that was asked for. Raises Refusal, ClaimLost, DatabaseAway."""
    try:
        if turn.question.reply is not None:
            return await save_upstream_reply(database, turn)
        prepared = await prepare(database, model, turn)
        try:
            said = await model.complete(prepared.prompt, max_tokens=MAX_TOKENS)
        except ModelError as failed:
            await release(database, prepared, 0 if failed.kind in model_errors.NOT_BILLED else prepared.perhaps_used)
            raise _no_reply(failed) from None
        return await save_completion(database, turn, prepared, said)
    except DatabaseUnavailable:
        raise  # the key waits for its lease to end, and the caller need not wait for that
    except BaseException:
        await _release(database, turn)
        raise


async def stream_reply(database: Database, model: Model, turn: AgentCall) -> AsyncGenerator[bytes]:
    """The answer as events: `delta`s, and `done` once it is stored.

    What goes wrong before the first of them is raised, as `whole` does; later it is told as `error`. Whoever closes
    this before its end ends the model's call, and nothing is stored.
    """
    heard = ""
    is_free = stored = False
    said: Completion | None = None
    prepared: PreparedCall | None = None
    try:
        prepared = await prepare(database, model, turn)
        async with aclosing(model.stream(prepared.prompt, max_tokens=MAX_TOKENS)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    said = piece
                else:
                    heard += piece
                    yield event("delta", {"text": piece})
        assert said is not None
        answer = await save_completion(database, turn, prepared, said)
        stored = True
        yield event("done", answer.told())
    except Exception as error:  # noqa: BLE001 - whoever has read half of an answer shall hear why there is no more
        is_free = isinstance(error, ModelError) and error.kind in model_errors.NOT_BILLED and not heard
        problem = _no_reply(error) if isinstance(error, ModelError) else error
        if not heard:
            raise problem from None
        yield event("error", responses.problem_fields(_problem(problem)))
    finally:
        if not stored:
            # The caller may have left: nothing interrupts this.
            with anyio.CancelScope(shield=True), suppress(DatabaseUnavailable):
                logs.info("stream_not_whole", client=turn.client.name, agent=turn.agent.id)
                if prepared and not said:
                    await release(database, prepared, 0 if is_free else prepared.used_for(heard))
                await _release(database, turn)


def _no_reply(failed: ModelError) -> HttpProblem:
    logs.warning("no_reply", reason=failed.kind)
    return model_errors.to_problem(failed.kind)


async def _release(database: Database, turn: AgentCall) -> None:
    """Let the next call with this key begin at once. Raises DatabaseAway."""
    if turn.claim:
        async with database.connection() as connection:
            await idempotency.release(connection, turn.claim)


def _problem(error: Exception) -> HttpProblem:
    """What a caller is told who has read half of an answer."""
    if isinstance(error, HttpProblem):
        return error
    if isinstance(error, ClaimLost):
        return HttpProblem(503, "Taken Over", "Another call with this key goes on. Call again.", reason="in_progress")
    logs.error("stream_broke", cause=error)
    if isinstance(error, DatabaseUnavailable):
        return HttpProblem(503, "Unavailable", f"The database is away. {body.UNAVAILABLE_HINT}", reason="database")
    return HttpProblem(500, "Internal Error", f"This is our fault. {body.UNAVAILABLE_HINT}", reason="crashed")
