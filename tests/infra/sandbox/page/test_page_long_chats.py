"""Ten thousand messages in a chat: the page shows a part of them, and goes through all."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.infra.sandbox.page.conftest import BOT, GROUP, Bots, needs_chromium, show

pytestmark = [needs_chromium, pytest.mark.slow, pytest.mark.timeout(300)]

PERSON = 4100000701
MANY = 10_000
MAX_NODES = 6000  # of the whole page; a message has about a dozen


def fill(bots: Bots, chat_id: int, count: int, thread: int = 0) -> None:
    telegram = bots.server.telegram
    chat = telegram.open_chat(BOT, chat_id)
    assert chat
    sender = telegram.bot_of(BOT).public()
    for number in range(count):
        telegram.post(chat, sender, {"text": f"Сообщение {number}"}, chat.topics.get(thread))


def nodes(page: Page) -> int:
    count: int = page.evaluate("document.querySelectorAll('*').length")
    return count


def scrolled_to(page: Page, end: str) -> None:
    page.locator("#messages").evaluate(f"node => {{ node.scrollTop = {end}; }}")


def test_ten_thousand_messages_are_shown_in_parts(page: Page, bots: Bots, record_property: Any) -> None:
    bots.control("say", bot=BOT, chat_id=PERSON, first_name="Дана", text="/start")
    fill(bots, PERSON, MANY)
    page.goto("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/view" in request.url else None)
    began = time.monotonic()
    show(page, bots, f"{BOT}:{PERSON}")
    expect(page.locator("article .text").last).to_have_text(f"Сообщение {MANY - 1}")
    record_property("opened_seconds", round(time.monotonic() - began, 2))
    assert nodes(page) < MAX_NODES
    assert len(asked) <= 3  # for the page, and for the first word that it is live

    for _ in range(5):
        first = page.locator("article .text").first.text_content()
        scrolled_to(page, "0")
        expect(page.locator("article .text").first).not_to_have_text(str(first))
        expect(page.locator("article .text").filter(has_text=str(first))).to_be_visible()  # it has stayed
        assert nodes(page) < MAX_NODES
    bots.call("sendMessage", chat_id=PERSON, text="Новое")
    expect(page.locator("#chats button").first).to_contain_text("Новое")
    expect(page.get_by_text("Новое", exact=True)).to_have_count(1)  # in the list alone: one reads what was before
    page.get_by_role("button", name="К последним").click()
    expect(page.locator("article .text").last).to_have_text("Новое")
    expect(page.get_by_role("button", name="К последним")).to_be_hidden()


def test_back_and_forth_through_a_long_chat(page: Page, bots: Bots) -> None:
    bots.control("say", bot=BOT, chat_id=PERSON, first_name="Дана", text="/start")
    fill(bots, PERSON, 260)
    show(page, bots, f"{BOT}:{PERSON}")
    while page.get_by_role("button", name="Показать раньше").is_visible():
        first = page.locator("article .text").first.text_content()
        # On the way to the button the page may go back by itself, and hide it at the beginning.
        with contextlib.suppress(NotInTime):
            page.get_by_role("button", name="Показать раньше").click(timeout=10_000)
        expect(page.locator("article .text").first).not_to_have_text(str(first))
    expect(page.locator("article .text").first).to_have_text("/start")
    while page.get_by_role("button", name="К последним").is_visible():
        last = page.locator("article .text").last.text_content()
        scrolled_to(page, "node.scrollHeight")
        expect(page.locator("article .text").last).not_to_have_text(str(last))
    expect(page.locator("article .text").last).to_have_text("Сообщение 259")


def test_a_quiet_topic_is_found_behind_a_loud_one(page: Page, bots: Bots) -> None:
    bots.control("chats", chat_id=GROUP, title="Менеджеры", is_forum=True)
    quiet, loud = (
        bots.call("createForumTopic", chat_id=GROUP, name=name)["message_thread_id"] for name in ("Тихая", "Громкая")
    )
    fill(bots, GROUP, 1, quiet)
    fill(bots, GROUP, 300, loud)
    show(page, bots, f"0:{GROUP}")
    expect(page.locator("article .text").last).to_have_text("Сообщение 299")
    page.get_by_role("button", name="Тихая", exact=True).click()
    expect(page.locator("article .text")).to_have_text(["Сообщение 0"])


def test_a_long_chat_of_whatsapp(page: Page, bots: Bots) -> None:
    who = {"gateway": "evolution", "account": "long", "from": "77010000771"}
    for number in range(250):
        bots.control("whatsapp/say", **who, text=f"Сообщение {number}")
    show(page, bots, "wa:evolution:long:77010000771")
    expect(page.locator("article .text").last).to_have_text("Сообщение 249")
    page.get_by_role("button", name="Показать раньше").click()
    expect(page.locator("article .text").first).not_to_have_text("Сообщение 150")
    page.get_by_role("button", name="К последним").click()
    expect(page.locator("article .text").last).to_have_text("Сообщение 249")


def test_what_is_no_number_is_refused(bots: Bots) -> None:
    for query in ({"count": "x"}, {"thread": "-1"}):
        assert bots.http.get("/_sandbox/view", params=query).status_code == 422
