"""A change that is made once per Idempotency-Key, in the transaction that keeps the key."""

from collections.abc import Awaitable, Callable

from pydantic import BaseModel
from starlette.responses import Response

from functions.learning_api.call import ApiCall, respond
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http import idempotency, responses
from shared.http.idempotency import Answered, Busy

_LEASE_SECONDS = 10.0  # the claim ends with its transaction; nobody waits for this

Change = Callable[[], Awaitable[tuple[int, BaseModel]]]  # answers a status and a body


async def apply_once(call: ApiCall, connection: Connection, target: str, body: BaseModel, change: Change) -> Response:
    """The response of `change`, or the one that this key got before.

    The key stands for `target` and `body`: with others it is refused. Raises HttpProblem, which undoes all of it.
    """
    key = idempotency.key_of(call.request)
    if key is None:
        status, model = await change()
        return respond(model, status)
    fingerprint = idempotency.fingerprint(target, body.model_dump(exclude_defaults=True))
    claim = await idempotency.acquire(connection, call.client.id, key, fingerprint, _LEASE_SECONDS, alone=False)
    if isinstance(claim, Answered):
        return responses.json_response(claim.answer["body"], claim.answer["status"])
    if isinstance(claim, Busy):
        detail = "The first request with this key is not done: call again."
        raise HttpProblem(503, "Busy", detail, headers=responses.retry_after(1))
    status, model = await change()
    answer = model.model_dump(mode="json")
    await idempotency.finish(connection, claim, {"status": status, "body": answer})
    return responses.json_response(answer, status)
