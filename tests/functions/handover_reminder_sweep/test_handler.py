"""The function over HTTP."""

from pathlib import Path

import httpx

from tests.conftest import rows
from tests.functions.handover_reminder_sweep.world import Waiting
from tests.helpers import canaries
from tests.helpers.serving import free_port
from tests.helpers.threads import serve_in_thread

HEADERS = {"x-cron-secret": canaries.CRON_SECRET}


def test_it_answers_what_it_did_and_notes_its_run(waiting: Waiting, database_url: str, printed: Path) -> None:
    waiting.request(minutes=31)
    waiting.request(minutes=121)
    poke = f"http:http://127.0.0.1:{free_port()}"
    settings = {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "POKE": poke}
    with (
        serve_in_thread("handover_reminder_sweep", printed, **settings) as served,
        httpx.Client(base_url=served.url, headers=HEADERS, trust_env=False, timeout=60) as client,
    ):
        first, second = client.post("/"), client.get("/?seconds=5")
        put, long, never = client.put("/"), client.post("/?seconds=601"), client.post("/?seconds=0")
        said = served.output.read_text()

    assert first.json() == {"done": 2, "remaining": 0, "reminders": 1, "closed": 1, "unmuted": 0}
    assert second.json() == {"done": 0, "remaining": 0, "reminders": 0, "closed": 0, "unmuted": 0}
    assert [answer.status_code for answer in (first, second, put, long, never)] == [200, 200, 405, 400, 400]
    [run] = rows(waiting.connection, "select function, report from platform.job_runs")
    assert run == {"function": "handover_reminder_sweep", "report": second.json()}
    [kept] = rows(waiting.connection, "select correlation_id, function, report from platform.run_reports")
    assert (kept["function"], kept["report"]) == ("handover_reminder_sweep", first.json())
    assert f'"correlation_id": "{kept["correlation_id"]}"' in said
    assert said.count("poke_failed") == 1  # nobody listens there; a run that hands nothing over pokes nobody


def test_an_unauthenticated_caller_changes_nothing(waiting: Waiting, database_url: str, printed: Path) -> None:
    request = waiting.request(minutes=31)
    settings = {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET}
    with serve_in_thread("handover_reminder_sweep", printed, **settings) as served:
        answer = httpx.post(served.url, headers={"x-cron-secret": "wrong"}, trust_env=False, timeout=60)

    assert answer.status_code == 404
    assert waiting.events(request) == []
