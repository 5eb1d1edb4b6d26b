"""A bot as deployed: the stand-in for Telegram, telegram_webhook and the dispatcher that it pokes, a process each."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from shared.credentials import secrets
from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries


@contextmanager
def served(url: str, printed: Path, bot: str, token: str) -> Iterator[tuple[HTTPConnection, HTTPConnection]]:
    """Kept connections to the stand-in, whose `bot` has its webhook, and to the dispatcher."""
    common = {
        "DATABASE_URL": url, "CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY, **servers.ASGI,
    }  # fmt: skip
    with ExitStack() as stack:

        def start(name: str, **settings: str) -> Running:
            running = servers.start(servers.function(name), name, printed, **common, **settings)
            return stack.enter_context(servers.serving(running))

        module = servers.start_module(["infra.sandbox"], printed / "sandbox.log")
        sandbox = stack.enter_context(servers.serving(module))
        dispatch = start("dispatch_notifications", TELEGRAM_API_URL=sandbox.url)
        webhook = start("telegram_webhook", POKE=f"http:{dispatch.url}")
        telegram = _connection(sandbox)
        secret = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, bot, 1, None)[0]
        post(telegram, f"/bot{token}/setWebhook", url=f"{webhook.url}/{bot}", secret_token=secret)
        yield telegram, _connection(dispatch)


def _connection(running: Running) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", running.port, timeout=60)


def post(connection: HTTPConnection, path: str, **body: Any) -> Any:
    """What was answered. Raises BenchmarkError unless that is a 200."""
    headers = {"Content-Type": "application/json", "X-Cron-Secret": canaries.CRON_SECRET}
    connection.request("POST", path, json.dumps(body).encode(), headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise BenchmarkError(f"{path.rpartition('/')[2] or 'a run'} was answered {answer.status}")
    return json.loads(said)


def journal(telegram: HTTPConnection, method: str) -> list[dict[str, Any]]:
    """The calls of a method that the stand-in took."""
    telegram.request("GET", f"/_sandbox/journal?method={method}")
    rows: list[dict[str, Any]] = json.loads(telegram.getresponse().read())
    return [row for row in rows if row["status"] == 200]
