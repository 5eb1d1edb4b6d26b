"""One attempt at a turn, whole or as it is being said. Without a reply its key is given back."""

from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import anyio

from functions.agent_reply import failures, turns
from functions.agent_reply.contract import Answer
from functions.agent_reply.streaming import event
from functions.agent_reply.turns import MOST_TOKENS, ClaimLost, Prepared, Turn
from shared import http, logs
from shared.db import Database
from shared.errors import DatabaseAway, Refusal
from shared.learning import idempotency
from shared.llm import Completion, Model, ModelFailed


async def whole(database: Database, model: Model, turn: Turn) -> Answer:
    """The answer, stored as far as that was asked for. Raises Refusal, ClaimLost, DatabaseAway."""
    try:
        if turn.question.reply is not None:
            return await turns.store_given(database, turn)
        prepared = await turns.prepare(database, model, turn)
        try:
            said = await model.complete(prepared.prompt, most_tokens=MOST_TOKENS)
        except ModelFailed as failed:
            raise await _no_reply(database, prepared, failed) from None
        return await turns.store_thought(database, turn, prepared, said)
    except BaseException:
        await _release(database, turn)
        raise


async def events(database: Database, model: Model, turn: Turn) -> AsyncGenerator[bytes]:
    """The answer as events: `delta`s, and `done` once it is stored.

    What goes wrong before the first of them is raised, as `whole` does; later it is told as `error`. Whoever closes
    this before its end ends the model's call, and nothing is stored.
    """
    begun = stored = False
    try:
        prepared = await turns.prepare(database, model, turn)
        try:
            async with aclosing(model.stream(prepared.prompt, most_tokens=MOST_TOKENS)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Completion):
                        said = piece
                    else:
                        yield event("delta", {"text": piece})
                        begun = True
        except ModelFailed as failed:
            raise await _no_reply(database, prepared, failed) from None
        answer = await turns.store_thought(database, turn, prepared, said)
        stored = True
        yield event("done", answer.told())
    except Exception as error:
        if not begun:
            raise
        yield event("error", http.told(_problem(error)))
    finally:
        if not stored:
            await _release(database, turn)


async def _no_reply(database: Database, prepared: Prepared, failed: ModelFailed) -> Refusal:
    await turns.give_up(database, prepared, failed.kind)
    return failures.refusal(failed.kind)


async def _release(database: Database, turn: Turn) -> None:
    """Let the next call with this key begin at once. While the database is away, the key waits for its lease to end."""
    if turn.claim:
        with suppress(DatabaseAway), anyio.CancelScope(shield=True):  # also when the caller has left
            async with database.connection() as connection:
                await idempotency.release(connection, turn.claim)


def _problem(error: Exception) -> Refusal:
    """What a caller is told who has read half of an answer."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ClaimLost):
        return Refusal(503, "Taken Over", "Another call with this key goes on. Call again.", reason="in_progress")
    logs.error("stream_broke", cause=error)
    if isinstance(error, DatabaseAway):
        return Refusal(503, "Unavailable", "The database is away. Nothing is stored; call again.", reason="database")
    return Refusal(500, "Internal Error", "This is our fault. Nothing is stored; call again.", reason="crashed")
