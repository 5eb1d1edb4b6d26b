"""An authenticated call of an agent."""

from dataclasses import dataclass
from uuid import UUID

from functions.agent_reply.agents import Agent
from functions.agent_reply.schema import ReplyRequest
from shared.credentials.api_clients import ApiClient
from shared.http.idempotency import Claim
from shared.learning.sessions import Session


@dataclass(frozen=True)
class AgentCall:
    """Who calls which agent, with what, and in which session."""

    client: ApiClient
    agent: Agent
    body: ReplyRequest
    session: Session | None
    claim: Claim | None = None

    @property
    def thread(self) -> UUID | None:
        """Where the conversation is kept."""
        return self.session.threads.get(self.agent.tab) if self.session else None
