"""The few errors that cross a module's border. Their texts reach logs and callers: no input, no secret in them."""

from collections.abc import Mapping


class ConfigError(Exception):
    """A setting is missing or malformed. The text names the setting and the next step, never its value."""


class DatabaseUnavailable(Exception):
    """The database cannot be reached or is too busy; calling again may help."""


class HttpProblem(Exception):
    """A request that the caller can mend. Becomes a problem+json answer."""

    def __init__(
        self, status: int, title: str, detail: str, *, reason: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """`status` is the HTTP status; `detail` says what to change and never repeats the input.

        `reason` is a short constant word for programs; `headers` go with the answer.
        """
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.reason = reason
        self.headers = headers or {}


class Unauthenticated(Exception):
    """The caller did not prove who they are. Everyone who fails gets the same answer."""
