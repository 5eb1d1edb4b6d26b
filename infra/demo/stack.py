"""Everything of Carillon on this machine: database, functions, scheduler, stand-ins."""

import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from infra.demo import guard
from infra.demo.examples import EXAMPLES
from infra.demo.inside.freezing import Proxy, proxied
from infra.demo.inside.killing import Gate
from infra.demo.learning.example import origins
from infra.demo.setup import gateways
from infra.local import postgres, scheduler, server
from infra.local.keys import Keys
from infra.local.schedules import read_schedules
from infra.local.web_server import address, listen_near
from infra.sandbox import server as sandbox_server
from infra.sandbox.server import SandboxServer
from migrations import runner
from shared import config, logs
from shared.http.function import Function

FUNCTIONS_PORT, SANDBOX_PORT = 8080, 8081
DISPATCHER = "dispatch_notifications"


@dataclass(frozen=True)
class Stack:
    """A running demo: where functions and stand-ins answer, and the secrets to call them with."""

    functions_url: str
    sandbox: SandboxServer
    database_url: str
    keys: Keys
    gate: Gate  # in front of the dispatcher
    database_proxy: Proxy  # between the functions and the database


@contextmanager
def database(name: str, *, anew: bool, typed: bool) -> Iterator[str]:
    """The address of a migrated database called `name`; `typed` says that somebody meant this very one.

    Raises AdminError, ConfigError, TooOld, Busy, psycopg.Error.
    """
    guard.check_server()
    with postgres.server() as server_url, postgres.reserved(server_url, name):
        guard.check(server_url, name, typed=typed)
        if anew:
            postgres.drop_database(server_url, name)
        url = postgres.create_database(server_url, name)
        runner.upgrade(url)
        if anew or not typed:
            guard.mark(url)
        yield url


@asynccontextmanager
async def running(
    database_url: str, keys: Keys, *, freezable: bool = True, chats: Path | None = None
) -> AsyncIterator[Stack]:
    """The stand-ins, all functions and the scheduler, in this event loop. Raises FolderError.

    `freezable`: the functions reach the database through a proxy, which costs a little of each statement; `chats`: the
    folder in which the stand-ins' chats are kept until the next time.
    """
    listener = listen_near(FUNCTIONS_PORT)
    async with (
        proxied(database_url) if freezable else nullcontext(Proxy(database_url)) as proxy,
        sandbox_server.running(last_id=time.time_ns(), listener=listen_near(SANDBOX_PORT), folder=chats) as sandbox,
    ):
        for example in EXAMPLES:
            example.connect(sandbox, keys, address(listener))
        settings = config.load({**os.environ, **environment(proxy.url, keys, sandbox.url, address(listener))})
        logs.setup(settings.log_level)
        functions = server.create_functions(settings)
        gate = Gate(functions[DISPATCHER].handler)
        functions[DISPATCHER] = Function(gate.handler, functions[DISPATCHER].close)
        async with (
            server.serving(functions, listener) as url,
            scheduler.running(read_schedules(), url, keys.cron_secret),
        ):
            yield Stack(url, sandbox, database_url, keys, gate, proxy)


def pages_url(functions_url: str) -> str:
    """Where the salon owner's pages are. By this name browsers keep a cookie for https alone over http, too."""
    return f"{functions_url.replace('127.0.0.1', 'localhost')}/salon_pages"


def environment(database_url: str, keys: Keys, sandbox_url: str, functions_url: str) -> dict[str, str]:
    """What functions are told: the stand-ins in place of the services outside."""
    return {
        "DATABASE_URL": database_url,
        "DATABASE_DIRECT_URL": database_url,
        "SECRETS_KEY": keys.secrets_key,
        "CRON_SECRET": keys.cron_secret,
        **gateways(sandbox_url),
        "LLM_API_URL": f"{sandbox_url}/model/v1",
        "LLM_API_KEY": "sandbox",
        "LLM_MODEL": "sandbox",
        "YCLIENTS_API_URL": f"{sandbox_url}/yclients",
        "YCLIENTS_PARTNER_TOKEN": "sandbox",
        "CORS_ORIGINS": origins(sandbox_url),
        "MEDIA_URL": f"{functions_url}/serve_media",
        "SALON_PAGES_URL": pages_url(functions_url),
        "POKE": f"http:{functions_url}/dispatch_notifications",
        "POKE_ANSWERS": f"http:{functions_url}/answer_conversations",
    }
