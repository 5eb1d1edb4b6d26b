"""YClients' door (docs/protocols/yclients.md, Webhooks): who calls, which record, make its booking due, answer.

Hooks come once, in any order, partial and unsigned, so nothing that they say of a record counts, only which it is.
"""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import request as ingest_webhook_request
from functions.ingest_webhook.getcourse import store
from functions.ingest_webhook.getcourse.parse import Unparsed
from functions.ingest_webhook.yclients.store import Hint, ParsedRequest, Writer
from shared import logs
from shared.credentials.webhook_sources import Source, Sources
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database
from shared.http import requests, responses
from shared.payload.values import coerced_integer

MAX_BYTES = 1_000_000
SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - its name
NO_TENANT = "the source names no salon: carillon sources add yclients NAME --tenant …"

_TENANT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class YclientsHandler:
    """Takes in what changed in a salon's records."""

    def __init__(self, database: Database) -> None:
        """`database` has the sources and the bookings."""
        self._sources = Sources(database, "yclients")
        self._writer = GroupCommit(Writer(database).write)

    async def handle(self, request: Request, name: str) -> Response:
        """POST `/yclients/{name}`."""
        query, offered = ingest_webhook_request.split_query(requests.query(request))
        source = await self._sources.authenticate(name, request.headers.get(SECRET_HEADER) or offered)
        requests.require_method(request, "POST")

        body = await requests.read_body(request, MAX_BYTES)
        delivery = ingest_webhook_request.WebhookRequest(query, body, request.headers.get("content-type", ""))
        record = parse(delivery, source)
        unread = [record] if isinstance(record, Unparsed) else []
        aside = store.ParsedRequest(source.id, logs.correlation_id.get(), delivery, unread)
        tally = await self._writer.submit(ParsedRequest(aside, record if isinstance(record, Hint) else None))
        logs.info("webhook_stored", source=source.name, **tally)
        if isinstance(record, Unparsed) and record.hostile:
            return responses.problem_response(400, "Not Readable", record.reason)
        return responses.json_response(tally)


def parse(delivery: ingest_webhook_request.WebhookRequest, source: Source) -> Hint | Unparsed | None:
    """Which booking changed; None when the hook is of something else."""
    try:
        content = ingest_webhook_request.read(delivery).content
    except ingest_webhook_request.MalformedPayload as unreadable:
        return Unparsed(str(unreadable), hostile=isinstance(unreadable, ingest_webhook_request.RejectedPayload))
    if not isinstance(content, dict) or not isinstance(content.get("resource"), str):
        return Unparsed("a hook is an object that names its resource")
    if content["resource"] != "record":
        return None
    number = _record_id(content)
    if number is None or number <= 0:
        return Unparsed("a hook of a record has its number in resource_id")
    tenant = str(source.field_map.get("tenant_id") or "")
    return Hint(tenant, str(number)) if _TENANT.fullmatch(tenant) else Unparsed(NO_TENANT)


def _record_id(content: dict[str, Any]) -> int | None:
    data = content.get("data")
    told = content.get("resource_id")
    if told is None and isinstance(data, dict):
        told = data.get("id")
    return None if isinstance(told, bool) else coerced_integer(told)
