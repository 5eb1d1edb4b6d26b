"""One answer per Idempotency-Key (IETF draft idempotency-key-header).

Why it is so: docs/decisions/0012-one-answer-per-idempotency-key.md.

A key is taken before the work and holds the answer after it, in the transaction that stores what the answer reports.
Between the two it belongs to one attempt, for as long as that can take; whoever asks again waits for its answer, or
takes the key over when that time has passed. An attempt that lost its key stores nothing.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from shared.database import sql
from shared.database.pool import Connection
from shared.errors import HttpProblem

HEADER = "idempotency-key"
MAX_KEY_LENGTH = 255

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Claim:
    """A key that is ours for a while."""

    client_id: int
    key: str
    attempt: UUID


@dataclass(frozen=True)
class Answered:
    """The answer that was given under the key."""

    answer: dict[str, Any]


class Busy:
    """Another attempt works on it."""


def key_of(request: Request) -> str | None:
    """The key that the caller gave. Raises HttpProblem 400."""
    key = request.headers.get(HEADER)
    if key is not None and not (1 <= len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        raise HttpProblem(400, "Bad Key", f"Idempotency-Key has 1 to {MAX_KEY_LENGTH} printable ASCII characters.")
    return key


def fingerprint(target: str, body: Any) -> bytes:
    """32 bytes of a request: what is called and the body as JSON, whatever the order of its names."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{target}\n{text}".encode()).digest()


async def acquire(
    connection: Connection, client_id: int, key: str, request: bytes, lease_seconds: float, *, alone: bool
) -> Claim | Answered | Busy:
    """Take the key for `lease_seconds`, or find what became of it. Raises HttpProblem 409 for another request.

    `request` is its fingerprint. `alone`: this is not part of a transaction that stores more.
    """
    attempt = uuid4()
    values = {"client": client_id, "key": key, "fingerprint": request, "attempt": attempt, "lease": lease_seconds}
    if await sql.fetch_optional(connection, _SQL["acquire"], values | {"alone": alone}):
        return Claim(client_id, key, attempt)
    row = await sql.fetch_optional(connection, _SQL["find"], {"client": client_id, "key": key})
    if row is None:  # released this very moment
        return Busy()
    if bytes(row["fingerprint"]) != request:
        raise HttpProblem(409, "Key Used", "This Idempotency-Key was given with another request: send a new key.")
    return Busy() if row["answer"] is None else Answered(row["answer"])


async def is_busy(connection: Connection, client_id: int, key: str) -> bool:
    """Whether another attempt still works on the key: as long as it does, `acquire` would say so, too."""
    return bool(await sql.fetch_value(connection, _SQL["is_busy"], {"client": client_id, "key": key}))


async def finish(connection: Connection, claim: Claim, answer: dict[str, Any]) -> bool:
    """Put the answer under the key; False, and nothing changes, when the key is not ours any more.

    Call it in the transaction that stores what the answer reports, and roll that back when this is False.
    """
    values = {**vars(claim), "answer": json.dumps(answer, ensure_ascii=False)}
    return (await connection.execute(_SQL["finish"], values)).rowcount == 1


async def release(connection: Connection, claim: Claim) -> None:
    """Give a key back under which there will be no answer, so that it can be tried again."""
    await connection.execute(_SQL["release"], vars(claim))
