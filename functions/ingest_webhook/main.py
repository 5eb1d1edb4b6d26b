"""The door: by its first word a path leads to a provider's own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook.getcourse.handler import GetcourseHandler
from shared import config, logs
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import Unauthenticated
from shared.http import responses

if TYPE_CHECKING:
    from functions.ingest_webhook.whatsapp.handler import WhatsappHandler
    from functions.ingest_webhook.yclients.handler import YclientsHandler

NAME = "ingest_webhook"

_settings = config.settings()
logs.setup(_settings.log_level)
_database = Database(_settings.database_url)
_poke = Poke(_settings.poke, _settings.cron_secret)
_getcourse = GetcourseHandler(_database, _poke)


async def ingest_webhook(request: Request) -> Response:
    """GET or POST `/getcourse/{source}`, `/whatsapp/{source}` or `/yclients/{source}`. Answers what was stored."""
    return await responses.handle(NAME, request, _route)


async def _route(request: Request) -> Response:
    provider, _, rest = responses.path(request).strip("/").partition("/")
    if provider == "getcourse":
        return await _getcourse.take_in(request, rest)
    if provider == "whatsapp":
        return await _whatsapp().take_in(request, rest)
    if provider == "yclients":
        return await _yclients().take_in(request, rest)
    raise Unauthenticated


@cache
def _whatsapp() -> WhatsappHandler:
    from functions.ingest_webhook.whatsapp.handler import WhatsappHandler  # noqa: PLC0415 - 50 ms that schools need not pay

    poke_answers = Poke(_settings.poke_answers, _settings.cron_secret)
    return WhatsappHandler(_database, _settings, _poke, poke_answers)


@cache
def _yclients() -> YclientsHandler:
    from functions.ingest_webhook.yclients.handler import YclientsHandler  # noqa: PLC0415 - schools need it not

    return YclientsHandler(_database)
