"""What could not be parsed is kept in platform.inbox with the reason, for people and for `carillon replay`.

One family for all providers. No reason holds any input but the ids of accounts. What is called like a secret is not
kept; the hash that tells deliveries apart is of what came.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from functions.ingest_webhook.secret_fields import without_secrets
from shared.database import sql
from shared.errors import HttpProblem
from shared.http import responses
from shared.i18n.shorten import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from functions.ingest_webhook.request import ParsedRequest
    from shared.database.pool import Connection

MAX_CONTENT_TYPE = 200  # characters

_SQL = sql.load(__file__)


class MalformedPayload(Exception):
    """The bytes make no payload; the text says why."""


class RejectedPayload(MalformedPayload):
    """Bytes that no honest sender makes: absurd numbers, bottomless nesting. The caller is told 400."""


@dataclass(frozen=True)
class Unparsed:
    """A record that could not be parsed, and why."""

    reason: str
    is_rejected: bool = False

    @classmethod
    def because_of(cls, error: MalformedPayload) -> Self:
        """The record of a payload that could not be read."""
        return cls(str(error), isinstance(error, RejectedPayload))


PAUSED = Unparsed("the source is paused")  # stands for all that comes during a pause


def response(records: Iterable[object], counts: dict[str, int]) -> Response:
    """What the caller is answered once everything was stored: `counts`.

    Raises HttpProblem 400 where a record is what no honest sender makes.
    """
    for record in records:
        if isinstance(record, Unparsed) and record.is_rejected:
            raise HttpProblem(400, "Not Readable", record.reason)
    return responses.json_response(counts)


async def store_unparsed(connection: Connection, requests: Iterable[ParsedRequest[Any]]) -> None:
    """Keep those of `requests` of which something could not be parsed, whole, each once, with the first reason."""
    rows = [_row(request, unparsed[0].reason) for request in requests if (unparsed := request.records_of(Unparsed))]
    if rows:
        await connection.execute(_SQL["store_unparsed"], {"rows": json.dumps(rows)})


def _row(request: ParsedRequest[Any], reason: str) -> dict[str, object]:
    webhook = request.webhook
    return {
        "source_id": request.source_id,
        "correlation_id": request.correlation_id,
        "reason": reason,
        "content_type": shorten(webhook.content_type, MAX_CONTENT_TYPE) or None,
        "query": base64.b64encode(without_secrets(webhook.query_bytes)).decode(),
        "body": base64.b64encode(without_secrets(webhook.body)).decode(),
        "delivery_hash": hashlib.sha256(webhook.query_bytes + b"\n" + webhook.body).hexdigest(),
    }
