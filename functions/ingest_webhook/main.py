"""The door: method, size, secret, parse, store, answer."""

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook import getcourse, reading, store
from shared import config, http, logs
from shared.batch import GroupCommit
from shared.db import Database
from shared.errors import Stranger
from shared.poke import Poke
from shared.sources import Sources

NAME = "ingest_webhook"
MOST_BYTES = 256_000
SECRET_HEADERS = ("x-webhook-secret", "x-getcourse-secret")

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_sources = Sources(_database, "getcourse")
_writer = GroupCommit(store.Writer(_database).write)
_poke = Poke(_settings.poke, _settings.cron_secret)


async def ingest_webhook(request: Request) -> Response:
    """GET or POST `/getcourse/{source}` (protocols: 1a, 1b). Answers what was stored, in numbers."""
    return await http.answer(NAME, request, _take_in)


async def _take_in(request: Request) -> Response:
    provider, _, name = http.path(request).strip("/").partition("/")
    if provider != "getcourse":
        raise Stranger
    query, offered = reading.split_query(http.query(request))
    for header in SECRET_HEADERS:
        offered = request.headers.get(header) or offered
    source = await _sources.authenticate(name, offered)
    http.require_method(request, "GET", "POST")

    body = await http.read_body(request, MOST_BYTES)
    delivery = reading.Delivery(query, body, request.headers.get("content-type", ""))
    records = getcourse.understand(delivery, source)
    tally = await _writer.submit(store.Arrival(source.id, logs.correlation_id.get(), delivery, records))
    logs.info("webhook_stored", source=source.name, **tally)
    if tally["stored"]:
        await _poke(source.bot_id)
    if hostile := getcourse.hostile(records):
        return http.problem(400, "Not Readable", hostile)
    return http.json_answer(tally)
