"""Called by Telegram with each update of a bot."""

from starlette.requests import Request
from starlette.responses import Response

from functions.telegram_webhook.handler import TelegramHandler
from shared.channels import media_links
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http import responses
from shared.http.function import Function, entry_point
from shared.http.health import with_health

NAME = "telegram_webhook"


def create(settings: Settings) -> Function:
    """The function: POST `/{bot}`, or `/telegram_webhook/{bot}`, as `carillon bots set-webhook` registers it."""
    database = Database(settings.database_url)
    telegram = TelegramHandler(settings, database, Poke(settings.poke, settings.cron_secret))

    async def handler(request: Request) -> Response:
        return await responses.handle(NAME, request, telegram.handle)

    return Function(with_health(NAME, database, handler), database.close)


NEEDS = ("database_url", "cron_secret", "poke", "log_level", "salon_pages_url", *media_links.SETTINGS)
__getattr__ = entry_point(NAME, NEEDS, create)
