"""One turn of a conversation: what was asked, of whom, and in which session."""

from dataclasses import dataclass
from uuid import UUID

from functions.agent_reply.agents import Agent
from functions.agent_reply.schema import Question
from shared.credentials.api_clients import Client
from shared.http.idempotency import Claim
from shared.learning.sessions import Session


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
