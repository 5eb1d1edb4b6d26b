"""Sessions that ended with a booking become rows, once."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from functions.verify_bookings import bookings, run
from infra.sandbox.server import SandboxServer
from shared.database import job_runs
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.verify_bookings.world import BookedSalon, open_salon
from tests.helpers import arrange

ALL = """select external_id, client_id, service_code, status, tenant_id, verified_at, start_at
         from dashboard.bookings order by external_id"""
STARTS = "2027-03-01 10:00:00+05"


async def called(database: Database) -> dict[str, int]:
    """A run that is recorded, as the function records it."""
    started = time.monotonic()
    report = await run.run(database, None, arrange.SECRETS_KEY, 5)
    async with database.connection() as connection:
        await job_runs.record(connection, "verify_bookings", started, report, 300.0)
    return report


async def test_a_session_with_a_booking_becomes_a_row(salon: BookedSalon, database: Database) -> None:
    salon.booked(" 501 ", booking_datetime=STARTS, meta={"services_mentioned": ["Стрижка", "Укладка"]})
    salon.booked(None)
    salon.booked("  ")

    report = await called(database)

    [row] = rows(salon.connection, ALL)
    assert (row["external_id"], row["client_id"], row["service_code"]) == ("501", str(salon.client), "Стрижка")
    assert (row["status"], row["tenant_id"], row["verified_at"]) == ("created", salon.id, None)
    assert row["start_at"].isoformat() == "2027-03-01T05:00:00+00:00"
    assert (report["taken_in"], report["done"], report["remaining"]) == (1, 1, 1)


@pytest.mark.parametrize(
    "meta", [{}, {"services_mentioned": []}, {"services_mentioned": [{"id": 1}]}, {"services_mentioned": "x"}]
)
async def test_a_session_that_names_no_service_has_no_code(
    salon: BookedSalon, database: Database, meta: object
) -> None:
    salon.booked("501", meta=meta)
    await called(database)
    assert salon.booking(501)["service_code"] is None


async def test_none_or_five_runs_at_once_are_as_good_as_one(salon: BookedSalon, database: Database) -> None:
    for number in range(1, 40):
        salon.booked(str(number))
        salon.booked(str(number), booking_datetime=STARTS)

    reports = await asyncio.gather(*(called(database) for _ in range(5)))
    again = await called(database)

    assert sum(report["taken_in"] for report in reports) == 39
    assert again["taken_in"] == 0
    assert len(rows(salon.connection, ALL)) == 39


async def test_what_was_written_late_is_taken_in_and_what_is_old_is_not_read_again(
    salon: BookedSalon, database: Database
) -> None:
    await called(database)
    salon.booked("1", created_at="now")
    salon.booked("2", created_at="yesterday")
    salon.booked("3", created_at=datetime.now(UTC) - timedelta(hours=50))

    assert (await called(database))["taken_in"] == 2
    assert sorted(row["external_id"] for row in rows(salon.connection, ALL)) == ["1", "2"]


async def test_an_outage_of_days_is_made_good(salon: BookedSalon, database: Database) -> None:
    await called(database)
    salon.connection.execute("update platform.job_runs set started_at = now() - interval '9 days'")
    for days in (1, 5, 10, 12):
        salon.booked(str(days), created_at=datetime.now(UTC) - timedelta(days=days))

    await called(database)

    assert [row["external_id"] for row in rows(salon.connection, ALL)] == ["1", "10", "5"]


async def test_two_salons_may_have_the_same_number(
    salon: BookedSalon, database: Database, sandbox: SandboxServer
) -> None:
    other = open_salon(salon.connection, sandbox.yclients, 45650)
    salon.booked("501")
    other.booked("501")

    await called(database)

    assert salon.booking(501)["id"] != other.booking(501)["id"]


async def test_a_run_whose_time_is_over_leaves_the_rest_to_the_next_which_goes_on(
    salon: BookedSalon, database: Database
) -> None:
    for number in range(1, 6):
        salon.booked(str(number), created_at=datetime.now(UTC) - timedelta(days=100 - number // 3))  # two and three

    taken_in = [await bookings.enqueue_new(database, 0.0, batch_rows=2) for _ in range(4)]

    assert taken_in == [2, 2, 1, 0]
    assert [row["external_id"] for row in rows(salon.connection, ALL)] == ["1", "2", "3", "4", "5"]
    assert rows(salon.connection, "select position from platform.job_runs") == [{"position": None}]


async def test_a_run_with_time_takes_in_batch_after_batch(salon: BookedSalon, database: Database) -> None:
    for number in range(1, 6):
        salon.booked(str(number))

    assert await bookings.enqueue_new(database, time.monotonic() + 20, batch_rows=2) == 5
    assert await bookings.enqueue_new(database, time.monotonic() + 20, batch_rows=2) == 0
