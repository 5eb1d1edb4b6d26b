"""What YClients says becomes the booking's status."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.verify_bookings import main, rate_limiter
from infra.local.schedules import read_schedules
from infra.sandbox.server import SandboxServer
from tests.conftest import rows
from tests.functions.verify_bookings.world import BookedSalon, Tick, open_salon
from tests.helpers import canaries

MAPPINGS: list[tuple[dict[str, Any], str]] = [
    ({"attendance": -1}, "no_show"),
    ({"attendance": 0}, "created"),
    ({"attendance": 1}, "completed"),
    ({"attendance": 2}, "confirmed"),
    ({"attendance": 2, "deleted": True}, "cancelled"),
    ({"attendance": 0, "deleted": True, "hides_deleted": False}, "cancelled"),
]


@pytest.mark.parametrize("crowd", [0, 9])  # asked for alone, and found in a list
@pytest.mark.parametrize(("fields", "status"), MAPPINGS)
async def test_a_record_says_what_became_of_the_booking(
    salon: BookedSalon, tick: Tick, fields: dict[str, Any], status: str, crowd: int
) -> None:
    for number in range(700, 700 + crowd):
        salon.both(number)
    salon.both(501, **fields)

    report = await tick()

    row = salon.booking(501)
    assert (row["status"], row["yclients_attendance"]) == (status, fields["attendance"])
    assert row["verified_at"] is not None
    assert (row["attempts"], row["last_error"]) == (0, None)
    assert (report["verified"], report["changed"]) == (crowd + 1, int(status != "created"))
    assert report["remaining"] == 0


@pytest.mark.parametrize("number", range(600, 612))
async def test_whatever_type_a_field_has_the_record_is_read(salon: BookedSalon, tick: Tick, number: int) -> None:
    salon.both(number, attendance=1)
    await tick()
    assert salon.booking(number)["status"] == "completed"


async def test_nothing_of_money_or_the_client_is_kept(
    salon: BookedSalon, tick: Tick, capsys: pytest.CaptureFixture[str]
) -> None:
    salon.both(503, attendance=1, services=["Стрижка \x00"], datetime="2027-03-01T10:00:00+05:00")

    await tick()

    row = salon.booking(503)
    assert row["verification_data"] == {
        "attendance": 1, "deleted": False, "datetime": "2027-03-01T10:00:00+05:00", "confirmed": 1, "staff_id": 7,
        "services": [{"id": 100, "title": "Стрижка "}],
    }  # fmt: skip
    assert row["start_at"].isoformat() == "2027-03-01T05:00:00+00:00"
    written = str(rows(salon.connection, "select b::text, a::text from dashboard.bookings b, dashboard.audits a"))
    printed = "".join(capsys.readouterr())
    assert written != "[]"
    for canary in (*canaries.ALL, "6000"):
        assert canary not in written
        assert canary not in printed


async def test_a_change_of_status_is_audited_and_sameness_is_not(salon: BookedSalon, tick: Tick) -> None:
    salon.both(501, attendance=2)
    for _ in range(2):
        await tick()
        salon.make_due()

    [audit] = rows(salon.connection, "select * from dashboard.audits")
    assert (audit["tenant_id"], audit["actor"], audit["action"]) == (salon.id, "verify_bookings", "booking_confirmed")
    assert audit["metadata"] == {"external_id": "501", "before": "created", "after": "confirmed"}


async def test_an_end_is_confirmed_a_day_later_and_then_left_alone(salon: BookedSalon, tick: Tick) -> None:
    salon.both(501, attendance=-1)
    await tick()
    assert salon.booking(501)["hours"] == 24.0
    salon.make_due()
    salon.record(501, attendance=1)  # somebody noted it wrongly
    await tick()
    assert (salon.booking(501)["status"], salon.booking(501)["hours"]) == ("completed", 24.0)
    salon.make_due()
    await tick()
    assert (salon.booking(501)["status"], salon.booking(501)["ever"]) == ("completed", False)
    calls = len(salon.asked())
    await tick()
    assert len(salon.asked()) == calls


async def test_a_booking_that_is_not_due_is_not_asked_for(salon: BookedSalon, tick: Tick) -> None:
    salon.both(501)
    await tick()
    await tick()
    assert salon.asked() == [501]


async def test_an_unknown_record_is_asked_for_three_times_more_and_then_never(salon: BookedSalon, tick: Tick) -> None:
    salon.book(999)
    waits = []
    for _ in range(4):
        await tick()
        row = salon.booking(999)
        waits.append(row["hours"])
        assert (row["last_error"], row["verified_at"], row["status"]) == ("not_found", None, "created")
        salon.make_due() if row["ever"] else None

    assert waits == [24.0, 48.0, 72.0, None]


async def test_an_id_that_is_no_number_is_never_asked_for(salon: BookedSalon, tick: Tick) -> None:
    strange = ("7/../../companies", "0", "١٢", "1" * 30)
    for number in strange:
        salon.book(number)

    await tick()

    assert salon.asked() == []
    assert {salon.booking(number)["last_error"] for number in ("7/../../companies", "0", "١٢", "1" * 30)} == {
        "not_a_record"
    }
    assert (await tick())["remaining"] == 0


async def test_many_bookings_take_few_calls(salon: BookedSalon, tick: Tick) -> None:
    for number in range(1, 351):
        salon.both(number, attendance=1, deleted=number % 7 == 0)

    report = await tick()

    assert report["verified"] == 350
    assert len(salon.asked()) <= 16  # 4 batches, and the pages that each goes through
    assert salon.booking(7)["status"] == "cancelled"


async def test_what_a_list_does_not_name_is_unchanged_if_it_was_known_and_asked_for_if_not(
    salon: BookedSalon, tick: Tick
) -> None:
    for number in range(1, 9):
        salon.book(number, verified_at="now", status="confirmed", yclients_attendance=2)
        salon.record(number, attendance=1, changed="2020-01-01T00:00:00Z")  # not told: so it does not count
    salon.both(50, attendance=2, changed="2020-01-01T00:00:00Z")

    report = await tick()

    assert salon.asked() == ["page 1", 50]
    assert salon.booking(50)["status"] == "confirmed"
    assert salon.booking(3)["status"] == "confirmed"
    assert salon.booking(3)["yclients_attendance"] == 2
    assert report["verified"] == 9


async def test_two_salons_with_the_same_number_are_kept_apart(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer
) -> None:
    other = open_salon(salon.connection, sandbox.yclients, 45650, yclients_token="another-token-of-a-salon")
    salon.both(501, attendance=1)
    other.both(501, attendance=-1)

    await tick()

    assert (salon.booking(501)["status"], other.booking(501)["status"]) == ("completed", "no_show")


async def test_five_runs_at_once_ask_once(salon: BookedSalon, tick: Tick) -> None:
    """They may share what is due: a list is asked for by a run that has two of them or more, a record for one alone."""
    for number in range(1, 5):
        salon.both(number, attendance=1)

    reports = await asyncio.gather(*(tick() for _ in range(5)))

    assert sum(report["verified"] for report in reports) == 4
    assert 1 <= sum(2 if asked == "page 1" else 1 for asked in salon.asked()) <= 4


async def test_salons_that_are_asleep_or_unknown_to_yclients_are_left_alone(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = open_salon(salon.connection, sandbox.yclients, 45650, yclients_company_id=None)
    strange = open_salon(salon.connection, sandbox.yclients, 45660, yclients_company_id="4/../5")
    asleep = open_salon(salon.connection, sandbox.yclients, 45670)
    salon.connection.execute("update public.tenants_v2 set is_active = false where id = %s", (asleep.id,))
    for tenant in (unknown, strange, asleep, salon):
        tenant.book(501)
    salon.record(501, attendance=1)

    await tick()

    assert {row["company_id"] for row in sandbox.yclients.journal} == {salon.company}
    assert salon.booking(501)["status"] == "completed"
    assert '"salons_without_yclients", "salons": 2' in capsys.readouterr().out


async def test_of_each_salon_what_changed_is_asked_for_once(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer
) -> None:
    salons = [salon, *(open_salon(salon.connection, sandbox.yclients, 45650 + n) for n in range(11))]
    for other in salons:
        other.both(501, attendance=1)
        other.both(502, deleted=True)

    report = await tick()

    assert (report["verified"], report["remaining"]) == (24, 0)
    assert len(sandbox.yclients.journal) == 12


async def test_a_list_that_has_more_pages_than_bookings_is_given_up(salon: BookedSalon, tick: Tick) -> None:
    for number in range(1, 302):
        salon.record(number, attendance=1)
    for number in (250, 251):
        salon.book(number)

    report = await tick()

    assert report["verified"] == 2
    assert salon.asked() == ["page 1", 250, 251]


async def test_what_a_run_does_not_reach_has_waited_since_it_was_due(salon: BookedSalon, tick: Tick) -> None:
    salon.book(501, look_at=datetime.now(UTC) - timedelta(hours=5))

    report = await tick(seconds=0)

    assert (report["remaining"], salon.booking(501)["hours"]) == (1, -5.0)


def test_two_calls_to_each_of_a_thousand_salons_fit_into_an_hour() -> None:
    [seconds] = [schedule.seconds for schedule in read_schedules() if schedule.function == main.NAME]
    calls = main.BUDGET.default / rate_limiter.SECONDS_APART

    assert 60 / rate_limiter.SECONDS_APART <= 200
    assert calls * 3600 / seconds >= 1_990
    assert main.BUDGET.default + main.RESPONSE_SECONDS < seconds  # no run meets the next one
