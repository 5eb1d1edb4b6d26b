"""Debian's browser, and pages with something on them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.functions.salon_pages.world import Plain, link, served_settings, user
from tests.helpers import issuer as issuers
from tests.helpers.issuer import CLIENT_ID, CLIENT_SECRET, Issuer
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

CHROMIUM = shutil.which("chromium")

expect.set_options(timeout=120_000)  # a busy machine takes its time


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed. On Debian: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """What stands for Telegram."""
    with issuers.issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def pages(module_database_url: str, printed: Path, issuer: Issuer) -> Iterator[str]:
    """The address of the pages, where one can sign in by Telegram, too; by a name that browsers trust over http."""
    settings = served_settings(
        module_database_url, TELEGRAM_LOGIN_URL=issuer.url, TELEGRAM_LOGIN_CLIENT_ID=CLIENT_ID,
        TELEGRAM_LOGIN_CLIENT_SECRET=CLIENT_SECRET,
    )  # fmt: skip
    with serve_in_thread("salon_pages", printed, **settings) as served:
        yield served.url.replace("127.0.0.1", "localhost").rstrip("/")


@pytest.fixture(scope="module")
def address(pages: str, plain: Plain, lotus: Salon) -> str:
    """The same; the salon has something to show."""
    dialog = lotus.session(booking_id="7700", booking_amount=9000, booking_currency="KZT", summary="Хочет утром",
                           meta={"services_mentioned": ["Маникюр"]})  # fmt: skip
    lotus.session(final_status="dropped", meta={"drop_off_stage": "time_selection"})
    for role in ("user", "assistant"):
        insert(
            plain, "public.recent_history_v2", tenant_id=lotus.id, user_id=lotus.client, session_id=dialog, role=role,
            message="Здравствуйте! Есть ли свободное время завтра утром?",
        )  # fmt: skip
    for comment in ("после шести", "в субботу"):
        add_wish(plain, lotus, comment)
    insert(
        plain, "dashboard.bookings", tenant_id=lotus.id, external_id="7700", client_id="1", start_at="now",
        status="no_show", verified_at="now",
    )  # fmt: skip
    return pages


def sign_in(context: BrowserContext, address: str, plain: Plain, lotus: Salon, role: str = "admin") -> Page:
    """A page on which somebody has pressed the button of a link."""
    page = context.new_page()
    page.goto(f"{address}/enter/{link(plain, user(plain, role, lotus.id, first_name='Айгуль').id)}")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/today*")
    return page


def add_alert(plain: Plain, lotus: Salon) -> None:
    """One that is open."""
    plain.execute("update dashboard.alerts set resolved_at = now() where resolved_at is null")
    insert(
        plain, "dashboard.alerts", tenant_id=lotus.id, kind="error_spike", description="Бот не справляется",
        triggered_at="now",
    )  # fmt: skip


def add_wish(plain: Plain, lotus: Salon, comment: str) -> None:
    """Somebody who waits."""
    insert(
        plain, "public.wishlist_v2", tenant_id=lotus.id, user_id=lotus.client, item_type="service", item_id="1",
        comment=comment,
    )  # fmt: skip
