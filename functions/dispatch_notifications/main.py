"""Called by the scheduler every minute, and poked after commits; one run at a time, ended by SIGTERM."""

from starlette.requests import Request

from functions.dispatch_notifications.outbox.backlog import SafetyNet
from functions.dispatch_notifications.run import Run
from functions.dispatch_notifications.shutdown import SigtermHook
from shared.channels import router
from shared.config import Settings
from shared.database.pool import Database
from shared.http import requests
from shared.http.function import Function, entry_point
from shared.http.scheduled import SETTINGS, Budget, Report, scheduled

NAME = "dispatch_notifications"
BUDGET = Budget(35.0, every=60.0)


def create(settings: Settings) -> Function:
    """The function, with `?bot=` for one bot alone. Answers `{"done", "remaining", …}`."""
    database = Database(settings.database_url, size=3)
    runs: set[Run] = set()
    safety_net = SafetyNet()

    def end_all() -> None:
        for run in tuple(runs):
            run.end()

    sigterm = SigtermHook(end_all)

    async def run(request: Request, seconds: float) -> Report | None:
        bot_id = requests.whole_number(request, "bot")
        if any(other.join(bot_id) for other in runs):
            return None
        sigterm.install()
        this = Run(database, settings, seconds, bot_id, safety_net)
        runs.add(this)
        try:
            return await this.run()
        finally:
            runs.discard(this)

    return scheduled(NAME, settings, database, run, BUDGET)


__getattr__ = entry_point(NAME, (*SETTINGS, *router.SETTINGS, "lease_seconds"), create)
