"""The Cloud API's errors."""

from __future__ import annotations

from typing import Any

INVALID = 100
BAD_TOKEN = 190
MISSING = 131008
BAD_VALUE = 131009


class Refusal(Exception):
    """A request that the API refuses."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.status = 401 if code == BAD_TOKEN else 400
        self.body = error(code, details)


def error(code: int, details: str) -> dict[str, Any]:
    """An error's body."""
    detail = {"messaging_product": "whatsapp", "details": details}
    return {
        "error": {
            "message": f"(#{code}) {details}",
            "type": "OAuthException",
            "code": code,
            "error_data": detail,
            "fbtrace_id": "Sandbox",
        }
    }


def missing(name: str) -> Refusal:
    """A parameter that must be given."""
    return Refusal(MISSING, f"Required parameter is missing: {name}")


def bad_value(details: str) -> Refusal:
    """A parameter that is not as it must be."""
    return Refusal(BAD_VALUE, f"Parameter value is not valid: {details}")


def no_object(name: str) -> Refusal:
    """An id that nobody gave out."""
    words = f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to missing permissions"
    return Refusal(INVALID, words)
