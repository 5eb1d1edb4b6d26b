"""What becomes of a reply: stored where it belongs, with the answer under its key, or neither."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

from functions.agent_reply.call import AgentCall
from functions.agent_reply.prepared_call import PreparedCall, release
from functions.agent_reply.schema import Applied, NotApplied, Reason, ReplyResponse, Usage
from shared import logs
from shared.clients.llm import Completion
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.errors import DatabaseUnavailable

_SQL = sql.load(__file__)


class ClaimLost(Exception):
    """The turn took so long that another attempt has its key: nothing was stored."""


async def save_completion(
    database: Database, turn: AgentCall, prepared: PreparedCall, said: Completion
) -> ReplyResponse:
    """Store what the model said, as far as that was asked for. Raises ClaimLost, DatabaseAway."""
    templates = [{"id": one.id, "version": one.version} for one in prepared.templates]
    meta: dict[str, Any] = {"templates": templates} | ({"usage": said.usage} if said.usage else {})
    used = (said.usage or {}).get("total_tokens", prepared.used_for(said.text))
    counting = asyncio.create_task(release(database, prepared, used))  # neither waits for the other
    try:
        async with database.connection() as connection:
            return await _store(connection, turn, said.text, meta, Usage(**said.usage) if said.usage else None)
    finally:
        with suppress(DatabaseUnavailable):  # a reply that is stored is worth more than its count
            await counting


async def save_upstream_reply(database: Database, turn: AgentCall) -> ReplyResponse:
    """Store what an upstream agent said. Raises ClaimLost, DatabaseAway."""
    assert turn.question.reply is not None
    async with database.connection() as connection:
        return await _store(connection, turn, turn.question.reply, {"source": "upstream"}, None)


async def _store(
    connection: Connection, turn: AgentCall, text: str, meta: dict[str, Any], usage: Usage | None
) -> ReplyResponse:
    def answer(effects: Applied | NotApplied) -> ReplyResponse:
        return ReplyResponse(
            message=text, side_effects=effects, agentId=turn.agent.id, version=turn.agent.version, usage=usage
        )  # fmt: skip

    messages = _messages(turn, text, meta)
    applied, not_applied = answer(_applied(messages)), answer(NotApplied(reason=_not_applied_reason(turn)))
    values = {
        "client": turn.client.id,
        "key": turn.claim.key if turn.claim else None,
        "attempt": turn.claim.attempt if turn.claim else None,
        "thread": turn.thread if turn.question.apply_side_effects else None,
        "messages": json.dumps(messages, ensure_ascii=False, default=str),
        "applied": json.dumps(applied.told(), ensure_ascii=False),
        "not_applied": json.dumps(not_applied.told(), ensure_ascii=False),
    }
    row = await (await connection.execute(_SQL["store"], values)).fetchone()
    assert row is not None
    if not row["is_ours"]:
        raise ClaimLost
    _log(turn, usage, reason="" if row["is_stored"] else _not_applied_reason(turn))
    return applied if row["is_stored"] else not_applied


def _messages(turn: AgentCall, text: str, meta: dict[str, Any]) -> list[dict[str, Any]]:
    """The reply, and the question before it if that was asked for."""
    of_agent: dict[str, Any] = {"agentId": turn.agent.id, "version": turn.agent.version}
    question = {"id": uuid4(), "role": "user", "content": turn.question.user_message, "meta": {}}
    reply = {"id": uuid4(), "role": "assistant", "content": text, "meta": of_agent | meta}
    return [question, reply] if turn.question.store_user_message else [reply]


def _applied(messages: list[dict[str, Any]]) -> Applied:
    return Applied(message_id=messages[-1]["id"], user_message_id=messages[0]["id"] if len(messages) == 2 else None)


def _not_applied_reason(turn: AgentCall) -> Reason:
    """Why nothing is stored, if it is not: that is no error."""
    if not turn.question.apply_side_effects:
        return "not_requested"
    return "no_thread" if turn.session else "no_session"


def _log(turn: AgentCall, usage: Usage | None, reason: str) -> None:
    tokens = usage.total_tokens if usage else None
    logs.info("replied", client=turn.client.name, agent=turn.agent.id, applied=not reason, reason=reason, tokens=tokens)
