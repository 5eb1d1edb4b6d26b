"""The three agents: their paths, and the tab their replies go to (docs/systems/learning.md, An agent's turn)."""

from dataclasses import dataclass

from shared.learning.tabs import Tab


@dataclass(frozen=True)
class Agent:
    """One conversational agent."""

    id: str
    version: str
    verb: str
    tab: Tab
    summary: str

    @property
    def path(self) -> str:
        """Where it is called."""
        return f"/agents/{self.id}/{self.version}/{self.verb}"


AGENTS = (
    Agent("mentor_chat", "v1", "reply", "chat", "The mentor replies in the chat"),
    Agent("practice_coach", "v1", "hint", "practice", "The coach gives a hint in the practice"),
    Agent("simulation_mentor", "v1", "turn", "simulation", "The simulation's partner takes a turn"),
)
