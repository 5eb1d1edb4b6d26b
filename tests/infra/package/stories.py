"""The stories of the demo, with Lambdas in the place of its functions, their queues, and a database login for each."""

import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console

from infra.admin import logins
from infra.admin.database import connect
from infra.demo import stack
from infra.demo.examples import EXAMPLES
from infra.demo.inside.freezing import Proxy
from infra.demo.inside.killing import Gate
from infra.demo.player import play_story
from infra.demo.stack import Stack
from infra.demo.stories import CHAPTERS
from infra.demo.world import World
from infra.local import server
from infra.local.keys import Keys
from infra.local.web_server import address, listen
from infra.sandbox import server as sandbox_server
from shared.database.pool import Database
from tests.helpers.queues import fifo, sqs
from tests.infra.package import gateway
from tests.infra.package.conftest import PLAYED

# A part of each, so that few functions have to be packed and started; make demo plays them whole.
STORY = [*CHAPTERS["getcourse"][:4], *CHAPTERS["support"][:4], *CHAPTERS["salon"][:1]]
# A loaded machine may take more than the example's second for what belongs together.
GATHER_FOR_LONGER = (
    "update platform.webhook_sources set collapse_seconds = 4 where collapse_seconds > 0",
    "update support.client_settings set gather_seconds = 4",
)
STEP_SECONDS = 60.0  # how long a step may wait; no step needs it


@contextmanager
def logins_of(url: str) -> Iterator[dict[str, str]]:
    """The address of the database for each function, in its own name, as `carillon db roles` makes them."""
    prefix = f"t{uuid.uuid4().hex[:8]}"
    with connect(url) as connection:
        made = logins.ensure(connection, url, PLAYED, prefix, None)
        connection.commit()
        try:
            yield {login.function: login.url or "" for login in made}
        finally:
            for login in made:
                connection.execute(f'drop role "{login.name}"'.encode())
            connection.commit()


async def play(database_url: str, unpacked: Path, printed: Path, own: Keys) -> tuple[bool, str]:
    """Play STORY on a migrated database with the Lambdas in `unpacked`; whether all arrived, and the table of it."""
    with connect(database_url) as connection:
        for example in EXAMPLES:
            example.seed(connection, own)
        for statement in GATHER_FOR_LONGER:
            connection.execute(statement)
    listener = listen(0)
    with logins_of(database_url) as urls, sqs(printed) as endpoint:
        pokes, bursts = fifo(endpoint), fifo(endpoint)
        async with sandbox_server.running(0, time.time_ns()) as sandbox:
            for example in EXAMPLES:
                example.connect(sandbox, own, address(listener))
            told = stack.environment(database_url, own, sandbox.url, address(listener))
            told |= {**pokes.environment, "POKE_ANSWERS": bursts.environment["POKE"]}
            environments = {name: {**told, "DATABASE_URL": urls[name]} for name in PLAYED}
            async with (
                gateway.running(unpacked, printed, environments) as lambdas,
                gateway.delivering(
                    (pokes, lambdas["dispatch_notifications"]), (bursts, lambdas["answer_conversations"])
                ),
                server.serving(
                    served := {name: gateway.served(name, made) for name, made in lambdas.items()}, listener
                ) as url,
                httpx.AsyncClient(base_url=url, timeout=STEP_SECONDS, trust_env=False) as http,
            ):
                database = Database(database_url)
                gate = Gate(served["dispatch_notifications"].handler)
                world = World(
                    Stack(url, sandbox, database_url, own, gate, Proxy(database_url)), http, database, STEP_SECONDS
                )
                console = Console(file=io.StringIO(), width=160, record=True)
                arrived = await play_story(STORY, world, console)
                await database.close()
    return arrived, console.export_text()
