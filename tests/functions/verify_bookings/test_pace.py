"""How fast YClients is asked: all salons' calls keep one pace, a limit makes all wait, a run ends in time."""

import time
from typing import Any

import pytest

from functions.verify_bookings import run
from infra.sandbox.server import SandboxServer
from shared.clients.http import MAX_RESPONSE_BYTES, HttpClient, HttpResponse, NoResponse
from shared.clients.yclients import YClients
from shared.database.pool import Database
from tests.functions.verify_bookings.world import LONG_AGO, PARTNER, BookedSalon, Tick, open_salon
from tests.helpers import arrange

pytestmark = pytest.mark.usefixtures("quiet")


class Hearing(HttpClient):
    """Knows when calls began, and how often `salon` had been asked in the moment in which a limit was heard of."""

    def __init__(self, salon: BookedSalon) -> None:
        super().__init__(20)
        self.salon = salon
        self.asked_before: list[int] = []
        self.moments: list[float] = []

    async def call(
        self, method: str, url: str, *, most_bytes: int = MAX_RESPONSE_BYTES, **request: Any
    ) -> HttpResponse | NoResponse:
        self.moments.append(time.monotonic())
        answer = await super().call(method, url, most_bytes=most_bytes, **request)
        if isinstance(answer, HttpResponse) and answer.status == 429:
            self.asked_before.append(len(self.salon.asked()))
        return answer


async def test_a_limit_makes_all_wait(salon: BookedSalon, database: Database, sandbox: SandboxServer) -> None:
    """They count all calls of one address: nobody is asked before the limit is over, and this run ends first."""
    other = open_salon(salon.connection, sandbox.yclients, 45650)
    salon.both(501)
    for number in range(1, 6):
        other.both(number, changed=LONG_AGO)
    sandbox.yclients.fail(does="status", status=429, company_id=salon.company)

    web = Hearing(other)
    yclients = YClients(web, f"{sandbox.url}/yclients", PARTNER)
    report = await run.run(database, yclients, arrange.SECRETS_KEY, 2.4, 0.3)  # time for eight calls
    await web.close()

    assert salon.booking(501)["last_error"] == "rate_limited"
    [asked_before] = web.asked_before
    assert len(other.asked()) <= asked_before + 1  # one had its turn already
    assert (report["failed"], report["remaining"]) == (1, 5 - sum(asked != "page 1" for asked in other.asked()))


async def test_the_calls_of_all_salons_together_keep_the_pace(
    salon: BookedSalon, database: Database, sandbox: SandboxServer
) -> None:
    """The nth one begins n steps after the run at the earliest; how long a busy machine takes says nothing."""
    for other in [salon, *(open_salon(salon.connection, sandbox.yclients, 45650 + n) for n in range(15))]:
        other.both(501)
    web = Hearing(salon)
    began = time.monotonic()

    await run.run(database, YClients(web, f"{sandbox.url}/yclients", PARTNER), arrange.SECRETS_KEY, 60, 0.1)
    await web.close()

    assert len(sandbox.yclients.journal) == len(web.moments) == 16
    assert [n for n, moment in enumerate(web.moments) if moment < began + n * 0.1] == []


async def test_a_run_ends_when_its_time_is_over_and_leaves_the_rest(
    sandbox: SandboxServer, salon: BookedSalon, tick: Tick
) -> None:
    for other in [salon, *(open_salon(salon.connection, sandbox.yclients, 45650 + n) for n in range(4))]:
        other.both(501)

    report = await tick(seconds=1.5, seconds_apart=0.6)  # time for three calls; for fewer on a machine that is busy

    verified = report["verified"]
    assert 1 <= verified <= 3
    assert report["remaining"] == 5 - verified
    assert len(sandbox.yclients.journal) == verified
    assert (await tick())["verified"] == 5 - verified
