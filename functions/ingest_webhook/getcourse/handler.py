"""GetCourse's webhooks: secret, method, size, parse, store, answer (docs/protocols/getcourse.md)."""

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import inbox
from functions.ingest_webhook.getcourse.parse import parse
from functions.ingest_webhook.getcourse.store import Writer
from functions.ingest_webhook.large_requests import RequestWriter, sum_counts
from functions.ingest_webhook.refusals import Refusals
from functions.ingest_webhook.request import WebhookRequest, split_query
from shared import logs
from shared.credentials.webhook_sources import Source, Sources
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http import requests

MAX_BYTES = 256_000
SECRET_HEADERS = ("x-webhook-secret", "x-getcourse-secret")


class GetcourseHandler:
    """Stores what schools send."""

    def __init__(self, database: Database, poke: Poke) -> None:
        """`poke` wakes the dispatcher."""
        self._sources = Sources(database, "getcourse")
        self._refusals = Refusals(database)
        self._writer = RequestWriter(Writer(database).write)
        self._poke = poke

    async def handle(self, request: Request, name: str) -> Response:
        """GET or POST `/getcourse/{name}`."""
        query, secret = split_query(requests.query(request))
        for header in SECRET_HEADERS:
            secret = request.headers.get(header) or secret
        source = await self._sources.authenticate(name, secret)
        return await self._refusals.counted(source.id, self._store(request, source, query))

    async def _store(self, request: Request, source: Source, query: str) -> Response:
        """Answers what was stored. Raises HttpProblem 400 after what no honest sender makes was kept."""
        requests.require_method(request, "GET", "POST")
        body = await requests.read_body(request, MAX_BYTES)
        webhook = WebhookRequest(query, body, request.headers.get("content-type", ""))
        pieces, records = await self._writer.store(parse, webhook, source)
        counts = sum_counts(pieces)
        logs.info("webhook_stored", source=source.name, **counts)
        if counts["stored"]:
            await self._poke(source.bot_id)
        return inbox.response(records, counts)
