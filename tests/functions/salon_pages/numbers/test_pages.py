"""Every page with numbers, and every file, on a salon with something of everything and on an empty one."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.salon_pages.pages.numbers.download import FILES
from tests.functions.salon_pages.world import Browser, Plain
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
DAYS = "?from=2026-03-01&to=2026-03-31"
PAGES = ("today", "funnel", "services", "sessions", "bookings", "waiting")


@pytest.fixture(scope="module", autouse=True)
def life(plain: Plain, lotus: Salon) -> None:
    session = lotus.session(
        NOON,
        booking_id="1",
        booking_amount=9000,
        booking_currency="KZT",
        meta={"services_mentioned": ["Маникюр", "Педикюр"]},
        summary='=HYPERLINK("http://evil.example")',
    )
    lotus.answered(session, NOON, 4)
    lotus.session(NOON + timedelta(hours=1), final_status="dropped", meta={"drop_off_stage": "time_selection"})
    insert(
        plain,
        "dashboard.bookings",
        tenant_id=lotus.id,
        external_id="1",
        client_id=str(lotus.client),
        start_at=NOON + timedelta(days=1),
        status="no_show",
        verified_at=NOON,
    )
    insert(plain, "public.wishlist_v2", tenant_id=lotus.id, user_id=lotus.client, item_type="service", item_id="7")


@pytest.mark.parametrize("name", PAGES)
def test_a_page(owner: Browser, lotus: Salon, name: str) -> None:
    page = owner.get(f"/salons/{lotus.id}/{name}{DAYS}")
    assert page.status_code == 200


@pytest.mark.parametrize("name", FILES)
def test_a_file(owner: Browser, lotus: Salon, name: str) -> None:
    file = owner.get(f"/salons/{lotus.id}/files/{name}{DAYS}")
    assert file.status_code == 200
