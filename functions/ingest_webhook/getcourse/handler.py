"""GetCourse's door: secret, method, size, parse, store, answer (docs/protocols/getcourse.md)."""

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import request as ingest_webhook_request
from functions.ingest_webhook.getcourse import parse, store
from shared import logs
from shared.credentials.webhook_sources import Sources
from shared.database.group_commit import GroupCommit
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http import requests, responses

MAX_BYTES = 256_000
SECRET_HEADERS = ("x-webhook-secret", "x-getcourse-secret")


class GetcourseHandler:
    """Takes in what schools tell."""

    def __init__(self, database: Database, poke: Poke) -> None:
        """`poke` wakes the dispatcher."""
        self._sources = Sources(database, "getcourse")
        self._writer = GroupCommit(store.Writer(database).write)
        self._poke = poke

    async def handle(self, request: Request, name: str) -> Response:
        """GET or POST `/getcourse/{name}`."""
        query, offered = ingest_webhook_request.split_query(requests.query(request))
        for header in SECRET_HEADERS:
            offered = request.headers.get(header) or offered
        source = await self._sources.authenticate(name, offered)
        requests.require_method(request, "GET", "POST")

        body = await requests.read_body(request, MAX_BYTES)
        delivery = ingest_webhook_request.WebhookRequest(query, body, request.headers.get("content-type", ""))
        records = parse.parse(delivery, source)
        tally = await self._writer.submit(store.ParsedRequest(source.id, logs.correlation_id.get(), delivery, records))
        logs.info("webhook_stored", source=source.name, **tally)
        if tally["stored"]:
            await self._poke(source.bot_id)
        if hostile := parse.rejection_reason(records):
            return responses.problem_response(400, "Not Readable", hostile)
        return responses.json_response(tally)
