"""What can be called, one route for each agent: requests are routed by this table, and openapi.json is made of it."""

from functions.agent_reply.agents import AGENTS, Agent
from functions.agent_reply.schema import ReplyRequest, ReplyResponse
from shared.http.routing import Route, Router

_EVENTS = (
    '`event: delta` with {"text"} for each piece of the message; then `event: done` with the answer once it is stored, '
    "or `event: error` with the problem, and nothing is stored. What goes wrong before the first piece is a problem."
)

ROUTES: tuple[Route[Agent], ...] = tuple(
    Route(
        "POST", agent.path, agent.summary, agent, {200: ReplyResponse},
        body=ReplyRequest, parameters=("X-Device-Id", "Idempotency-Key"),
        problems=(403, 404, 409, 429, 502, 504), events=_EVENTS,
    )
    for agent in AGENTS
)  # fmt: skip

ROUTER = Router(ROUTES)
