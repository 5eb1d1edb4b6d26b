"""What agent_reply answers, as OpenAPI."""

from functools import cache
from typing import Any

from functions.agent_reply import agents
from functions.agent_reply.schema import ReplyRequest, ReplyResponse
from shared.learning import openapi
from shared.learning.openapi import DEVICE, KEY, Operation

_ABOUT = (
    "Three conversational agents of learning tracks. A reply becomes a message of the session's thread when "
    "`apply_side_effects` says so, once per Idempotency-Key. Problems name their `reason`."
)
_EVENTS = (
    '`event: delta` with {"text"} for each piece of the message; then `event: done` with the answer once it is stored, '
    "or `event: error` with the problem, and nothing is stored. What goes wrong before the first piece is a problem."
)
_SUMMARIES = {
    "mentor_chat": "The mentor replies in the chat",
    "practice_coach": "The coach gives a hint in the practice",
    "simulation_mentor": "The simulation's partner takes a turn",
}


def operations() -> tuple[Operation, ...]:
    """One for each agent."""
    return tuple(
        Operation(
            "post", agent.path, _SUMMARIES[agent.id], {200: ReplyResponse}, body=ReplyRequest, parameters=(DEVICE, KEY),
            problems=(404, 409, 429, 502, 504), events=_EVENTS,
        )
        for agent in agents.ALL
    )  # fmt: skip


@cache
def document() -> dict[str, Any]:
    """The document."""
    return openapi.document("Carillon: agent_reply", _ABOUT, operations())
