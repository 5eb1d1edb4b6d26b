"""Called by the browsers of salons' owners and staff."""

from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.site.handler import Site
from shared.config import Settings
from shared.database.pool import Database
from shared.http import responses
from shared.http.function import Function, entry_point
from shared.http.health import with_health

NAME = "salon_pages"
UNAVAILABLE_HINT = "Call again in a moment."


def create(settings: Settings) -> Function:
    """The function: HTML at `/` and below, its stylesheet at `/static/…`."""
    database = Database(settings.database_url)
    site = Site(settings, database)

    async def handler(request: Request) -> Response:
        return site.as_page(request, await responses.handle(NAME, request, site.answer, UNAVAILABLE_HINT))

    return Function(with_health(NAME, database, handler), site.close)


NEEDS = (
    "database_url", "log_level", "salon_pages_url", "trusted_proxies", "poke", "cron_secret", "telegram_login_url",
    "telegram_login_client_id", "telegram_login_client_secret", "telegram_proxy", "ca_file",
)  # fmt: skip
__getattr__ = entry_point(NAME, NEEDS, create)
