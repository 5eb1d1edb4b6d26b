"""Request bodies, validated by a pydantic model. A problem never repeats what came."""

from collections.abc import Hashable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from shared.errors import HttpProblem
from shared.http.large_bodies import LargeBodies

UNAVAILABLE_HINT = "Call again. With an Idempotency-Key it is done once, even if it was stored already."
MAX_BYTES = 1_000_000  # the longest texts, also with every letter escaped
HEADER_SAFE = "^[!-~]([ -~]*[!-~])?$"  # what a header can carry as it is: printable ASCII, no spaces at the ends

_Model = TypeVar("_Model", bound=BaseModel)

# Pydantic's own messages quote the input. By pydantic's name of the error; {…} are the limits that it checked.
VALIDATION_MESSAGES = {
    "missing": "is missing",
    "list_type": "is no list",
    "literal_error": "is none of {expected}",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} parts",
    "value_error": "{error}",
}
_MESSAGES = VALIDATION_MESSAGES | {
    "uuid_parsing": "is no UUID",
    "uuid_type": "is no UUID",
    "string_type": "is no text",
    "bool_type": "is neither true nor false",
    "dict_type": "is no object",
    "model_type": "is no object",
    "string_too_short": "is empty",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
}


async def parse_body(request: Request, model: type[_Model], bodies: LargeBodies, caller: Hashable) -> _Model:
    """The request's body, a large one in a turn of the caller's among `bodies`.

    Raises HttpProblem: 400 when it is no JSON, 408, 413, 415, 422 when a field is wrong, 503.
    """
    content_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise HttpProblem(415, "Unsupported Type", "Send JSON, as application/json.")
    return validate(model, await bodies.read(request, MAX_BYTES, caller))


def validate(model: type[_Model], raw: bytes) -> _Model:
    """The model that `raw` is as JSON. Raises HttpProblem 400, 422."""
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        raise HttpProblem(400, "Not JSON", "The body is no JSON that can be read: valid UTF-8, no half characters.")
    raise HttpProblem(422, "Not Understood", _describe(first))


def _describe(error: ErrorDetails) -> str:
    """A sentence about the first error. It names only fields of the model: other keys are input."""
    field = ".".join(str(part) for part in error["loc"][:1])
    if len(error["loc"]) > 1:
        return f"{field} has a part that is not what it should be."
    limits = error.get("ctx", {})
    try:
        message = _MESSAGES.get(error["type"], "is not what it should be").format(**limits)
    except KeyError:
        message = "is not what it should be"
    return f"{field or 'The body'} {message}."
