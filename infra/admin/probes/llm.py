"""Whether the language model answers, without using tokens. httpx's own errors never leave this module."""

import json

from infra.admin.errors import AdminError
from infra.admin.probes import leg
from shared import config

TIMEOUT_SECONDS = 5.0


def lists_model() -> bool:
    """Whether LLM_MODEL is among the models that the server lists, as far as it lists any. Raises AdminError."""
    settings = config.load(names=("llm_api_url", "llm_api_key", "llm_model"))
    headers = {"Authorization": f"Bearer {settings.llm_api_key}"} if settings.llm_api_key else {}
    import httpx  # noqa: PLC0415 - a tenth of each command's start, and few commands call anybody

    try:
        with leg.client("llm", TIMEOUT_SECONDS) as client:
            response = client.get(f"{settings.llm_api_url}/models", headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise leg.broken("the model", "llm", error, TIMEOUT_SECONDS) from None
    status = response.status_code
    if status in (401, 403):
        raise AdminError("the model does not take our key", "check LLM_API_KEY")
    if status >= 500:
        raise AdminError(f"the model's server fails ({status})", "try again later, or check LLM_API_URL")
    names = _names(response.content)
    return not names or settings.llm_model in names


def _names(body: bytes) -> set[str]:
    """The models that an answer lists; none when it is no list."""
    try:
        models = json.loads(body)["data"]
        return {str(model["id"]) for model in models}
    except (ValueError, LookupError, TypeError):
        return set()
