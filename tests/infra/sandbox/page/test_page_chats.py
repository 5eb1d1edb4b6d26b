"""A newcomer plays everybody on the page: people, a group with topics, clients of WhatsApp."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.infra.sandbox.page.conftest import BOT, GROUP, Bots, needs_chromium, show

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_chromium, pytest.mark.slow, pytest.mark.timeout(1800)]

PERSON = 4100000501
BUTTONS = {
    "inline_keyboard": [[{"text": "Беру", "callback_data": "take"}, {"text": "Сайт", "url": "https://a.example"}]]
}


def polled(bots: Bots) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = bots.call("getUpdates", offset=-1)
    return updates


def open_private(page: Page, bots: Bots) -> None:
    bots.control("say", bot=BOT, chat_id=PERSON, first_name="Дана", text="/start")
    show(page, bots, f"{BOT}:{PERSON}")


def open_forum(page: Page, bots: Bots) -> int:
    bots.control("chats", chat_id=GROUP, title="Менеджеры", is_forum=True)
    topic: int = bots.call("createForumTopic", chat_id=GROUP, name="Дана")["message_thread_id"]
    show(page, bots, f"0:{GROUP}")
    return topic


def test_somebody_new_writes_and_the_answer_comes_by_itself(page: Page, bots: Bots) -> None:
    page.get_by_role("button", name="+ новый человек").click()
    page.get_by_label("Имя").fill("Дана <b>Звонкова</b>")
    page.get_by_role("button", name="Написать").click()
    expect(page.locator("article.person .text")).to_have_text("/start")

    [update] = polled(bots)
    person = update["message"]["from"]
    bots.call("sendMessage", chat_id=person["id"], text="<b>Привет</b> и <code>код</code>", parse_mode="HTML")
    answer = page.locator("article.bot .text")
    expect(answer).to_have_text("Привет и код")
    expect(answer.locator("b")).to_have_text("Привет")
    expect(page.locator("#title")).to_have_text("Дана <b>Звонкова</b>")
    assert person["first_name"] == "Дана <b>Звонкова</b>"


def test_a_press_brings_the_callback_and_its_answer_is_a_toast(page: Page, bots: Bots) -> None:
    open_private(page, bots)
    sent = bots.call("sendMessage", chat_id=PERSON, text="Заявка", reply_markup=BUTTONS)
    page.get_by_role("button", name="Беру").click()
    expect(page.locator("#toast")).to_contain_text("обновление ждёт в getUpdates")

    query = polled(bots)[-1]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("take", PERSON)
    bots.call("answerCallbackQuery", callback_query_id=query["id"], text="Вы взяли")
    expect(page.locator("#toast")).to_have_text("Вы взяли")
    bots.call("editMessageText", chat_id=PERSON, message_id=sent["message_id"], text="Взято")
    expect(page.locator("article.bot .text")).to_have_text("Взято")
    expect(page.locator("article.bot .keys")).to_have_count(0)
    expect(page.locator("article.bot .foot")).to_contain_text("изменено")


def test_whoever_is_at_a_button_stays_there_while_everything_is_drawn_anew(page: Page, bots: Bots) -> None:
    open_private(page, bots)
    sent = bots.call("sendMessage", chat_id=PERSON, text="Заявка", reply_markup=BUTTONS)
    page.get_by_role("button", name="Беру").focus()
    bots.call("editMessageText", chat_id=PERSON, message_id=sent["message_id"], text="Другое", reply_markup=BUTTONS)
    expect(page.locator("article.bot .text")).to_have_text("Другое")
    expect(page.get_by_role("button", name="Беру")).to_be_focused()

    page.locator("#chats button").first.focus()
    bots.control("say", bot=BOT, chat_id=PERSON + 1, first_name="Марат", text="Здравствуйте")  # its chat comes first
    expect(page.locator("#chats button")).to_have_count(2)
    expect(page.locator("#chats button").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#title")).to_have_text("Марат")
    page.keyboard.press("/")
    page.keyboard.type("Ещё")
    page.keyboard.press("Enter")
    expect(page.locator("article.person .text").last).to_have_text("Ещё")


def test_in_a_group_anybody_writes_and_presses_in_a_topic(page: Page, bots: Bots) -> None:
    topic = open_forum(page, bots)
    bots.control("say", bot=BOT, chat_id=PERSON, first_name="Алия", text="/start")
    bots.call("sendMessage", chat_id=GROUP, message_thread_id=topic, text="Заявка №1", reply_markup=BUTTONS)
    page.get_by_role("button", name="Дана", exact=True).click()
    page.get_by_label("От чьего имени").select_option("Алия")
    page.get_by_role("button", name="Беру").click()
    page.get_by_label("Сообщение", exact=True).fill("Беру это")
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator("article.person .who")).to_contain_text("Алия")

    said = polled(bots)[-1]["message"]
    assert (said["text"], said["message_thread_id"], said["from"]["id"]) == ("Беру это", topic, PERSON)

    page.on("dialog", lambda asked: asked.accept("Тимур"))
    page.get_by_label("От чьего имени").select_option("+ ещё человек…")
    page.get_by_label("Сообщение", exact=True).fill("И я")
    page.keyboard.press("Enter")
    expect(page.locator("article.person .who").last).to_contain_text("Тимур")


def test_what_can_be_done_with_a_chat(page: Page, bots: Bots) -> None:
    def does(name: str) -> None:
        page.get_by_label("Что можно сделать с чатом").click()
        page.get_by_role("button", name=name).click()

    topic = open_forum(page, bots)
    chat = bots.server.telegram.chats[0, GROUP]
    does("Отнять у бота права")
    expect(page.locator("#toast")).to_have_text("Готово")
    assert chat.bot_status == "member"
    page.get_by_role("button", name="Дана", exact=True).click()
    does("Удалить тему")
    expect(page.get_by_role("button", name="Дана", exact=True)).to_have_count(0)
    assert topic not in chat.topics

    open_private(page, bots)
    does("Заблокировать бота")
    expect(page.locator("#about")).to_contain_text("бот заблокирован")
    does("Разблокировать бота")
    expect(page.locator("#about")).not_to_contain_text("заблокирован")
    does("Отправить свой контакт")
    expect(page.locator("article.person .file")).to_contain_text("Контакт")


def test_files_come_and_go_and_an_album_is_one_bubble(page: Page, bots: Bots, tmp_path: Path) -> None:
    open_private(page, bots)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    (tmp_path / "a.png").write_bytes(picture.getvalue())
    (tmp_path / "b.txt").write_text("прайс", "utf-8")
    page.get_by_label("Приложить файл").set_input_files([tmp_path / "a.png", tmp_path / "b.txt"])
    page.get_by_label("Сообщение", exact=True).fill("Смотрите")
    page.keyboard.press("Enter")
    expect(page.locator("article.person img.picture")).to_be_visible()
    expect(page.locator("article.person .file")).to_contain_text("b.txt")

    files = {name: picture.getvalue() for name in ("one", "two")}
    media = [{"type": "photo", "media": f"attach://{name}"} for name in files]
    data = {"chat_id": str(PERSON), "media": json.dumps(media)}
    bots.http.post(f"/bot{BOT}:{'a' * 35}/sendMediaGroup", data=data, files=files).raise_for_status()
    expect(page.locator("article.bot .album img")).to_have_count(2)
    expect(page.locator("article.bot")).to_have_count(1)


def test_a_client_of_whatsapp_is_played_from_both_ends(page: Page, bots: Bots) -> None:
    bots.control("whatsapp/webhooks", gateway="evolution", account="echo", url=f"{bots.server.url}/nowhere")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("button", name="+ новый клиент").click()
    page.get_by_label("Имя").fill("Сауле")
    page.get_by_role("button", name="Написать").click()
    expect(page.locator("#about")).to_contain_text("WhatsApp (Evolution)")
    expect(page.locator("#toast")).to_have_text("Вебхук ответил: 404")
    page.get_by_label("От чьего имени").select_option("Владелец (с телефона)")
    page.get_by_label("Сообщение", exact=True).fill("Это я, с телефона")
    page.keyboard.press("Enter")
    expect(page.locator("article.bot .text")).to_have_text("Это я, с телефона")
    rows = list(bots.server.whatsapp.conversation.values())
    assert [row["from_me"] for row in rows] == [False, True]


def test_it_speaks_the_language_that_is_asked_for(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sandbox")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("button", name="+ новый человек")).to_be_visible()
