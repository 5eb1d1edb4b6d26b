"""Start to first answer and peak memory of every function, against an empty functions-framework target."""

import itertools
import json
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from psycopg.rows import DictRow, dict_row

from infra.local import postgres
from shared import config
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.credentials import secrets
from shared.credentials.secrets import telegram_webhook_secrets
from tests.benchmarks import payload, servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median
from tests.helpers import arrange, canaries, learning
from tests.helpers.serving import ROOT, free_port

EMPTY = "asgi_empty"
GOALS = {"time": "<= 1.6", "memory": "<= 1.4", "peak_memory_mb": "< 90"}
TIMEOUT_SECONDS = 30.0
CLIENT_TOKEN = f"{canaries.CLIENT_TOKEN}cold".ljust(43, "-")  # as long as any
SETTLE_SECONDS = 0.3  # what a function does after its answer (a poke) belongs to its memory

_numbers = itertools.count()


@dataclass(frozen=True)
class Request:
    """The first request to a function."""

    path: str = "/"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    status: int = 200


@dataclass(frozen=True)
class Start:
    """One cold start."""

    seconds: float
    megabytes: float


def first_request(name: str) -> Request:
    """A real one, with an effect. Whatever a scheduler calls is asked for a tick.

    No outside service is called by any: serve_media opens a true link, and asks the database for a bot that is gone;
    agent_reply stores nothing and passes on another agent's reply; salon_pages shows that a link is over.
    """
    if name == "ingest_webhook":
        return Request(f"/getcourse/school?secret={canaries.SOURCE_SECRET}", payload.body(f"C{next(_numbers)}"))
    if name == "telegram_webhook":
        secret = telegram_webhook_secrets(arrange.SECRETS_KEY, "school", version=1, age=None)[0]
        start = {"update_id": next(_numbers), "message": {"chat": {"id": 700_000_001}, "text": "/start"}}
        return Request("/school", json.dumps(start), {"X-Telegram-Bot-Api-Secret-Token": secret})
    if name == "serve_media":
        return Request(_link_of_nobody(), method="GET", status=404)
    if name == "agent_reply":
        body = json.dumps({"user_message": "Как быть?", "reply": "Так и быть."})
        return Request("/agents/mentor_chat/v1/reply", body, {"Authorization": f"Bearer {CLIENT_TOKEN}"})
    if name == "learning_api":
        return Request("/tracks", headers={"Authorization": f"Bearer {CLIENT_TOKEN}"}, method="GET")
    if name == "salon_pages":
        return Request(f"/enter/{next(_numbers):A>43}", method="GET", status=404)
    return Request()


def _link_of_nobody() -> str:
    environ = {"DATABASE_URL": "postgresql://nobody@127.0.0.1/none", "MEDIA_URL": "http://127.0.0.1"}
    settings = config.load({**environ, "SECRETS_KEY": arrange.SECRETS_KEY})
    made = media_links.link(settings, Reference(999_999, "telegram", f"C{next(_numbers)}"), "a.pdf", datetime.now(UTC))
    return (made or "").removeprefix(environ["MEDIA_URL"])


def measure(plan: Plan) -> Result:
    """Start every function and the empty target in turn."""
    names = sorted(path.parent.name for path in (ROOT / "functions").glob("*/main.py"))
    with servers.database() as url:
        arrange_database(url)
        starts = {EMPTY: partial(_start, servers.PEERS / f"{EMPTY}.py", EMPTY, url, plan.printed)}
        starts |= {
            name: partial(_start, servers.function(name), name, own_database(url, name), plan.printed) for name in names
        }
        try:
            for start in starts.values():
                start()  # bytecode and file cache
            measured = plan.interleave("cold", starts)
        finally:
            for name in names:
                postgres.drop_database(url, own_name(url, name))
    seconds = {name: statistics.median(start.seconds for start in runs) for name, runs in measured.items()}
    memory = {name: statistics.median(start.megabytes for start in runs) for name, runs in measured.items()}
    slowest, largest = (max(names, key=values.__getitem__) for values in (seconds, memory))
    figures: dict[str, float | str] = {f"{name}_ms": median([seconds[name] * 1000]) for name in (EMPTY, *names)}
    figures |= {f"{name}_mb": median([memory[name]]) for name in (EMPTY, *names)}
    figures |= {"slowest": slowest, "largest": largest, "peak_memory_mb": median([memory[largest]])}
    ratios = {
        "time": median([seconds[slowest] / seconds[EMPTY]]),
        "memory": median([memory[largest] / memory[EMPTY]]),
    }
    return Result("cold", figures, ratios, GOALS)


def arrange_database(url: str) -> None:
    """A client of the learning system; what else first requests need is there."""
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        arrange_client(connection)


def arrange_client(connection: psycopg.Connection[DictRow]) -> None:
    """The client whose token first requests bear."""
    client = learning.insert(connection, "learning.clients", name="cold")
    connection.execute(
        "insert into learning.client_tokens (client_id, slot, token_hash) values (%s, 1, %s)",
        (client, secrets.hash_secret(CLIENT_TOKEN)),
    )


def own_name(url: str, name: str) -> str:
    return f"{url.split('?', maxsplit=1)[0].rpartition('/')[2]}_{name}"


def own_database(url: str, name: str) -> str:
    """A database of the function's own: what one stores must not be another's work."""
    with psycopg.connect(url) as connection:
        template = connection.info.dbname
    return postgres.create_database(postgres.named(url, "postgres"), own_name(url, name), template)


def _start(source: Path, name: str, url: str, printed: Path) -> Start:
    """Start it and ask until it answers."""
    settings = {
        "DATABASE_URL": url,
        "CRON_SECRET": canaries.CRON_SECRET,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "POKE": f"http:http://127.0.0.1:{free_port()}",
        **servers.ASGI,
    }
    started = time.perf_counter()
    running = servers.start(source, name, printed, **settings)
    try:
        request = first_request(name)
        status = _ask(running, request)
        seconds = time.perf_counter() - started
        if status != request.status:
            raise BenchmarkError(f"{name} answered {status}: is its first request in cold.py a real one?")
        time.sleep(SETTLE_SECONDS)
        return Start(seconds, servers.peak_memory_mb(running))
    finally:
        servers.stop(running)


def _ask(running: servers.Running, request: Request) -> int:
    """The status of the first answer."""
    end = time.monotonic() + TIMEOUT_SECONDS
    connection = HTTPConnection("127.0.0.1", running.port, timeout=TIMEOUT_SECONDS)
    while True:
        try:
            connection.connect()
            break
        except ConnectionRefusedError:
            if running.process.poll() is not None or time.monotonic() > end:
                raise BenchmarkError(f"{running.output.stem} did not start: see {running.output}") from None
            time.sleep(0.002)
    headers = {"Content-Type": "application/json", "X-Cron-Secret": canaries.CRON_SECRET, **request.headers}
    connection.request(request.method, request.path, request.body.encode(), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
