"""Calls of the Bot API for an operator. The token is in the URL, so httpx's own errors never leave this module."""

from typing import Any

from infra.admin.errors import AdminError
from infra.admin.probes import leg
from shared import config, logs

TIMEOUT_SECONDS = 10.0


class Refused(AdminError):
    """Telegram knows the token and refuses the call."""


def call(token: str, method: str, **parameters: Any) -> Any:
    """What Telegram answers to `method`. Raises AdminError."""
    import httpx  # noqa: PLC0415 - a tenth of each command's start, and few commands call anybody

    url = f"{config.load(names=('telegram_api_url',)).telegram_api_url}/bot{token}/{method}"
    try:
        with leg.client("telegram", TIMEOUT_SECONDS) as client:
            response = client.post(url, json=parameters)
            answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise leg.broken("Telegram", "telegram", error, TIMEOUT_SECONDS) from None
    except ValueError:
        raise AdminError(f"what answered {method} is not Telegram", "check TELEGRAM_API_URL") from None
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        raise _error(method, response.status_code, answer if isinstance(answer, dict) else {})
    return answer.get("result")


def _error(method: str, status: int, answer: dict[str, Any]) -> AdminError:
    description = logs.redact(str(answer.get("description", status)))[:200]
    if status in (401, 404):
        return AdminError(
            f"Telegram does not know this token ({description})", "take the token from @BotFather: carillon bots add"
        )
    return Refused(f"Telegram refused {method} ({description})", "correct what it names, then try again")
