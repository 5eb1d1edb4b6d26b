"""GetCourse's webhooks: secret, method, size, parse, store, answer (docs/protocols/getcourse.md)."""

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import large_requests
from functions.ingest_webhook.getcourse.parse import parse
from functions.ingest_webhook.getcourse.store import Writer
from functions.ingest_webhook.inbox import rejection_reason
from functions.ingest_webhook.large_requests import RequestWriter
from functions.ingest_webhook.refusals import Refusals
from functions.ingest_webhook.request import ParsedRequest, WebhookRequest, split_query
from shared import logs
from shared.credentials.webhook_sources import Source, Sources
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import HttpProblem
from shared.http import requests, responses

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
        async with self._refusals.counted(source.id):
            requests.require_method(request, "GET", "POST")
            body = await requests.read_body(request, MAX_BYTES)
            webhook = WebhookRequest(query, body, request.headers.get("content-type", ""))
            return await self._store(source, webhook)

    async def _store(self, source: Source, webhook: WebhookRequest) -> Response:
        """Answers what was stored. Raises HttpProblem 400 after what no honest sender makes was kept."""
        kept, records = await large_requests.parse(parse, webhook, source)
        pieces = await self._writer.submit(ParsedRequest(source.id, logs.correlation_id.get(), kept, records))
        counts = large_requests.sum_counts(pieces)
        logs.info("webhook_stored", source=source.name, **counts)
        if counts["stored"]:
            await self._poke(source.bot_id)
        if reason := rejection_reason(records):
            raise HttpProblem(400, "Not Readable", reason)
        return responses.json_response(counts)
