"""The pages in a real browser: an owner's morning, without scripts, with what accessibility asks for."""

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.functions.salon_pages.world import Plain, link, user
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed. On Debian: apt install chromium"),
]

SECTIONS = ("today", "funnel", "services", "sessions", "bookings", "waiting", "alerts", "settings", "people", "audit")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(pages: str, plain: Plain, lotus: Salon) -> str:
    """The pages by a name that a browser trusts over http, too; the salon has something to show."""
    dialog = lotus.session(booking_id="7700", meta={"services_mentioned": ["Маникюр"]})
    lotus.session(final_status="dropped", meta={"drop_off_stage": "time_selection"})
    for role in ("user", "assistant"):
        insert(
            plain, "public.recent_history_v2", tenant_id=lotus.id, user_id=lotus.client, session_id=dialog, role=role,
            message="Здравствуйте!",
        )  # fmt: skip
    insert(
        plain, "public.wishlist_v2", tenant_id=lotus.id, user_id=lotus.client, item_type="service", item_id="1",
        comment="после шести",
    )  # fmt: skip
    insert(
        plain, "dashboard.bookings", tenant_id=lotus.id, external_id="7700", client_id="1", start_at="now",
        status="no_show", verified_at="now",
    )  # fmt: skip
    return pages.replace("127.0.0.1", "localhost").rstrip("/")


def sign_in(context: BrowserContext, address: str, plain: Plain, lotus: Salon) -> Page:
    """A page on which an owner has pressed the button of a link."""
    page = context.new_page()
    page.goto(f"{address}/enter/{link(plain, user(plain, 'admin', lotus.id, first_name='Айгуль').id)}")
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


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_owners_morning(chromium: Browser, address: str, plain: Plain, lotus: Salon, scripts: bool) -> None:  # noqa: FBT001
    add_alert(plain, lotus)
    with chromium.new_context(locale="ru-RU", java_script_enabled=scripts) as context:
        foreign: list[str] = []
        context.on("request", lambda asked: foreign.append(asked.url) if not asked.url.startswith(address) else None)
        page = sign_in(context, address, plain, lotus)

        page.get_by_role("link", name="Тревоги").click()
        page.get_by_role("button", name=re.compile("Принято")).click()
        assert "Принята" in page.inner_text("main")

        page.get_by_role("link", name="Настройки").click()
        page.get_by_label("Час сводки").fill("25")
        page.get_by_role("button", name="Сохранить").click()
        assert page.get_by_label("Час сводки").get_attribute("aria-invalid") == "true"
        page.get_by_label("Час сводки").fill("7")
        page.get_by_role("button", name="Сохранить").click()
        assert "Сохранено" in page.inner_text("main")

        page.get_by_role("link", name="Люди").click()
        page.get_by_label("Имя").fill("Олег")
        page.get_by_role("button", name="Пригласить").click()
        assert "/enter/" in str(page.get_by_label("Для браузера").input_value())

        page.get_by_role("link", name="Журнал").click()
        page.get_by_role("button", name="Выйти").click()
        page.wait_for_url("**/sign-in")
        page.go_back()  # the browser has kept nothing, and asks anew
        page.wait_for_url("**/sign-in?next=*")
        assert foreign == []


def test_a_session_that_is_ended_elsewhere_is_over_here(
    chromium: Browser, address: str, plain: Plain, lotus: Salon
) -> None:
    with chromium.new_context(locale="ru-RU") as context:
        page = sign_in(context, address, plain, lotus)
        plain.execute("update dashboard.page_sessions set ended_at = now()")

        page.get_by_role("link", name="Люди").click()
        page.wait_for_url("**/sign-in?next=*")


def test_a_link_that_somebody_else_has_used_says_so(
    chromium: Browser, address: str, plain: Plain, lotus: Salon
) -> None:
    stolen = link(plain, user(plain, "admin", lotus.id).id)
    with chromium.new_context(locale="ru-RU") as thief, chromium.new_context(locale="ru-RU") as owner:
        for context in (thief, owner):
            page = context.new_page()
            page.goto(f"{address}/enter/{stolen}")
            if context is thief:
                page.get_by_role("button", name="Войти").click()
                page.wait_for_url("**/today*")

        assert "больше не действует" in page.inner_text("main")


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(
    chromium: Browser, address: str, plain: Plain, lotus: Salon, width: int, scheme: Any
) -> None:
    """axe: contrast, names, order, keyboard; and no page is wider than its window."""
    add_alert(plain, lotus)
    token = link(plain, user(plain, "admin", lotus.id).id)
    size: Any = {"width": width, "height": 800}
    found: dict[str, Any] = {}
    with chromium.new_context(viewport=size, color_scheme=scheme, locale="ru-RU", bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        found["sign-in"] = problems(page)
        page.goto(f"{address}/enter/{token}")
        found["enter"] = problems(page)
        page.get_by_role("button", name="Войти").click()
        page.wait_for_url("**/today*")
        for path in ("/me", "/nowhere", *(f"/salons/{lotus.id}/{section}" for section in SECTIONS)):
            page.goto(address + path)
            found[path] = problems(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    assert {path: problem for path, problem in found.items() if problem} == {}


def problems(page: Page) -> list[tuple[str, str]]:
    """What axe finds: the rule, and the first element that breaks it."""
    return [(found["id"], found["nodes"][0]["html"][:200]) for found in Axe().run(page).response["violations"]]
