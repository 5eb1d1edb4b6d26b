"""The function over HTTP."""

from pathlib import Path

import httpx

from infra.sandbox.server import SandboxServer
from tests.conftest import rows
from tests.functions.verify_bookings.world import PARTNER, BookedSalon
from tests.helpers import canaries
from tests.helpers.threads import serve_in_thread

HEADERS = {"x-cron-secret": canaries.CRON_SECRET}


async def test_it_answers_what_it_did_and_notes_its_run(
    salon: BookedSalon, sandbox: SandboxServer, database_url: str, printed: Path
) -> None:
    salon.booked("501")
    salon.record(501, attendance=1)
    settings = {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET}
    known = {"YCLIENTS_PARTNER_TOKEN": PARTNER, "YCLIENTS_API_URL": f"{sandbox.url}/yclients"}
    with serve_in_thread("verify_bookings", printed, **settings, **known) as served:
        async with httpx.AsyncClient(base_url=served.url, headers=HEADERS, trust_env=False, timeout=60) as client:
            first, second = await client.post("/"), await client.get("/?seconds=5")
            put, long = await client.put("/"), await client.post("/?seconds=301")
            stranger = await client.post("/", headers={"x-cron-secret": "wrong"})

    done = {"done": 2, "remaining": 0, "taken_in": 1, "verified": 1, "changed": 1, "failed": 0}
    assert first.json() == done
    assert second.json() == dict.fromkeys(done, 0)
    assert [answer.status_code for answer in (first, second, put, long, stranger)] == [200, 200, 405, 400, 404]
    [noted] = rows(salon.connection, "select function, report from platform.job_runs")
    assert noted == {"function": "verify_bookings", "report": second.json()}


async def test_without_a_partner_token_bookings_are_only_taken_in(
    salon: BookedSalon, sandbox: SandboxServer, database_url: str, printed: Path
) -> None:
    salon.booked("501")
    settings = {"DATABASE_URL": database_url, "CRON_SECRET": canaries.CRON_SECRET, "YCLIENTS_PARTNER_TOKEN": "-"}
    with serve_in_thread("verify_bookings", printed, **settings, YCLIENTS_API_URL=f"{sandbox.url}/yclients") as served:
        async with httpx.AsyncClient(headers=HEADERS, trust_env=False, timeout=60) as client:
            answer = await client.post(served.url)

    assert (answer.json()["taken_in"], answer.json()["remaining"]) == (1, 1)
    assert not sandbox.yclients.journal
