"""The three agents: their paths, and the tab their replies go to (docs/systems/learning.md, An agent's turn)."""

from dataclasses import dataclass

from shared.errors import Unauthenticated
from shared.learning.tabs import Tab


@dataclass(frozen=True)
class Agent:
    """One conversational agent."""

    id: str
    version: str
    verb: str
    tab: Tab

    @property
    def path(self) -> str:
        """Where it is called."""
        return f"/agents/{self.id}/{self.version}/{self.verb}"


ALL = (
    Agent("mentor_chat", "v1", "reply", "chat"),
    Agent("practice_coach", "v1", "hint", "practice"),
    Agent("simulation_mentor", "v1", "turn", "simulation"),
)
_BY_PATH = {agent.path: agent for agent in ALL}


def at(path: str) -> Agent:
    """The agent that is called at `path`. Raises Stranger."""
    if path not in _BY_PATH:
        raise Unauthenticated
    return _BY_PATH[path]
