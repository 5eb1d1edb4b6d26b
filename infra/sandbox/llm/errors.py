"""The API's refusals in OpenAI's words."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

_KIND = "invalid_request_error"
Body = dict[str, Any]


class Refusal(Exception):
    """A question that the API refuses; `body` is its answer."""

    def __init__(self, words: str, *, status: int = 400, code: str | None = None, param: str | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.body = error(words, _KIND, code, param)


def error(words: str, kind: str, code: str | None = None, param: str | None = None) -> Body:
    """An error's body."""
    return {"error": {"message": words, "type": kind, "param": param, "code": code}}


def invalid(problem: ValidationError) -> Refusal:
    """The refusal of a body that is not what it should be."""
    found = problem.errors()[0]
    if found["type"] == "json_invalid":
        return Refusal("We could not parse the JSON body of your request.")
    where = ".".join(str(place) for place in found["loc"])
    if found["type"] == "missing":
        return Refusal(f"Missing required parameter: '{where}'.", code="missing_required_parameter", param=where)
    bounds = {"less_than_equal": ("above maximum", "<="), "greater_than_equal": ("below minimum", ">=")}
    if found["type"] in bounds:
        side, sign = bounds[found["type"]]
        bound = next(iter(found.get("ctx", {}).values()), "")
        words = (
            f"Invalid '{where}': value {side} value. Expected a value {sign} {bound}, but got {found['input']} instead."
        )
        return Refusal(words, param=where)
    return Refusal(f"Invalid value: '{where}'.", param=where or None)


def no_key() -> Refusal:
    """Nobody says who asks."""
    return Refusal("You didn't provide an API key.", status=401)


def no_such_model(name: str) -> Refusal:
    """Nobody has it."""
    words = f"The model `{name}` does not exist or you do not have access to it."
    return Refusal(words, status=404, code="model_not_found")


def too_long(most: int, tokens: int) -> Refusal:
    """The model cannot read as much."""
    words = (
        f"This model's maximum context length is {most} tokens. However, your messages resulted in {tokens} tokens. "
        "Please reduce the length of the messages."
    )
    return Refusal(words, code="context_length_exceeded", param="messages")
