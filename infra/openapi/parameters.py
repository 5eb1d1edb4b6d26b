"""What the names mean that routes have in their paths, headers and queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from functions.learning_api import messages
from shared.http import idempotency
from shared.http.body import HEADER_SAFE
from shared.learning.sessions import MAX_DEVICE_LENGTH
from shared.learning.tabs import Tab


@dataclass(frozen=True)
class Parameter:
    """A value in the path, the query or a header."""

    place: Literal["path", "query", "header"]
    description: str
    schema: Mapping[str, Any]


_SEQ = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": messages.MAX_LIMIT, "default": messages.DEFAULT_LIMIT}

_PARAMETERS = {
    "slug": Parameter("path", "The track", {"type": "string", "examples": ["sql-basics"]}),
    "id": Parameter("path", "The session", {"type": "string", "format": "uuid"}),
    "tab": Parameter("path", "Which of the three threads", {"type": "string", "enum": list(get_args(Tab))}),
    "limit": Parameter("query", "The most messages of a page", _LIMIT),
    "before": Parameter("query", "The newest messages before this seq", _SEQ),
    "after": Parameter("query", "The oldest messages after this seq; not together with before", _SEQ),
    "X-Device-Id": Parameter(
        "header",
        "Then only that device's sessions are there. Public clients must send it.",
        {"type": "string", "minLength": 1, "maxLength": MAX_DEVICE_LENGTH, "pattern": HEADER_SAFE},
    ),
    "Idempotency-Key": Parameter(
        "header",
        "The same key with the same request gets the same answer, and it is done once. With another request: 409.",
        {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_KEY_LENGTH, "pattern": HEADER_SAFE},
    ),
}


def described(name: str) -> dict[str, Any]:
    """The parameter as an operation lists it. Raises KeyError for a name that is not in the table above."""
    parameter = _PARAMETERS[name]
    return {
        "name": name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.place == "path",
        "schema": dict(parameter.schema),
    }
