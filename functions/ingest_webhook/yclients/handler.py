"""YClients' webhooks (docs/protocols/yclients.md): secret, method, size, parse, make bookings due, answer."""

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import inbox
from functions.ingest_webhook.large_requests import RequestWriter, sum_counts
from functions.ingest_webhook.refusals import Refusals
from functions.ingest_webhook.request import WebhookRequest, split_query
from functions.ingest_webhook.yclients.parse import parse
from functions.ingest_webhook.yclients.store import Writer
from shared import logs
from shared.credentials.webhook_sources import Source, Sources
from shared.database.pool import Database
from shared.http import requests

MAX_BYTES = 1_000_000
SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - its name


class YclientsHandler:
    """Makes the bookings due whose records changed in YClients."""

    def __init__(self, database: Database) -> None:
        """`database` has the sources and the bookings."""
        self._sources = Sources(database, "yclients")
        self._refusals = Refusals(database)
        self._writer = RequestWriter(Writer(database).write)

    async def handle(self, request: Request, name: str) -> Response:
        """POST `/yclients/{name}`."""
        query, secret = split_query(requests.query(request))
        source = await self._sources.authenticate(name, request.headers.get(SECRET_HEADER) or secret)
        return await self._refusals.counted(source.id, self._store(request, source, query))

    async def _store(self, request: Request, source: Source, query: str) -> Response:
        """Answers what was stored. Raises HttpProblem 400 after what no honest sender makes was kept."""
        requests.require_method(request, "POST")
        body = await requests.read_body(request, MAX_BYTES)
        webhook = WebhookRequest(query, body, request.headers.get("content-type", ""))
        pieces, records = await self._writer.store(parse, webhook, source)
        counts = sum_counts(pieces)
        logs.info("webhook_stored", source=source.name, **counts)
        return inbox.response(records, counts)
