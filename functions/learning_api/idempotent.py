"""A change that is made once per Idempotency-Key."""

from collections.abc import Awaitable, Callable

from pydantic import BaseModel
from starlette.responses import Response

from functions.learning_api.call import ApiCall, respond
from shared.database.pool import Connection
from shared.errors import HttpProblem
from shared.http import idempotency, responses
from shared.http.idempotency import Answered, Busy

_LEASE_SECONDS = 10.0  # the claim ends with its transaction; nobody waits for this

Change = Callable[[], Awaitable[tuple[int, BaseModel]]]  # answers a status and what is told


async def once(call: ApiCall, connection: Connection, place: str, asked: BaseModel, change: Change) -> Response:
    """What `change` answers, or has answered to this key before. The key is kept in the transaction of the change.

    `place` and `asked` are what the key was given with. Raises Refusal, which undoes all of it.
    """
    key = idempotency.key_of(call.request)
    if key is None:
        status, said = await change()
        return respond(said, status)
    print_ = idempotency.fingerprint(place, asked.model_dump(exclude_defaults=True))
    claim = await idempotency.acquire(connection, call.client.id, key, print_, _LEASE_SECONDS, alone=False)
    if isinstance(claim, Answered):
        return responses.json_response(claim.answer["body"], claim.answer["status"])
    if isinstance(claim, Busy):
        detail = "The first request with this key is not done: call again."
        raise HttpProblem(503, "Busy", detail, headers=responses.retry_after(1))
    status, said = await change()
    body = said.model_dump(mode="json")
    await idempotency.finish(connection, claim, {"status": status, "body": body})
    return responses.json_response(body, status)
