"""What a public client may ask: its token is in everybody's browser, and its calls of the model cost the owner."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from functions.agent_reply.schema import ReplyRequest
from shared.credentials.api_clients import ApiClient
from shared.errors import HttpProblem
from shared.http import responses
from shared.http.turns import Places
from shared.learning import limits
from shared.learning.sessions import Session

RETRY_AFTER_SECONDS = 5


def check(client: ApiClient, body: ReplyRequest) -> None:
    """Raises HttpProblem 403, 422 for what a public client may not ask."""
    if not client.is_public:
        return
    if body.reply is not None:
        detail = "reply is for servers. A client whose token is public asks the agent: send user_message alone."
        raise HttpProblem(403, "Not For Public Clients", detail, reason="server_only")
    if body.session_id is None:
        detail = "A public client asks in a session of its device: send session_id, which POST /sessions gives."
        raise HttpProblem(422, "No Session", detail, reason="session_needed")
    asked = sum(len(name) + len(str(value)) for name, value in body.context.items())
    if len(body.user_message) + asked > limits.MAX_QUESTION:
        detail = f"user_message and context of a public client have {limits.MAX_QUESTION} characters at most together."
        raise HttpProblem(422, "Too Long", detail, reason="question_too_long")


class CallsAtOnce:
    """The calls of the model that public clients have under way in this process."""

    def __init__(self) -> None:
        """Nobody has any."""
        self._running = Places()

    @contextmanager
    def enter(self, client: ApiClient, session: Session | None) -> Iterator[None]:
        """Count a call while it lasts. Raises HttpProblem 429; a client that is a server may have any number."""
        if not client.is_public or session is None:
            yield
            return
        bounds: dict[Hashable, int] = {
            client.id: limits.CALLS_AT_ONCE,
            (client.id, session.user_id): limits.DEVICE_CALLS_AT_ONCE,
        }
        if session.is_of_new_device:  # a stranger who makes devices takes nothing from those who were there before
            bounds[client.id, "new devices"] = limits.CALLS_AT_ONCE // limits.NEW_DEVICES_SHARE
        with self._running.take(bounds, too_many):
            yield


def too_many() -> HttpProblem:
    """The problem of a client, or a device, that has no call left."""
    detail = "Too many questions at once. Nothing is stored; call again when the others are answered."
    headers = responses.retry_after(RETRY_AFTER_SECONDS)
    return HttpProblem(429, "Too Many", detail, reason="too_many_at_once", headers=headers)
