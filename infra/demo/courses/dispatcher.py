"""A dispatcher in a process of its own, which a story kills: python -m infra.demo.courses.dispatcher."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from functions.dispatch_notifications.run import Run
from infra.demo.setup import gateways
from shared import config, logs
from shared.channels import router
from shared.database.pool import Database

if TYPE_CHECKING:
    from infra.demo.stack import Stack
    from infra.demo.world import World

SETTINGS = ("database_url", "lease_seconds", "log_level", *router.SETTINGS)
LEASE_SECONDS = 2.0  # when they are over, another dispatcher sends what this one had claimed
RUN_SECONDS, PAUSE_SECONDS = 60.0, 0.05
READY = "ready\n"


def settings_of(stack: "Stack | World") -> dict[str, str]:
    """What such a process needs of a stack."""
    return {
        "DATABASE_URL": stack.database_url,
        "SECRETS_KEY": stack.keys.secrets_key,
        **gateways(stack.sandbox.url),
    }


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
