"""Whether the language model answers, without using tokens. httpx's own errors never leave this module."""

from infra.admin.errors import AdminError
from shared import config

TIMEOUT_SECONDS = 5.0


def check_model() -> None:
    """List the models, as every OpenAI-compatible server can. Raises AdminError."""
    settings = config.load()
    headers = {"Authorization": f"Bearer {settings.llm_api_key}"} if settings.llm_api_key else {}
    import httpx  # noqa: PLC0415 - a tenth of each command's start, and few commands call anybody

    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
            status = client.get(f"{settings.llm_api_url}/models", headers=headers).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise AdminError(f"the model cannot be reached ({type(error).__name__})", "check LLM_API_URL") from None
    if status in (401, 403):
        raise AdminError("the model does not take our key", "check LLM_API_KEY")
    if status >= 500:
        raise AdminError(f"the model's server fails ({status})", "try again later, or check LLM_API_URL")
