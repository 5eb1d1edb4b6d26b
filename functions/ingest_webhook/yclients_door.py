"""YClients' door (protocols: section 4): who calls, which record, make its booking due, answer.

Hooks come once, in any order, partial and unsigned, so nothing that they say of a record counts, only which it is.
"""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import reading, store
from functions.ingest_webhook.getcourse import NotUnderstood
from functions.ingest_webhook.yclients_store import Arrival, Hint, Writer
from shared import http, logs
from shared.batch import GroupCommit
from shared.db import Database
from shared.sources import Source, Sources
from shared.yclients import whole

MOST_BYTES = 1_000_000
SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - its name
NO_TENANT = "the source names no salon: carillon sources add yclients NAME --tenant …"

_TENANT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class YclientsDoor:
    """Takes in what changed in a salon's records."""

    def __init__(self, database: Database) -> None:
        """`database` has the sources and the bookings."""
        self._sources = Sources(database, "yclients")
        self._writer = GroupCommit(Writer(database).write)

    async def take_in(self, request: Request, name: str) -> Response:
        """POST `/yclients/{name}`."""
        query, offered = reading.split_query(http.query(request))
        source = await self._sources.authenticate(name, request.headers.get(SECRET_HEADER) or offered)
        http.require_method(request, "POST")

        body = await http.read_body(request, MOST_BYTES)
        delivery = reading.Delivery(query, body, request.headers.get("content-type", ""))
        record = understand(delivery, source)
        unread = [record] if isinstance(record, NotUnderstood) else []
        aside = store.Arrival(source.id, logs.correlation_id.get(), delivery, unread)
        tally = await self._writer.submit(Arrival(aside, record if isinstance(record, Hint) else None))
        logs.info("webhook_stored", source=source.name, **tally)
        if isinstance(record, NotUnderstood) and record.hostile:
            return http.problem(400, "Not Readable", record.reason)
        return http.json_answer(tally)


def understand(delivery: reading.Delivery, source: Source) -> Hint | NotUnderstood | None:
    """Which booking changed; None when the hook is of something else."""
    try:
        content = reading.read(delivery).content
    except reading.Unreadable as unreadable:
        return NotUnderstood(str(unreadable), hostile=isinstance(unreadable, reading.Hostile))
    if not isinstance(content, dict) or not isinstance(content.get("resource"), str):
        return NotUnderstood("a hook is an object that names its resource")
    if content["resource"] != "record":
        return None
    number = _record_id(content)
    if number is None or number <= 0:
        return NotUnderstood("a hook of a record has its number in resource_id")
    tenant = str(source.field_map.get("tenant_id") or "")
    return Hint(tenant, str(number)) if _TENANT.fullmatch(tenant) else NotUnderstood(NO_TENANT)


def _record_id(content: dict[str, Any]) -> int | None:
    data = content.get("data")
    told = content.get("resource_id")
    if told is None and isinstance(data, dict):
        told = data.get("id")
    return None if isinstance(told, bool) else whole(told)
