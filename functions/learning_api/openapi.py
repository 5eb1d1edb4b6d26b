"""What the function can do, as GET /openapi.json says it."""

from functools import cache
from typing import get_args

from functions.learning_api import json_limits, messages, schema
from shared.learning import openapi
from shared.learning.openapi import DEVICE, KEY, SESSION, Operation, Parameter
from shared.learning.tabs import Tab

_SLUG = Parameter("slug", "path", "The track", {"type": "string", "examples": ["sql-basics"]})
_TAB = Parameter("tab", "path", "Which of the three threads", {"type": "string", "enum": list(get_args(Tab))})
_SEQ = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": messages.MAX_LIMIT, "default": messages.DEFAULT_LIMIT}
_PAGING = (
    Parameter("limit", "query", "The most messages of a page", _LIMIT),
    Parameter("before", "query", "The newest messages before this seq", _SEQ),
    Parameter("after", "query", "The oldest messages after this seq; not together with before", _SEQ),
)
_OF_SESSION = (SESSION, DEVICE)
_VALUE = {"$ref": "#/components/schemas/Value"}
_ANY_VALUE = {
    "description": "JSON of the caller's own making",
    "anyOf": [
        {"type": ["string", "boolean", "null"]},
        {"type": "number", "minimum": -json_limits.MAX_NUMBER, "maximum": json_limits.MAX_NUMBER},
        {"type": "array", "items": _VALUE},
        {"type": "object", "additionalProperties": _VALUE},
    ],
}

OPERATIONS = (
    Operation("get", "/tracks", "All tracks by title", {200: schema.Tracks}),
    Operation("get", "/tracks/{slug}", "One track", {200: schema.TrackSummary}, parameters=[_SLUG], problems=[404]),
    Operation(
        "get", "/tracks/{slug}/roadmap", "Its steps in order", {200: schema.Roadmap},
        parameters=[_SLUG], problems=[404],
    ),
    Operation(
        "post", "/sessions", "Begin a session, or come back to it (200); X-Device-Id, if sent, is the same deviceId",
        {200: schema.SessionOut, 201: schema.SessionOut},
        body=schema.NewSession, problems=[404],
    ),
    Operation(
        "get", "/sessions/{id}", "A session", {200: schema.SessionOut},
        parameters=_OF_SESSION, problems=[404, 422],
    ),
    Operation(
        "patch", "/sessions/{id}", "Remember what the person sees", {200: schema.SessionOut},
        body=schema.SessionChange, parameters=_OF_SESSION, problems=[404],
    ),
    Operation(
        "get", "/sessions/{id}/messages/{tab}", "Messages by seq: the newest, or a page before or after one",
        {200: schema.Page}, parameters=(*_OF_SESSION, _TAB, *_PAGING), problems=[400, 404, 422],
    ),
    Operation(
        "post", "/sessions/{id}/messages/{tab}", "Add a message", {201: schema.Message},
        body=schema.NewMessage, parameters=(*_OF_SESSION, _TAB, KEY), problems=[404, 409],
    ),
    Operation(
        "get", "/sessions/{id}/synopsis", "The live synopsis and the newest others", {200: schema.Synopses},
        parameters=_OF_SESSION, problems=[404, 422],
    ),
    Operation(
        "post", "/sessions/{id}/synopsis", "New notes: what was live becomes a snapshot (200: it is live already)",
        {200: schema.Synopsis, 201: schema.Synopsis},
        body=schema.NewSynopsis, parameters=(*_OF_SESSION, KEY), problems=[404, 409],
    ),
)  # fmt: skip


@cache
def document() -> openapi.Json:
    """The OpenAPI document."""
    purpose = "Tracks, sessions, messages and synopses, for a front end. Replies of agents come from agent_reply."
    told = openapi.document("Carillon: learning_api", purpose, OPERATIONS)
    schemas = told["components"]["schemas"]
    schemas["Value"] = _ANY_VALUE
    schemas["NewMessage"]["properties"]["meta"]["additionalProperties"] = _VALUE
    schemas["NewSynopsis"]["properties"]["items"]["items"]["additionalProperties"] = _VALUE
    return told
