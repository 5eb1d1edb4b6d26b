"""Schedulers that fire twice, in two regions, or late: the function as it is deployed."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.serving import free_port, serve
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds.salon import Plain, salon

HEADERS = {"x-cron-secret": canaries.CRON_SECRET}
SALONS = 60


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY}


async def call(url: str, **query: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        answer = await client.post(url, params=query, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def test_five_ticks_of_two_processes_and_one_more_hand_each_digest_over_once(
    connection: Plain, environment: dict[str, str], printed: Path
) -> None:
    salons = [salon(connection, f"№ {n}", digest_hour=0) for n in range(SALONS)]
    with (
        serve("daily_metrics_digest", printed, **environment) as first,
        serve("daily_metrics_digest", printed, **environment) as other,
    ):
        reports = await asyncio.gather(*(call(url) for url in (first.url, other.url, first.url, other.url, first.url)))
        again = await call(other.url)

    assert sum(report["done"] for report in reports) == SALONS
    assert {report["failed"] for report in [*reports, again]} == {0}
    assert (again["done"], again["metrics"], again["remaining"]) == (0, 0, 0)
    assert [len(each.digests()) for each in salons] == [1] * SALONS
    noted = rows(
        connection, "select digest_outbox_id from dashboard.metrics_dailies where digest_outbox_id is not null"
    )
    assert len(noted) == SALONS


def test_it_answers_what_it_did_and_notes_its_run(
    connection: Plain, environment: dict[str, str], printed: Path
) -> None:
    salon(connection, digest_hour=0)
    salon(connection, "Без чата", digest_hour=0).settings(chat_id=None)
    salon(connection, "Нигде", digest_hour=0).settings(timezone="Middle/Earth")
    poke = f"http:http://127.0.0.1:{free_port()}"
    with (
        serve_in_thread("daily_metrics_digest", printed, **environment, POKE=poke) as served,
        httpx.Client(base_url=served.url, headers=HEADERS, trust_env=False, timeout=60) as client,
    ):
        first, second = client.post("/").json(), client.get("/?seconds=5").json()
        put, long = client.put("/"), client.post("/?seconds=601")
        said = served.output.read_text()

    assert {name: first[name] for name in ("done", "remaining", "metrics", "unaddressed", "broken", "failed")} == {
        "done": 2, "remaining": 0, "metrics": 3, "unaddressed": 1, "broken": 1, "failed": 0,
    }  # fmt: skip
    assert (second["done"], second["metrics"], second["broken"]) == (0, 0, 0)
    assert [answer.status_code for answer in (put, long)] == [405, 400]
    [run] = rows(connection, "select function, report from platform.job_runs")
    assert run == {"function": "daily_metrics_digest", "report": second}
    assert "poke_failed" in said  # nobody listens there


def test_a_stranger_changes_nothing(connection: Plain, environment: dict[str, str], printed: Path) -> None:
    lotus = salon(connection, digest_hour=0)
    with serve_in_thread("daily_metrics_digest", printed, **environment) as served:
        answer = httpx.post(served.url, headers={"x-cron-secret": "wrong"}, trust_env=False, timeout=60)

    assert answer.status_code == 404
    assert lotus.metrics() == []
