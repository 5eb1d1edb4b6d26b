"""Called by the scheduler every minute, and poked after inbound messages; one run at a time in this process."""

from starlette.requests import Request

from functions.answer_conversations.run import Run
from shared.clients import llm
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "answer_conversations"
BUDGET = Budget(25.0, every=60.0)


def create(settings: Settings) -> Function:
    """The function. Answers `{"done", "remaining", "answered", "handed_over", "quiet"}` in conversations."""
    database = Database(settings.database_url, size=3)
    poke = Poke(settings.poke, settings.cron_secret)
    runs: set[Run] = set()

    async def run_once(_request: Request, seconds: float) -> Report | None:
        if any(other.join() for other in runs):
            return None
        own = Run(database, settings, poke, seconds)
        runs.add(own)
        try:
            return await own.run()
        finally:
            runs.discard(own)

    return scheduled(NAME, settings, database, run_once, BUDGET)


__getattr__ = entry_point(NAME, (*SETTINGS, "poke", *llm.SETTINGS), create)
