"""The Bot API's errors with their exact texts, by which clients recognise them."""

from __future__ import annotations

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
POLLING_WITH_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class ApiError(Exception):
    """A call that the Bot API refuses; `code` is the HTTP status, too."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The response body."""
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | {"parameters": self.parameters} if self.parameters else answer


def bad_request(reason: str, **parameters: object) -> ApiError:
    """A 400; `reason` follows the server's usual prefix."""
    return ApiError(400, f"Bad Request: {reason}", parameters)


def unparsable(reason: str) -> ApiError:
    """A 400 for text whose markup is broken."""
    return bad_request(f"can't parse entities: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """A 429 with retry_after."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
