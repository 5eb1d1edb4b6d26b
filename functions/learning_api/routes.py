"""What can be called: requests are routed by this table, and openapi.json is made of it."""

from collections.abc import Awaitable, Callable
from typing import get_args

from starlette.responses import Response

from functions.learning_api import messages, schema, sessions, synopses, tracks
from shared.http.routing import Route, Router
from shared.learning.tabs import Tab

Endpoint = Callable[..., Awaitable[Response]]  # takes the ApiCall, and the path's values in their order

_DEVICE, _KEY = "X-Device-Id", "Idempotency-Key"

ROUTES: tuple[Route[Endpoint], ...] = (
    Route("GET", "/tracks", "All tracks by title", tracks.list_, {200: schema.Tracks}, problems=[429]),
    Route("GET", "/tracks/{slug}", "One track", tracks.get, {200: schema.TrackSummary}, problems=[404, 429]),
    Route(
        "GET", "/tracks/{slug}/roadmap", "Its steps in order",
        tracks.roadmap, {200: schema.Roadmap}, problems=[404, 429],
    ),
    Route(
        "POST", "/sessions", "Begin a session, or come back to it (200, for public clients always)",
        sessions.create, {200: schema.SessionOut, 201: schema.SessionOut},
        body=schema.NewSession, problems=[404, 429],
    ),
    Route(
        "GET", "/sessions/{id}", "A session",
        sessions.get, {200: schema.SessionOut},
        parameters=[_DEVICE], problems=[404, 422, 429],
    ),
    Route(
        "PATCH", "/sessions/{id}", "Remember what the person sees",
        sessions.change, {200: schema.SessionOut},
        body=schema.SessionChange, parameters=[_DEVICE], problems=[404, 429],
    ),
    Route(
        "GET", "/sessions/{id}/messages/{tab}", "Messages by seq: the newest, or a page before or after one",
        messages.page, {200: schema.Page},
        parameters=[_DEVICE, "limit", "before", "after"], problems=[400, 404, 422, 429],
    ),
    Route(
        "POST", "/sessions/{id}/messages/{tab}", "Add a message",
        messages.add, {201: schema.Message},
        body=schema.NewMessage, parameters=[_DEVICE, _KEY], problems=[404, 409, 429],
    ),
    Route(
        "GET", "/sessions/{id}/synopsis", "The live synopsis and the newest others",
        synopses.get, {200: schema.Synopses},
        parameters=[_DEVICE], problems=[404, 422, 429],
    ),
    Route(
        "POST", "/sessions/{id}/synopsis", "New notes: what was live becomes a snapshot (200: it is live already)",
        synopses.add, {200: schema.Synopsis, 201: schema.Synopsis},
        body=schema.NewSynopsis, parameters=[_DEVICE, _KEY], problems=[404, 409, 429],
    ),
)  # fmt: skip

ROUTER = Router(ROUTES, {"tab": get_args(Tab)})
