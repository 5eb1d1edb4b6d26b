"""YClients away, slow, full or strange: verified_at stays, looks are bounded, others do not wait."""

import asyncio
from typing import Any

import pytest

from functions.verify_bookings import lookup, rules, run
from infra.sandbox.server import SandboxServer
from shared.clients.http import HttpClient
from shared.clients.yclients import YClients
from shared.database.pool import Database
from tests.functions.verify_bookings.world import PARTNER, BookedSalon, Tick, open_salon
from tests.helpers import arrange
from tests.helpers.waiting import until

pytestmark = pytest.mark.usefixtures("quiet")
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"does": "status", "status": 500}, "away"),
    ({"does": "status", "status": 503}, "away"),
    ({"does": "hang", "seconds": 5}, "away"),
    ({"does": "drop"}, "away"),
    ({"does": "garbage"}, "not_understood"),
    ({"does": "said"}, "not_understood"),
    ({"does": "strange"}, "not_understood"),
    ({"does": "status", "status": 422}, "not_understood"),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS)
async def test_a_lookup_that_fails_changes_nothing_that_was_known(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer, fault: dict[str, Any], error: str
) -> None:
    salon.both(501, attendance=2)
    await tick()
    before = salon.booking(501)
    salon.make_due()
    salon.record(501, attendance=1)
    sandbox.yclients.fail(**fault)

    report = await tick(deadline=0.5 if fault["does"] == "hang" else 20)

    row = salon.booking(501)
    assert (row["attempts"], row["last_error"], row["hours"]) == (1, error, 0.2)
    for name in ("status", "verified_at", "verification_data", "yclients_attendance", "start_at"):
        assert row[name] == before[name]
    assert (report["verified"], report["failed"]) == (0, 1)
    salon.make_due()
    await tick()
    assert (salon.booking(501)["status"], salon.booking(501)["attempts"]) == ("completed", 0)


async def test_what_never_answers_is_given_up(salon: BookedSalon, tick: Tick, sandbox: SandboxServer) -> None:
    salon.both(501)
    sandbox.yclients.fail(does="status", times=100)
    waits = []
    for _ in range(rules.MAX_ATTEMPTS):
        await tick()
        waits.append(salon.booking(501)["hours"])
        if waits[-1]:
            salon.make_due()

    assert waits == [0.2, 1.0, 6.0, *[24.0] * 6, None]
    assert salon.booking(501)["verified_at"] is None
    assert (await tick())["remaining"] == 0


async def test_after_three_failures_in_a_row_a_salon_rests_for_this_run(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer
) -> None:
    for number in range(1, 6):
        salon.both(number)
    sandbox.yclients.fail(does="status", times=100)

    report = await tick()

    assert salon.asked() == ["page 1", 1, 2]
    assert [salon.booking(number)["attempts"] for number in range(1, 6)] == [1, 1, 0, 0, 0]
    assert report["remaining"] == 3  # the next run may have them


async def test_failures_that_are_not_in_a_row_open_no_breaker(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer
) -> None:
    for number in range(1, 5):
        salon.both(number)
    for _ in range(2):
        sandbox.yclients.fail(does="status", times=2)
        sandbox.yclients.fail(does="status", after=1)

    assert lookup.MAX_FAILURES == 3
    report = await tick()

    assert (report["verified"], report["failed"], len(salon.asked())) == (1, 3, 5)


async def test_a_list_that_fails_is_made_up_for_one_by_one(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer
) -> None:
    for number in range(1, 9):
        salon.both(number, attendance=1)
    sandbox.yclients.fail(does="garbage")

    report = await tick()

    assert report["verified"] == 8
    assert salon.asked() == ["page 1", *range(1, 9)]


@pytest.mark.parametrize("status", [401, 402, 403])
@pytest.mark.parametrize("bookings", [3, 12])
async def test_a_salon_whose_token_is_refused_rests_for_six_hours(
    salon: BookedSalon,
    tick: Tick,
    sandbox: SandboxServer,
    capsys: pytest.CaptureFixture[str],
    status: int,
    bookings: int,
) -> None:
    for number in range(1, bookings + 1):
        salon.both(number)
    sandbox.yclients.fail(does="status", status=status)

    report = await tick()
    await tick()

    assert len(salon.asked()) == 1
    for number in range(1, bookings + 1):
        row = salon.booking(number)
        assert (row["hours"], row["last_error"], row["attempts"], row["verified_at"]) == (6.0, "refused", 0, None)
    assert (report["failed"], report["remaining"]) == (0, 0)
    assert '"yclients_refused"' in capsys.readouterr().out


@pytest.mark.parametrize("token", ["no\nheader could", "токен", "x" * 501])
async def test_a_token_that_no_header_can_carry_is_refused_without_a_call(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer, token: str
) -> None:
    other = open_salon(salon.connection, sandbox.yclients, 45650, yclients_token=token)
    other.both(501)

    await tick()

    assert other.asked() == []
    assert (other.booking(501)["last_error"], other.booking(501)["hours"]) == ("refused", 6.0)


async def test_another_salons_token_opens_nothing(salon: BookedSalon, tick: Tick, sandbox: SandboxServer) -> None:
    assert sandbox.yclients.knows(salon.company, "the-real-token")
    salon.both(501, attendance=1)

    await tick()

    assert (salon.booking(501)["status"], salon.booking(501)["last_error"]) == ("created", "refused")


async def test_a_salon_whose_calls_hang_delays_nobody(
    salon: BookedSalon, database: Database, sandbox: SandboxServer
) -> None:
    for number in range(1, 6):
        salon.both(number)
    others = [open_salon(salon.connection, sandbox.yclients, 45650 + n) for n in range(12)]
    for other in others:
        other.both(501, attendance=1)
    sandbox.yclients.fail(does="hang", company_id=salon.company, times=100)
    web = HttpClient(20)
    try:
        yclients = YClients(web, f"{sandbox.url}/yclients", PARTNER)
        running = asyncio.create_task(run.run(database, yclients, arrange.SECRETS_KEY, 60, 0.0))
        await until(lambda: all(other.booking(501)["verified_at"] for other in others))
        done = [other.booking(501)["status"] for other in others]
        is_running = not running.done()
        running.cancel()
        await asyncio.wait({running})
    finally:
        await web.close()

    assert is_running
    assert done == ["completed"] * 12
