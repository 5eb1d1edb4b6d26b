"""The functions that have an OpenAPI document, and what stands in it beside their routes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from functions.agent_reply.routes import ROUTES as AGENT_ROUTES
from functions.learning_api import json_limits
from functions.learning_api.routes import ROUTES as LEARNING_ROUTES
from infra.openapi.document import Json, document

_FUNCTIONS = Path(__file__).parents[2] / "functions"
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


def agent_reply() -> Json:
    """The document of agent_reply."""
    about = (
        "Three conversational agents of learning tracks. A reply becomes a message of the session's thread when "
        "`apply_side_effects` says so, once per Idempotency-Key. Problems name their `reason`."
    )
    return document("Carillon: agent_reply", about, AGENT_ROUTES)


def learning_api() -> Json:
    """The document of learning_api."""
    about = "Tracks, sessions, messages and synopses, for a front end. Replies of agents come from agent_reply."
    made = document("Carillon: learning_api", about, LEARNING_ROUTES)
    schemas = made["components"]["schemas"]
    schemas["Value"] = _ANY_VALUE
    schemas["NewMessage"]["properties"]["meta"]["additionalProperties"] = _VALUE
    schemas["NewSynopsis"]["properties"]["items"]["items"]["additionalProperties"] = _VALUE
    return made


def files() -> Mapping[Path, str]:
    """What each committed document has to say."""
    documents: dict[str, dict[str, Any]] = {"agent_reply": agent_reply(), "learning_api": learning_api()}
    return {
        _FUNCTIONS / name / "openapi.json": json.dumps(made, ensure_ascii=False, indent=2) + "\n"
        for name, made in documents.items()
    }
