"""One turn: what was asked, thinking about it, and storing the reply."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from functions.agent_reply import budget, failures, prompt, tokens
from functions.agent_reply.agents import Agent
from functions.agent_reply.budget import Reservation
from functions.agent_reply.contract import Answer, Applied, NotApplied, Question, Reason, Usage
from functions.agent_reply.material import Template, gather
from shared import logs
from shared.db import Connection, Database
from shared.learning import idempotency, messages
from shared.learning.clients import Client
from shared.learning.idempotency import Claim
from shared.learning.messages import Said
from shared.learning.sessions import Session
from shared.llm import Completion, Model

MOST_TOKENS = 1500  # of a reply


class ClaimLost(Exception):
    """The turn took so long that another attempt has its key: nothing was stored."""


@dataclass(frozen=True)
class Turn:
    """What was asked, and by whom."""

    client: Client
    agent: Agent
    question: Question
    session: Session | None
    claim: Claim | None = None

    @property
    def thread(self) -> UUID | None:
        """Where the conversation is kept."""
        return self.session.threads.get(self.agent.tab) if self.session else None


@dataclass(frozen=True)
class Prepared:
    """What the model is asked, and what that may cost."""

    prompt: list[dict[str, str]] = field(repr=False)
    templates: list[Template]
    reserved: Reservation

    def used_for(self, heard: str) -> int:
        """Tokens that a reply has cost of which so much was heard, where the model does not count."""
        return tokens.estimate([*self.prompt, {"content": heard}])


async def prepare(database: Database, model: Model, turn: Turn) -> Prepared:
    """Put the prompt together and take its tokens from the client's budget. Raises Refusal 422, 429, 503."""
    if not model.is_there:
        raise failures.no_model()
    remembers = turn.question.memory == "backend"
    track = turn.session.track_id if turn.session else None
    async with database.connection() as connection:
        material = await gather(connection, turn.agent.tab, track=track, thread=turn.thread if remembers else None)
        asked = prompt.compose(material, turn.question.context, turn.question.user_message)
        reserved = await budget.reserve(connection, turn.client, tokens.estimate(asked) + MOST_TOKENS)
    return Prepared(asked, list(material.templates), reserved)


async def give_up(database: Database, prepared: Prepared, used: int) -> None:
    """There is no reply: the tokens that surely were not used go back into the budget."""
    async with database.connection() as connection:
        await budget.settle(connection, prepared.reserved, used)


async def store_thought(database: Database, turn: Turn, prepared: Prepared, said: Completion) -> Answer:
    """Store what the model said, as far as that was asked for. Raises ClaimLost, DatabaseAway."""
    usage = dict(said.usage) if said.usage else None
    meta = {
        "templates": [{"id": one.id, "version": one.version} for one in prepared.templates],
        **({"usage": usage} if usage else {}),
    }
    used = (usage or {}).get("total_tokens", prepared.used_for(said.text))
    async with database.connection() as connection:
        await budget.settle(connection, prepared.reserved, used)
        async with connection.transaction():
            answer = await _store(connection, turn, said.text, meta, usage)
    _log(turn, answer)
    return answer


async def store_given(database: Database, turn: Turn) -> Answer:
    """Store what an upstream agent said. Raises ClaimLost, DatabaseAway."""
    assert turn.question.reply is not None
    async with database.transaction() as connection:
        answer = await _store(connection, turn, turn.question.reply, {"source": "upstream"}, None)
    _log(turn, answer)
    return answer


async def _store(
    connection: Connection, turn: Turn, text: str, meta: dict[str, Any], usage: dict[str, int] | None
) -> Answer:
    """The message and the answer under the key, together or not at all."""
    answer = Answer(
        message=text,
        side_effects=await _apply(connection, turn, text, meta),
        agentId=turn.agent.id,
        version=turn.agent.version,
        usage=Usage(**usage) if usage else None,
    )
    if turn.claim and not await idempotency.finish(connection, turn.claim, answer.told()):
        raise ClaimLost
    return answer


async def _apply(connection: Connection, turn: Turn, text: str, meta: dict[str, Any]) -> Applied | NotApplied:
    """The side effect (source 4: written only with a session and its thread, and never an error without)."""
    if not turn.question.apply_side_effects:
        return NotApplied(reason="not_requested")
    missing: Reason = "no_thread" if turn.session else "no_session"
    if turn.thread is None:
        return NotApplied(reason=missing)
    said = [Said("assistant", text, {"agentId": turn.agent.id, "version": turn.agent.version, **meta})]
    if turn.question.store_user_message:
        said.insert(0, Said("user", turn.question.user_message))
    stored = await messages.append(connection, turn.thread, said)
    if not stored:  # somebody deleted the thread meanwhile
        return NotApplied(reason=missing)
    return Applied(message_id=stored[-1].id, user_message_id=stored[0].id if len(stored) == 2 else None)


def _log(turn: Turn, answer: Answer) -> None:
    effects = answer.side_effects
    logs.info(
        "replied",
        client=turn.client.name,
        agent=turn.agent.id,
        applied=effects.applied,
        reason="" if isinstance(effects, Applied) else effects.reason,
        tokens=answer.usage.total_tokens if answer.usage else None,
    )
