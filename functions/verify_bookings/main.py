"""Called by the scheduler every five minutes."""

from starlette.requests import Request

from functions.verify_bookings import run
from shared.clients.http import HttpClient
from shared.clients.network import network_of
from shared.clients.yclients import YClients
from shared.config import Settings
from shared.database.pool import Database
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "verify_bookings"
BUDGET = Budget(50.0, every=300.0, maximum=300.0)
RESPONSE_SECONDS = 10.0  # of one call; a run that begins its last one in time ends before the platform ends it


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining", "taken_in", "verified", "changed", "failed"}`."""
    database = Database(settings.database_url)

    async def run_once(_request: Request, seconds: float) -> Report:
        client = HttpClient(min(RESPONSE_SECONDS, settings.send_deadline_seconds), network_of(settings))
        try:
            partner = settings.yclients_partner_token
            yclients = YClients(client, settings.yclients_api_url, partner) if partner else None
            return await run.run(database, yclients, settings.secrets_key, seconds)
        finally:
            await client.close()

    return scheduled(NAME, settings, database, run_once, BUDGET)


NEEDS = (
    *SETTINGS, "secrets_key", "yclients_api_url", "yclients_partner_token", "yclients_proxy", "send_deadline_seconds",
    "ca_file",
)  # fmt: skip
__getattr__ = entry_point(NAME, NEEDS, create)
