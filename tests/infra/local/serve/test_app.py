"""What a worker makes of the settings."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.local import server
from infra.local.serve import metrics
from infra.local.serve.app import create_app, create_functions, load_settings
from shared.database.pool import Database
from shared.delivery.enqueue import enqueue
from shared.errors import ConfigError
from shared.version import SCHEMA, VERSION
from tests.functions.dispatch_notifications.delivery import fast_bot, message
from tests.helpers import arrange, canaries

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/none"
OWN = "http://127.0.0.1:8080"


async def get(path: str, environ: Mapping[str, str], **headers: str) -> httpx.Response:
    """The answer of an application with these settings, in this process."""
    settings = load_settings(OWN, environ)
    functions, database = create_functions(settings, environ), Database(settings.database_url)
    try:
        transport = httpx.ASGITransport(create_app(functions, database, settings.cron_secrets))
        async with httpx.AsyncClient(transport=transport, base_url=OWN) as client:
            return await client.get(path, headers=headers)
    finally:
        for function in functions.values():
            await function.close()
        await database.close()


async def test_a_function_with_a_login_of_its_own_uses_it_and_the_worst_of_all_is_the_whole(database_url: str) -> None:
    environ = {
        "DATABASE_URL": NOBODY_LISTENS,
        "DATABASE_URL_serve_media": database_url,
        "CRON_SECRET": canaries.CRON_SECRET,
    }

    answer = await get("/health", environ)

    body = answer.json()
    assert (answer.status_code, body["status"]) == (503, "failing")
    expected = {name: "ok" if name == "serve_media" else "failing" for name in server.names()}
    assert {name: own["status"] for name, own in body["functions"].items()} == expected


def test_functions_poke_each_other_unless_told_otherwise() -> None:
    environ = {"DATABASE_URL": NOBODY_LISTENS, "POKE_ANSWERS": "none"}
    settings = load_settings(OWN, environ)

    assert (settings.poke, settings.poke_answers) == (f"{OWN}/dispatch_notifications", "none")


def test_a_login_that_is_no_address_is_named_without_its_value() -> None:
    environ = {
        "DATABASE_URL": NOBODY_LISTENS,
        "DATABASE_URL_serve_media": "carillon:canary",
        "CRON_SECRET": canaries.CRON_SECRET,
    }

    with pytest.raises(ConfigError, match="DATABASE_URL") as raised:
        create_functions(load_settings(OWN, environ), environ)
    assert "canary" not in str(raised.value)


async def test_metrics_are_for_the_scheduler_alone(database_url: str, connection: psycopg.Connection[DictRow]) -> None:
    arrange.bot(connection)
    connection.execute(
        "insert into platform.job_runs (function, started_at, finished_at, period_seconds)"
        " values ('housekeeping', now() - interval '9 days', now() - interval '8 days', 86400)"
    )
    environ = {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET}

    stranger = await get("/metrics", environ)
    known = await get("/metrics", environ, authorization=f"Bearer {canaries.CRON_SECRET}")

    assert stranger.status_code == 404
    lines = known.text.splitlines()
    assert known.headers["content-type"] == metrics.CONTENT_TYPE
    assert f'carillon_info{{version="{VERSION}",schema="{SCHEMA}"}} 1' in lines
    assert 'carillon_bot_rate_used{bot="school"} 0' in lines
    assert "carillon_missed_functions 1" in lines
    assert 'carillon_run_seconds{function="housekeeping"} 86400' in lines


async def test_without_a_secret_nobody_reads_metrics(database_url: str) -> None:
    environ = {"DATABASE_URL": database_url, "CRON_SECRET_IS_PLATFORM": "1"}

    assert (await get("/metrics", environ)).status_code == 404


async def test_what_waits_and_what_was_sent_is_counted_by_kind(
    database: Database, connection: psycopg.Connection[DictRow]
) -> None:
    bot = fast_bot(connection)
    async with database.transaction() as writing:
        await enqueue(writing, [message(bot, f"key-{number}") for number in range(3)])
    connection.execute("update platform.outbox set state = 'sent', finished_at = now() where dedup_key = 'key-0'")

    lines = (await metrics.read(database)).splitlines()

    assert 'carillon_queue_messages{kind="getcourse/answer"} 2' in lines
    assert 'carillon_recent_messages{kind="getcourse/answer",state="sent"} 1' in lines


def test_the_dashboard_shows_metrics_that_there_are() -> None:
    """Both ways: no panel of a metric that is gone, no metric that nobody sees."""
    dashboard = (Path(metrics.__file__).parents[2] / "docker" / "grafana.json").read_text(encoding="utf-8")

    shown = set(re.findall(r"carillon_\w+", dashboard))
    assert shown == {"carillon_info", *(metric.name for metric in metrics.METRICS)}
    assert json.loads(dashboard)["panels"]
