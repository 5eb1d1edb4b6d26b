"""Called by webhook providers. The first part of a path is the provider, whose handler takes the request."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from functions.ingest_webhook.getcourse.handler import GetcourseHandler
from shared.channels import media_links
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import Unauthenticated
from shared.http import requests, responses
from shared.http.function import Function, entry_point
from shared.http.health import with_health

if TYPE_CHECKING:
    from functions.ingest_webhook.whatsapp.handler import WhatsappHandler
    from functions.ingest_webhook.yclients.handler import YclientsHandler

NAME = "ingest_webhook"


def create(settings: Settings) -> Function:
    """The function: GET or POST `/{provider}/{source}`. Answers what was stored."""
    database = Database(settings.database_url)
    poke = Poke(settings.poke, settings.cron_secret)
    getcourse = GetcourseHandler(database, poke)

    @cache
    def whatsapp() -> WhatsappHandler:
        from functions.ingest_webhook.whatsapp.handler import WhatsappHandler  # noqa: PLC0415 - 50 ms, not for schools

        return WhatsappHandler(database, settings, poke, Poke(settings.poke_answers, settings.cron_secret))

    @cache
    def yclients() -> YclientsHandler:
        from functions.ingest_webhook.yclients.handler import YclientsHandler  # noqa: PLC0415 - the same

        return YclientsHandler(database)

    async def route(request: Request) -> Response:
        provider, _, source = requests.path(request, NAME).strip("/").partition("/")
        if provider == "getcourse":
            return await getcourse.handle(request, source)
        if provider == "whatsapp":
            return await whatsapp().handle(request, source)
        if provider == "yclients":
            return await yclients().handle(request, source)
        raise Unauthenticated

    async def handler(request: Request) -> Response:
        return await responses.handle(NAME, request, route)

    return Function(with_health(NAME, database, handler), database.close)


NEEDS = ("database_url", "cron_secret", "poke", "poke_answers", "log_level", *media_links.SETTINGS)
__getattr__ = entry_point(NAME, NEEDS, create)
