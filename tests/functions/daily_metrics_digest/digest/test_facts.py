"""What a digest knows of a day, out of the tables."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.daily_metrics_digest.digest.facts import Facts, Service, load_facts
from functions.daily_metrics_digest.digest.metrics import Salon as Due
from functions.daily_metrics_digest.digest.metrics import compute
from shared.database.pool import Database
from tests.helpers.worlds.salon import Plain, Salon, salon

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
DAY = date(2026, 11, 19)


@pytest.fixture
def lotus(connection: Plain) -> Salon:
    return salon(connection)


async def loaded(database: Database, of: Salon, timezone: str = "Asia/Almaty", now: datetime = NOW) -> Facts:
    async with database.transaction() as connection:
        due = await compute(connection, [Due(of.id, timezone, DAY)], now)
        [found] = await load_facts(connection, due, now)
        return found


async def test_lost_are_those_that_did_not_end_well_whatever_their_status_is_called(
    lotus: Salon, database: Database
) -> None:
    for status in ("dropped", "abandoned", "auto_closed", "escalated", "перезвонить"):
        lotus.session(NOON, final_status=status, meta={"drop_off_stage": "time_selection"})
    lotus.session(NOON, final_status="done", meta={"drop_off_stage": "time_selection"})
    lotus.session(NOON, final_status="dropped", meta={"drop_off_stage": "staff_selection"})
    lotus.session(NOON, final_status="dropped", meta={"drop_off_stage": "payment"})
    lotus.session(NOON - timedelta(days=1), final_status="dropped", meta={"drop_off_stage": "date_selection"})

    assert (await loaded(database, lotus)).lost == {"time_selection": 5, "staff_selection": 1}


async def test_a_bookings_money_is_shared_among_its_services(lotus: Salon, database: Database) -> None:
    money = {"booking_amount": 100, "booking_currency": "KZT"}
    lotus.session(NOON, booking_id="1", meta={"services_mentioned": ["маникюр", "педикюр", "маникюр", " "]}, **money)
    lotus.session(NOON, booking_id="2", meta={"services_mentioned": ["маникюр"]}, **money)
    lotus.session(NOON, booking_id="3", meta={"services_mentioned": "маникюр"}, **money)
    lotus.session(NOON, meta={"services_mentioned": ["маникюр"]}, **money)
    lotus.session(NOON, booking_id="4", meta={"services_mentioned": ["стрижка", "укладка"]}, **money)
    lotus.session(
        NOON, booking_id="5", meta={"services_mentioned": ["стрижка"]}, booking_amount=9, booking_currency="EUR"
    )

    assert (await loaded(database, lotus)).top == [
        Service("маникюр", 2, 150.0, "KZT"),
        Service("стрижка", 2, None, "EUR"),
        Service("педикюр", 1, 50.0, "KZT"),
    ]


async def test_waiting_list_and_open_alerts_are_the_salons_own(
    lotus: Salon, connection: Plain, database: Database
) -> None:
    other = salon(connection, "Ирис")
    for each, status in ((lotus, "pending"), (lotus, "pending"), (lotus, "done"), (other, "pending")):
        connection.execute(
            "insert into public.wishlist_v2 (tenant_id, user_id, item_type, item_id, status)"
            " values (%s, %s, 'slot', '1', %s)",
            (each.id, each.client, status),
        )
    for each, kind, resolved in (
        (lotus, "data_stale", None),
        (lotus, "error_spike", NOW),
        (other, "high_drop_off", None),
    ):
        connection.execute(
            "insert into dashboard.alerts (tenant_id, kind, triggered_at, resolved_at) values (%s, %s, %s, %s)",
            (each.id, kind, NOW, resolved),
        )

    found = await loaded(database, lotus)

    assert (found.waiting, found.alerts) == (2, ["data_stale"])


async def test_bookings_that_yclients_sees_differently(lotus: Salon, connection: Plain, database: Database) -> None:
    states: list[tuple[str, str, Any, int]] = [
        ("1", "confirmed", NOW, 1), ("2", "cancelled", NOW, 1), ("3", "no_show", NOW, 1), ("4", "created", None, 2),
        ("5", "created", None, 0), ("6", "cancelled", NOW, 1),
    ]  # fmt: skip
    for number, status, verified, attempts in states:
        connection.execute(
            "insert into dashboard.bookings (tenant_id, external_id, client_id, status, verified_at, attempts)"
            " values (%s, %s, 'x', %s, %s, %s)",
            (lotus.id, number, status, verified, attempts),
        )
        lotus.session(NOON if number != "6" else NOON - timedelta(days=1), booking_id=number)
    lotus.session(NOON, booking_id="7")

    found = await loaded(database, lotus)

    assert (found.cancelled, found.no_show, found.unconfirmed) == (1, 1, 1)


@pytest.mark.parametrize(
    ("wrote", "stale"),
    [
        ("2026-11-19 14:00+05", True),  # eight hours of the evening, one of the morning
        ("2026-11-19 18:00+05", False),  # four and one: the night does not count
        ("2026-11-19 17:00+05", True),
        ("2026-11-20 08:30+05", False),
        ("2026-09-01 08:30+05", True),
    ],
)
async def test_the_bot_is_silent_when_it_wrote_nothing_for_hours_of_the_day(
    lotus: Salon,
    connection: Plain,
    database: Database,
    wrote: str,
    stale: bool,  # noqa: FBT001
) -> None:
    lotus.session(NOON, created_at=wrote)
    connection.execute("update dashboard.tenant_settings set stale_hours = 6")

    found = await loaded(database, lotus)

    assert found.is_stale is stale
    assert str(found.bot_wrote_at) == wrote.removesuffix("+05") + ":00"


async def test_somebody_else_who_was_written_to_shows_that_the_bot_lives(
    lotus: Salon, connection: Plain, database: Database
) -> None:
    assert (await loaded(database, lotus)).is_stale

    other = salon(connection, "Ирис")
    other.message(other.session(NOON, created_at=NOON), "user", NOW - timedelta(minutes=5))

    found = await loaded(database, lotus)
    assert (found.is_stale, found.days[-1].dialogs) == (False, 0)
