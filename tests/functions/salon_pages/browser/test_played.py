"""The pages in a real browser: days of an owner, of staff, of somebody invited; and what goes wrong on such days."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functions.salon_pages.browser.conftest import add_alert, add_wish, sign_in
from tests.functions.salon_pages.world import Plain, link, user
from tests.helpers.issuer import Issuer
from tests.helpers.worlds.salon import Salon

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


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


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_day_of_somebody_of_the_staff(
    chromium: Browser,
    address: str,
    plain: Plain,
    lotus: Salon,
    scripts: bool,  # noqa: FBT001
) -> None:
    add_alert(plain, lotus)
    add_wish(plain, lotus, f"утром, {scripts}")
    with chromium.new_context(locale="ru-RU", java_script_enabled=scripts) as context:
        page = sign_in(context, address, plain, lotus, "staff")
        assert sections(page) == ["Сегодня", "Воронка", "Услуги", "Диалоги", "Записи", "Лист ожидания", "Тревоги"]
        assert "₸" not in page.inner_text("main")

        page.get_by_role("link", name="Что делать").click()
        page.get_by_role("button", name=re.compile("Принято")).click()
        assert "Принята" in page.inner_text("main")

        page.get_by_role("link", name="Лист ожидания").click()
        row = page.get_by_role("row").filter(has_text=f"утром, {scripts}")
        row.get_by_role("button", name=re.compile("Готово")).click()
        done = page.locator("table", has_text="Отмечено как сделанное")
        assert f"утром, {scripts}" in done.inner_text()

        page.get_by_role("link", name="Диалоги").click()
        page.get_by_label("Запись").select_option("yes")
        page.get_by_role("button", name="Показать", exact=True).last.click()
        page.locator("tbody a").first.click()
        assert "свободное время" in page.inner_text("main")
        assert "9 000" not in page.inner_text("main").replace("\xa0", " ")

        page.goto(f"{address}/salons/{lotus.id}/people")
        assert "Здесь ничего нет" in page.inner_text("main")


def test_somebody_who_is_invited_comes_in_by_the_link_that_the_owner_was_shown(
    chromium: Browser, address: str, plain: Plain, lotus: Salon
) -> None:
    with (
        chromium.new_context(locale="ru-RU") as of_owner,
        chromium.new_context(locale="en-GB") as of_guest,
        chromium.new_context() as of_thief,
    ):
        owner = sign_in(of_owner, address, plain, lotus)
        owner.get_by_role("link", name="Люди").click()
        owner.get_by_label("Имя").fill("Марина Приглашённая")
        owner.get_by_role("button", name="Пригласить").click()
        shown = str(owner.get_by_label("Для браузера").input_value())
        invited = address + shown[shown.index("/enter/") :]

        guest = of_guest.new_page()
        guest.goto(invited)
        guest.get_by_role("button", name="Sign in").click()
        guest.wait_for_url("**/today*")
        assert "Марина Приглашённая" in guest.inner_text("header")
        assert guest.get_by_role("link", name="People").count() == 0

        thief = of_thief.new_page()
        thief.goto(invited)
        assert thief.get_by_role("button").count() == 0

        owner.get_by_role("link", name="Люди").click()
        owner.get_by_role("button", name="Закрыть доступ: Марина Приглашённая").click()
        guest.get_by_role("link", name="Funnel").click()
        guest.wait_for_url("**/sign-in?next=*")


def test_two_tabs_and_the_back_button_change_nothing_twice(
    chromium: Browser, address: str, plain: Plain, lotus: Salon
) -> None:
    add_alert(plain, lotus)
    with chromium.new_context(locale="ru-RU") as context:
        first = sign_in(context, address, plain, lotus)
        second = context.new_page()
        for page in (first, second):
            page.goto(f"{address}/salons/{lotus.id}/alerts")
        for page in (first, second):  # the second one shows a button that was pressed elsewhere
            page.get_by_role("button", name=re.compile("Принято")).click()
            expect(page.locator("main")).to_contain_text("Принята")

        first.get_by_role("link", name="Воронка").click()
        first.go_back()
        expect(first.locator("main")).to_contain_text("Принята")
        assert first.get_by_role("button", name=re.compile("Принято")).count() == 0

        second.get_by_role("button", name="Выйти").click()
        first.get_by_role("link", name="Воронка").click()
        first.wait_for_url("**/sign-in?next=*")
    query = """select count(*) as n from dashboard.audits a
               where a.metadata ->> 'alert_id' = (select max(id)::text from dashboard.alerts)"""
    assert plain.execute(query).fetchone() == {"n": 1}


def test_chosen_days_go_along_from_section_to_section(
    chromium: Browser, address: str, plain: Plain, lotus: Salon
) -> None:
    with chromium.new_context(locale="ru-RU") as context:
        page = sign_in(context, address, plain, lotus)
        page.get_by_role("link", name="30 дней").click()
        chosen = page.url.partition("?")[2]
        for name in ("Воронка", "Лист ожидания", "Диалоги", "Услуги"):
            page.get_by_role("navigation", name="Разделы").get_by_role("link", name=name).click()
            assert page.url.partition("?")[2] == chosen, name
        assert f"from={page.locator('[name=from]').first.input_value()}" in chosen


def test_somebody_comes_in_by_telegram(
    chromium: Browser, address: str, plain: Plain, lotus: Salon, issuer: Issuer
) -> None:
    issuer.person = 9_900_300_001
    user(plain, "admin", lotus.id, telegram_id=issuer.person, first_name="Дана")
    with chromium.new_context(locale="ru-RU") as context:
        page = context.new_page()
        page.goto(f"{address}/salons/{lotus.id}/funnel")
        page.get_by_role("link", name="Войти через Telegram").click()
        assert page.url.startswith(issuer.url)
        back = issuer.allow(page.url)
        page.goto(address + back[back.index("/telegram/back") :])

        page.wait_for_url("**/funnel")
        assert "Дана" in page.inner_text("header")


def sections(page: Page) -> list[str]:
    """The names of those that are offered."""
    return [name.strip() for name in page.locator("nav.sections a").all_inner_texts()]
