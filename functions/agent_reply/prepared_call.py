"""What the model is asked, and what that may cost."""

from dataclasses import dataclass, field

from functions.agent_reply import model_errors, prompt, token_budget, tokens
from functions.agent_reply.call import AgentCall
from functions.agent_reply.prompt_context import Template, load
from functions.agent_reply.token_budget import Reservation
from shared.clients.llm import Model
from shared.database.pool import Database

MAX_TOKENS = 1500  # of a reply


@dataclass(frozen=True)
class PreparedCall:
    """A turn's prompt, what it was made of, and the tokens that were taken for it."""

    prompt: list[dict[str, str]] = field(repr=False)
    templates: list[Template]
    reserved: Reservation

    @property
    def perhaps_used(self) -> int:
        """Tokens that a call may have cost from which nothing was heard."""
        return max(self.reserved.tokens, self.used_for(""))

    def used_for(self, heard: str) -> int:
        """Tokens that a reply has cost of which so much was heard, where the model does not count."""
        return tokens.estimate([*self.prompt, {"content": heard}])


async def prepare(database: Database, model: Model, turn: AgentCall) -> PreparedCall:
    """Put the prompt together and take its tokens from the client's budget. Raises Refusal 422, 429, 503."""
    if not model.is_configured:
        raise model_errors.no_model()
    remembers = turn.question.memory == "backend"
    track = turn.session.track_id if turn.session else None
    async with database.connection() as connection:
        material = await load(connection, turn.agent.tab, track=track, thread=turn.thread if remembers else None)
        asked = prompt.compose(material, turn.question.context, turn.question.user_message)
        reserved = await token_budget.reserve(connection, turn.client, tokens.estimate(asked) + MAX_TOKENS)
    return PreparedCall(asked, list(material.templates), reserved)


async def release(database: Database, prepared: PreparedCall, used: int) -> None:
    """What was taken from the budget and not used."""
    async with database.connection() as connection:
        await token_budget.settle(connection, prepared.reserved, used)
