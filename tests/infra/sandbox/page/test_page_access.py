"""The page for everybody: axe finds nothing (WCAG A, AA, best practice), and no page is wider than its window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.infra.sandbox.page.conftest import BOT, Bots, needs_chromium, show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [needs_chromium, pytest.mark.slow, pytest.mark.timeout(1800)]

PERSON = 4100000601
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BUTTONS = {"inline_keyboard": [[{"text": "Беру", "callback_data": "take"}]]}


def problems(page: Page) -> Any:
    ran = (
        Axe()
        .run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        .response
    )
    found = [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in ran["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_anybodys_way(chromium: Browser, bots: Bots, width: int, scheme: Any) -> None:
    bots.control("reset")
    bots.control("say", bot=BOT, chat_id=PERSON, first_name="Дана", text="/start")
    bots.call("sendMessage", chat_id=PERSON, text="<b>Заявка</b>", parse_mode="HTML", reply_markup=BUTTONS)
    size: Any = {"width": width, "height": 800}
    with chromium.new_context(viewport=size, color_scheme=scheme, locale="ru-RU", bypass_csp=True) as context:
        page = context.new_page()
        show(page, bots)
        found = {"list": problems(page)}
        page.get_by_role("button", name="+ новый человек").click()
        found["beginner"] = problems(page)
        page.get_by_role("button", name="Отмена").click()
        page.get_by_role("button", name="Внутри").click()
        for tab in ("Вебхуки", "Модель", "Сбои"):
            page.get_by_role("button", name=tab, exact=True).click()
            found[tab] = problems(page)
        page.get_by_role("button", name="Закрыть").click()
        page.locator("#chats button").first.click()
        found["chat"] = problems(page)

    assert found == {name: [] for name in found}
