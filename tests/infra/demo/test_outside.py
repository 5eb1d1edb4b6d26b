"""Who calls from outside, played on the page: GetCourse, YClients, clients of each gateway; and Postgres frozen."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from infra.demo.getcourse.example import VERA
from infra.local.keys import GETCOURSE_BOT
from tests.infra.demo import pictures
from tests.infra.sandbox.page.conftest import needs_chromium
from tests.infra.sandbox.page.test_page_access import problems

pytestmark = [needs_chromium, pytest.mark.slow, pytest.mark.timeout(400)]

HELP = "Позовите человека, пожалуйста"
FORMS = ("Процесс, форма", "Процесс, GET", "Форма в windows-1251", "Подписка set-uri", "Поток n8n",
         "Переслано из n8n целиком")  # fmt: skip


def look_inside(page: Page, tab: str) -> None:
    if page.locator("#inside").is_hidden():
        page.get_by_role("button", name="Внутри").click()
    page.get_by_role("button", name=tab, exact=True).click()


def begin(page: Page, name: str, account: str, text: str = HELP, *, hides: bool = False) -> None:
    page.get_by_role("button", name="+ новый клиент").click()
    page.get_by_label("Имя").fill(name)
    page.get_by_label("Кому").select_option(account)
    page.get_by_label("Первое сообщение").fill(text)
    page.get_by_label("Скрывает номер").set_checked(hides)
    page.get_by_role("button", name="Написать").click()
    expect(page.locator("#title")).to_have_text(name)


def open_chat(page: Page, title: str) -> None:
    page.locator("#chats button").filter(has_text=title).first.click()


def dead(http: httpx.Client) -> int:
    count: int = http.get("/stack/state").json()["totals"].get("dead", 0)
    return count


def write(page: Page, text: str) -> None:
    page.get_by_label("Сообщение", exact=True).fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("form", FORMS)
def test_getcourse_sends_an_answer_in_each_of_its_forms(page: Page, form: str) -> None:
    look_inside(page, "Снаружи")
    page.get_by_label("Ответ ученицы").fill(f"Ответ: {form}")
    page.get_by_label(f"{form}: 2×").click()
    expect(page.locator("#toast")).to_have_text("Принято 2 из 2: новых 1, повторов 1, непонятых 0")


def test_fifty_copies_at_once_are_one_message(page: Page, http: httpx.Client) -> None:
    look_inside(page, "Снаружи")
    page.get_by_label("Ответ ученицы").fill("Пятьдесят раз")
    page.get_by_label("Подписка set-uri: 50×").click()
    expect(page.locator("#toast")).to_have_text("Принято 50 из 50: новых 1, повторов 49, непонятых 0")
    open_chat(page, VERA.name)
    expect(page.locator("article.bot .text").filter(has_text="Пятьдесят раз")).to_have_count(1)

    rows = http.get("/journal", params={"bot": GETCOURSE_BOT, "chat": VERA.chat}).json()
    assert sum("Пятьдесят раз" in str(row["params"]) for row in rows) == 1


def test_what_is_broken_is_kept_and_nobody_hears_of_it(page: Page) -> None:
    look_inside(page, "Снаружи")
    for form in ("Без подстановки", "Оборванный JSON"):
        page.get_by_role("button", name=form).first.click()
        expect(page.locator("#toast")).to_have_text("Принято 1 из 1: новых 0, повторов 0, непонятых 1")


def test_a_day_at_yclients(page: Page, http: httpx.Client) -> None:
    look_inside(page, "Снаружи")
    page.get_by_role("button", name="+ новая запись").click()
    number = max(booking["id"] for booking in http.get("/stack/yclients").json())
    row = page.locator(f'[data-key="booking:{number}"]')
    expect(row).to_contain_text("Carillon: создана")
    row.get_by_text("Подтвердила").click()
    expect(row).to_contain_text("YClients: подтвердила · Carillon: подтверждена")
    page.get_by_label("Хук").select_option("теряется")
    row.get_by_text("Не пришла").click()
    expect(row).to_contain_text("YClients: не пришла · Carillon: подтверждена")
    page.get_by_label("Хук").select_option("приходит дважды")
    row.get_by_text("Удалить").click()
    expect(row).to_contain_text("YClients: удалена · Carillon: отменена")


@pytest.mark.parametrize(
    ("account", "group", "about"),
    [
        ("echo (evolution)", "Менеджеры салона", "WhatsApp (Evolution)"),
        ("100100100 (whatsapp_cloud)", "Менеджеры · Cloud API", "WhatsApp (Cloud API)"),
        ("echo-cf (chatflow)", "Менеджеры · ChatFlow", "WhatsApp (ChatFlow)"),
    ],
)
def test_a_client_who_hides_the_number_is_answered_through_each_gateway(
    page: Page, account: str, group: str, about: str
) -> None:
    name = f"Гость {about}"
    begin(page, name, account, hides=True)
    expect(page.locator("#about")).to_contain_text(f"{about} · номер скрыт")
    open_chat(page, group)
    page.locator("article").filter(has_text=name).get_by_role("button", name="Беру").click()
    expect(page.locator("#toast")).to_contain_text("Вы взяли")
    expect(page.get_by_label("От чьего имени")).to_have_value("9900000201")  # a manager
    page.locator("#topics button").filter(has_text=name).click()
    write(page, f"Добрый день, {name}!")
    page.locator("#chats button.whatsapp").filter(has_text=name).click()
    expect(page.locator("article.bot .text").last).to_have_text(f"Добрый день, {name}!")


def test_what_else_a_client_can_do(page: Page) -> None:
    def does(what: str) -> None:
        page.get_by_label("Что можно сделать с чатом").click()
        page.get_by_role("button", name=what).click()

    begin(page, "Айгерим", "echo (evolution)")
    page.on("dialog", lambda asked: asked.accept("Утром"))
    does("Проголосовать")
    expect(page.locator("article.person .text").last).to_have_text("Утром")
    does("Следующее не дойдёт")
    open_chat(page, "Менеджеры салона")
    page.locator("#topics button").filter(has_text="Айгерим").click()
    expect(page.locator("article.bot .text").filter(has_text="Утром")).to_have_count(1)
    write(page, "Не дойдёт")
    expect(page.locator("article.bot .text").last).to_contain_text("не дошло")

    begin(page, "Бота", "100100100 (whatsapp_cloud)")
    does("Нажать кнопку")
    open_chat(page, "Менеджеры · Cloud API")
    expect(page.locator("article.bot .text").filter(has_text="Утром")).to_have_count(1)


def test_the_model_is_answered_for_by_hand(page: Page, http: httpx.Client) -> None:
    look_inside(page, "Модель")
    page.get_by_role("button", name="Отвечаю я").click()
    expect(page.get_by_role("button", name="Отвечаю я")).to_have_attribute("aria-pressed", "true")
    begin(page, "Жанар", "echo (evolution)", "Какой у вас адрес?")
    field = page.locator("#tab textarea")
    expect(field).to_have_value('{"intent": "question", "confidence": 0.9}')
    page.get_by_role("button", name="Ответить").click()
    expect(field).not_to_have_value('{"intent": "question", "confidence": 0.9}')
    field.fill("Мы на Луне")
    page.get_by_role("button", name="Ответить").click()
    expect(page.locator("article.bot .text").last).to_have_text("Мы на Луне")
    page.get_by_role("button", name="Отвечаю я").click()
    expect(page.get_by_role("button", name="Отвечаю я")).to_have_attribute("aria-pressed", "false")

    assert http.post("/model/answers/999999", json={"text": "x"}).status_code == 404


def test_postgres_freezes_and_nothing_is_lost(page: Page, http: httpx.Client) -> None:
    dead_before = dead(http)
    look_inside(page, "Сбои")
    page.get_by_role("button", name="Заморозить на 10 с").click()
    expect(page.locator(".frozen")).to_contain_text("Postgres заморожен")
    begin(page, "Замёрзший", "echo (evolution)")
    expect(page.locator(".frozen")).to_have_count(0)
    open_chat(page, "Менеджеры салона")
    expect(page.locator("article.bot").filter(has_text="Заявка №").filter(has_text="Замёрзший")).to_have_count(1)

    assert dead(http) == dead_before
    assert http.post("/stack/freeze", json={"seconds": 0}).status_code == 422
    assert http.post("/stack/getcourse", json={"form": "none", "text": "x"}).status_code == 422
    assert http.post("/stack/yclients", json={"does": "come", "record": 1}).status_code == 404


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (390, "dark")])
def test_the_tabs_of_the_stack_are_for_everybody(page: Page, sandbox: str, width: int, scheme: Any) -> None:
    assert page.context.browser
    size: Any = {"width": width, "height": 850}
    found = {}
    with page.context.browser.new_context(viewport=size, color_scheme=scheme, locale="ru-RU", bypass_csp=True) as own:
        opened = own.new_page()
        opened.goto(sandbox)
        opened.wait_for_selector("html[data-ready]")
        opened.get_by_role("button", name="Внутри").click()
        for tab in ("Вебхуки", "Доставка", "Модель", "Снаружи", "Сбои", "Часы", "Истории"):
            opened.get_by_role("button", name=tab, exact=True).click()
            opened.locator("#tab > *").first.wait_for()
            found[tab] = problems(opened)

    assert found == {name: [] for name in found}


def test_the_readmes_pictures_can_be_taken(page: Page, sandbox: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SCREENSHOTS_DIR", tmp_path)) / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    assert page.context.browser
    pictures.take(sandbox, page.context.browser, folder)

    assert {pictures.mark_of(folder / name) for name in pictures.NAMES} == {pictures.fingerprint()}
