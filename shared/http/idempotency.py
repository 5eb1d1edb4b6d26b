"""One answer per Idempotency-Key (IETF draft idempotency-key-header).

Why it is so: docs/decisions/0012-one-answer-per-idempotency-key.md.

A key is taken before the work and holds the answer after it, in the transaction that stores what the answer tells of.
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
    """The key that the caller gave. Raises Refusal 400."""
    key = request.headers.get(HEADER)
    if key is not None and not (1 <= len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        raise HttpProblem(400, "Bad Key", f"Idempotency-Key has 1 to {MAX_KEY_LENGTH} printable ASCII characters.")
    return key


def fingerprint(place: str, question: Any) -> bytes:
    """32 bytes of what was asked where: `question` as JSON, whatever the order of its names."""
    told = json.dumps(question, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{place}\n{told}".encode()).digest()


async def acquire(
    connection: Connection, client_id: int, key: str, asked: bytes, lease_seconds: float, *, alone: bool
) -> Claim | Answered | Busy:
    """Take the key for `lease_seconds`, or learn what became of it. Raises Refusal 409 for another question.

    `alone`: this is not part of a transaction that stores more.
    """
    attempt = uuid4()
    values = {"client": client_id, "key": key, "asked": asked, "attempt": attempt, "lease": lease_seconds}
    if await (await connection.execute(_SQL["take"], values | {"alone": alone})).fetchone():
        return Claim(client_id, key, attempt)
    row = await (await connection.execute(_SQL["look"], {"client": client_id, "key": key})).fetchone()
    if row is None:  # released this very moment
        return Busy()
    if bytes(row["fingerprint"]) != asked:
        raise HttpProblem(409, "Key Used", "This Idempotency-Key was given with another request: send a new key.")
    return Busy() if row["answer"] is None else Answered(row["answer"])


async def finish(connection: Connection, claim: Claim, answer: dict[str, Any]) -> bool:
    """Put the answer under the key; False, and nothing changes, when the key is not ours any more.

    Call it in the transaction that stores what the answer tells of, and undo that one when it says False.
    """
    values = {**vars(claim), "answer": json.dumps(answer, ensure_ascii=False)}
    return (await connection.execute(_SQL["finish"], values)).rowcount == 1


async def release(connection: Connection, claim: Claim) -> None:
    """Give a key back under which there will be no answer, so that it can be tried again."""
    await connection.execute(_SQL["release"], vars(claim))
