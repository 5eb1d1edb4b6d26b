"""A completion out of a server's response, or one word why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.clients.http import HttpResponse, NoResponse
from shared.clients.llm.thoughts import ThoughtFilter
from shared.payload.postgres_text import without_nul

MAX_TEXT = 64_000

Kind = Literal[
    "not_connected",
    "no_answer",  # the connection broke; perhaps it has thought, and somebody pays for it
    "timeout",
    "rate_limited",
    "quota",  # nobody has paid: no other try helps
    "refused",  # the key, what it may do, or the model
    "bad_request",  # would fail every time
    "server_error",
    "garbage",  # not the protocol
    "empty",
    "content_filter",
    "cut",  # it had more to say than it was allowed to
]

# What an error's code means, wherever the status says less.
_CODES: dict[str, Kind] = {
    **dict.fromkeys(("insufficient_quota", "billing_hard_limit_reached", "billing_not_active"), "quota"),
    **dict.fromkeys(("content_filter", "content_policy_violation"), "content_filter"),
    "rate_limit_exceeded": "rate_limited",
}
_STATUSES: dict[int, Kind] = {
    **dict.fromkeys((401, 403, 404), "refused"),
    402: "quota",
    **dict.fromkeys((408, 409), "server_error"),
    429: "rate_limited",
}
_FINISHES: dict[str, Kind] = {"content_filter": "content_filter", "length": "cut"}
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


class ModelError(Exception):
    """There is no answer. `kind`, a short constant word for tables and logs, says why."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Completion:
    """The text, fit for Postgres and without thoughts, and the tokens as the model counted them."""

    text: str = field(repr=False)
    usage: Mapping[str, int] | None


def parse(answer: HttpResponse | NoResponse) -> Completion:
    """The completion in a response. Raises ModelError."""
    if isinstance(answer, NoResponse):
        raise ModelError("not_connected" if answer.stage == "connect" else "no_answer")
    if not 200 <= answer.status < 300:
        raise ModelError(error_kind(answer.fields.get("error"), answer.status))
    fields = answer.fields
    choices = fields.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise ModelError("garbage")
    said = without_nul(text_of(message, choice.get("finish_reason")))
    text = ThoughtFilter().add(said).strip()[:MAX_TEXT]
    if not text:
        raise ModelError("content_filter" if message.get("refusal") else "empty")
    return Completion(text, token_usage(fields.get("usage")))


def text_of(message: Mapping[str, Any], finish: Any) -> str:
    """The text of a message, or of a part of one. Raises ModelError, also when it did not end well."""
    if isinstance(finish, str) and finish in _FINISHES:
        raise ModelError(_FINISHES[finish])
    content = message.get("content")
    if content is not None and not isinstance(content, str):
        raise ModelError("garbage")
    return content or ""


def error_kind(error: Any, status: int) -> Kind:
    """Why there is no completion: the error's code, else the status."""
    codes = [error.get(name) for name in ("code", "type")] if isinstance(error, dict) else []
    for code in codes:
        if isinstance(code, str) and code in _CODES:
            return _CODES[code]
    if status in _STATUSES:
        return _STATUSES[status]
    if 400 <= status < 500:
        return "bad_request"
    return "server_error" if status >= 500 else "garbage"


def refused_field(answer: HttpResponse) -> str | None:
    """The field of the request that a server does not know, or refuses."""
    error = answer.fields.get("error")
    param = error.get("param") if answer.status == 400 and isinstance(error, dict) else None
    return param if isinstance(param, str) else None


def token_usage(usage: Any) -> dict[str, int] | None:
    """The plausible numbers among its counts."""
    if not isinstance(usage, dict):
        return None
    return {name: usage[name] for name in _COUNTS if type(usage.get(name)) is int and 0 <= usage[name] < 2**31}
