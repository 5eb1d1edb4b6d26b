"""The problems that callers get when the model gave no answer."""

from shared.clients.llm import Kind
from shared.errors import HttpProblem
from shared.http import responses

RETRY_AFTER_SECONDS = 5

# The model has surely not begun to answer: nobody pays for those calls.
NOT_BILLED: frozenset[Kind] = frozenset(
    {"not_connected", "rate_limited", "quota", "refused", "bad_request", "server_error"}
)

_LATER = "Nothing is stored. Call again in a few seconds."
_PROBLEMS: dict[Kind, tuple[int, str, str]] = {
    "timeout": (504, "Model Too Slow", "The model did not answer in time. Nothing is stored; call again."),
    "not_connected": (503, "Model Away", f"The model cannot be reached. {_LATER}"),
    "rate_limited": (503, "Model Busy", f"The model takes no more calls now. {_LATER}"),
    "server_error": (503, "Model Away", f"The model failed. {_LATER}"),
    "no_answer": (502, "No Answer", "The connection to the model broke. Nothing is stored; call again."),
    "garbage": (502, "Bad Answer", "The model's answer cannot be understood. Nothing is stored; call again."),
    "empty": (502, "Empty Answer", "The model said nothing. Nothing is stored; ask in other words."),
    "cut": (502, "Answer Cut", "The model's answer was longer than it may be. Nothing is stored; ask for less."),
    "content_filter": (502, "Answer Filtered", "The model refused to answer this. Nothing is stored; ask otherwise."),
    "quota": (502, "Model Not Paid", "The model's account has no quota left. Its operator must act: do not repeat."),
    "refused": (502, "Model Refused", "The model refused our key or name. Its operator must act: do not repeat."),
    "bad_request": (502, "Model Refused", "The model refused the request. Nothing is stored; ask for less."),
}


def to_problem(kind: Kind) -> HttpProblem:
    """The problem of this kind of failure."""
    status, title, detail = _PROBLEMS[kind]
    headers = responses.retry_after(RETRY_AFTER_SECONDS) if status == 503 else None
    return HttpProblem(status, title, detail, reason=kind, headers=headers)


def no_model() -> HttpProblem:
    """The settings name no model."""
    return HttpProblem(503, "No Model", "There is no language model here: LLM_API_URL is not set.", reason="no_model")
