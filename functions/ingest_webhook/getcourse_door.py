"""GetCourse's door: secret, method, size, parse, store, answer (protocols: 1a, 1b)."""

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import getcourse, reading, store
from shared import http, logs
from shared.batch import GroupCommit
from shared.db import Database
from shared.poke import Poke
from shared.sources import Sources

MOST_BYTES = 256_000
SECRET_HEADERS = ("x-webhook-secret", "x-getcourse-secret")


class GetcourseDoor:
    """Takes in what schools tell."""

    def __init__(self, database: Database, poke: Poke) -> None:
        """`poke` wakes the dispatcher."""
        self._sources = Sources(database, "getcourse")
        self._writer = GroupCommit(store.Writer(database).write)
        self._poke = poke

    async def take_in(self, request: Request, name: str) -> Response:
        """GET or POST `/getcourse/{name}`."""
        query, offered = reading.split_query(http.query(request))
        for header in SECRET_HEADERS:
            offered = request.headers.get(header) or offered
        source = await self._sources.authenticate(name, offered)
        http.require_method(request, "GET", "POST")

        body = await http.read_body(request, MOST_BYTES)
        delivery = reading.Delivery(query, body, request.headers.get("content-type", ""))
        records = getcourse.understand(delivery, source)
        tally = await self._writer.submit(store.Arrival(source.id, logs.correlation_id.get(), delivery, records))
        logs.info("webhook_stored", source=source.name, **tally)
        if tally["stored"]:
            await self._poke(source.bot_id)
        if hostile := getcourse.hostile(records):
            return http.problem(400, "Not Readable", hostile)
        return http.json_answer(tally)
