"""A reply is stored in its thread together with the answer under its key, or neither is."""

import json
from collections.abc import Sequence
from typing import Any

from functions.agent_reply.call import AgentCall
from functions.agent_reply.prompt_context import Template
from functions.agent_reply.schema import Applied, NotApplied, Reason, ReplyResponse, Usage
from shared import logs
from shared.clients.llm import Completion
from shared.database import sql
from shared.database.pool import Connection, Database
from shared.uuid7 import uuid7

_SQL = sql.load(__file__)


class ClaimLost(Exception):
    """The call took so long that another attempt has its key: nothing was stored."""


async def save_completion(
    database: Database, call: AgentCall, templates: Sequence[Template], completion: Completion
) -> ReplyResponse:
    """Store the model's reply, as far as that was asked for. Raises ClaimLost, DatabaseUnavailable."""
    used = [{"id": template.id, "version": template.version} for template in templates]
    meta: dict[str, Any] = {"templates": used} | ({"usage": completion.usage} if completion.usage else {})
    usage = Usage(**completion.usage) if completion.usage else None
    async with database.connection() as connection:
        return await _save(connection, call, completion.text, meta, usage)


async def save_upstream_reply(database: Database, call: AgentCall) -> ReplyResponse:
    """Store the reply of an upstream agent. Raises ClaimLost, DatabaseUnavailable."""
    assert call.body.reply is not None
    async with database.connection() as connection:
        return await _save(connection, call, call.body.reply, {"source": "upstream"}, None)


async def _save(
    connection: Connection, call: AgentCall, text: str, meta: dict[str, Any], usage: Usage | None
) -> ReplyResponse:
    def answer(effects: Applied | NotApplied) -> ReplyResponse:
        return ReplyResponse(
            message=text, side_effects=effects, agentId=call.agent.id, version=call.agent.version, usage=usage
        )  # fmt: skip

    messages = _messages(call, text, meta)
    applied, not_applied = answer(_applied(messages)), answer(NotApplied(reason=_not_applied_reason(call)))
    values = {
        "client": call.client.id,
        "key": call.claim.key if call.claim else None,
        "attempt": call.claim.attempt if call.claim else None,
        "thread": call.thread if call.body.apply_side_effects else None,
        "messages": json.dumps(messages, ensure_ascii=False, default=str),
        "applied": json.dumps(applied.to_json(), ensure_ascii=False),
        "not_applied": json.dumps(not_applied.to_json(), ensure_ascii=False),
    }
    row = await sql.fetch_one(connection, _SQL["save"], values)
    if not row["is_ours"]:
        raise ClaimLost
    _log(call, usage, reason="" if row["is_stored"] else _not_applied_reason(call))
    return applied if row["is_stored"] else not_applied


def _messages(call: AgentCall, text: str, meta: dict[str, Any]) -> list[dict[str, Any]]:
    """The reply, and the question before it if that was asked for."""
    of_agent: dict[str, Any] = {"agentId": call.agent.id, "version": call.agent.version}
    question = {"id": uuid7(), "role": "user", "content": call.body.user_message, "meta": {}}
    reply = {"id": uuid7(), "role": "assistant", "content": text, "meta": of_agent | meta}
    return [question, reply] if call.body.store_user_message else [reply]


def _applied(messages: list[dict[str, Any]]) -> Applied:
    return Applied(message_id=messages[-1]["id"], user_message_id=messages[0]["id"] if len(messages) == 2 else None)


def _not_applied_reason(call: AgentCall) -> Reason:
    """Why nothing is stored, if it is not: that is no error."""
    if not call.body.apply_side_effects:
        return "not_requested"
    return "no_thread" if call.session else "no_session"


def _log(call: AgentCall, usage: Usage | None, reason: str) -> None:
    tokens = usage.total_tokens if usage else None
    logs.info("replied", client=call.client.name, agent=call.agent.id, applied=not reason, reason=reason, tokens=tokens)
