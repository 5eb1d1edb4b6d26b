"""A dispatcher in a process of its own, which a story kills: python -m infra.demo.courses.dispatcher."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping

from functions.dispatch_notifications.run import Run
from shared import config, logs
from shared.database.pool import Database

SETTINGS = ("database_url", "secrets_key", "telegram_api_url", "send_deadline_seconds", "lease_seconds", "log_level")
LEASE_SECONDS = 2.0  # when they are over, another dispatcher sends what this one had claimed
RUN_SECONDS, PAUSE_SECONDS = 60.0, 0.05
READY = "ready\n"


async def start(settings: Mapping[str, str]) -> "subprocess.Popen[str]":
    """The process, once it polls; `settings` are what it needs of a function's environment."""
    own = {"LOG_LEVEL": "ERROR", "SEND_DEADLINE_SECONDS": str(LEASE_SECONDS / 2), "LEASE_SECONDS": str(LEASE_SECONDS)}
    environment = {**os.environ, **settings, **own}
    process = subprocess.Popen(  # noqa: ASYNC220 - a module of ours; a process is there at once
        [sys.executable, "-m", "infra.demo.courses.dispatcher"], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    await asyncio.to_thread(process.stdout.readline)
    return process


async def _poll() -> None:
    settings = config.load(os.environ, SETTINGS)
    logs.setup(settings.log_level)
    database = Database(settings.database_url)
    sys.stdout.write(READY)
    sys.stdout.flush()
    while True:
        await Run(database, settings, RUN_SECONDS).run()
        await asyncio.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    asyncio.run(_poll())
