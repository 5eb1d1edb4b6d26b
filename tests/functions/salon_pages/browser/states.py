"""How each state of a page is reached that is more than its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from functions.salon_pages.session import slow_down
from tests.functions.salon_pages.world import PASSWORD, Plain, User, link, user
from tests.helpers.issuer import Issuer
from tests.helpers.worlds.salon import Salon

# What the states of anybody open.
PUBLIC_PAGES = ("/enter/{token}", "/signed-in", "/sign-in", "/telegram/back", "/forgot", "/reset/{token}")


@dataclass(frozen=True)
class World:
    """Where the pages are, and what is on them."""

    address: str
    plain: Plain
    lotus: Salon
    empty: Salon
    issuer: Issuer
    person: User  # with PASSWORD


State = Callable[[Page, World], object]


def _opened(path: str) -> State:
    return lambda page, world: page.goto(world.address + path)


def _of_salon(path: str) -> State:
    return lambda page, world: page.goto(f"{world.address}/salons/{world.lotus.id}{path}")


def _send(page: Page, path: str, button: str, **fields: str) -> None:
    """Fill in the form of a page, and press its button."""
    page.goto(path)
    for name, value in fields.items():
        page.locator(f"[name={name}]").last.fill(value)
    _press(page, page.get_by_role("button", name=button, exact=True).last)


def _press(page: Page, button: Locator) -> None:
    with page.expect_navigation():
        button.click()


# Of somebody who is signed in as the owner -------------------------------------------------------------------


def _invited(page: Page, world: World) -> None:
    _send(page, f"{world.address}/salons/{world.lotus.id}/people", "Пригласить", name="Олег")


def _invited_twice(page: Page, world: World) -> None:
    path = f"{world.address}/salons/{world.lotus.id}/people"
    _send(page, path, "Пригласить", name="Олег", email=world.person.email)


def _settings(page: Page, world: World, hour: str) -> None:
    _send(page, f"{world.address}/salons/{world.lotus.id}/settings", "Сохранить", digest_hour=hour)


def _own_period(page: Page, world: World) -> None:
    _of_salon("/today?from=2026-03-01&to=2026-03-31")(page, world)
    for summary in page.locator("summary").all():
        summary.click()


def _without_messages(page: Page, world: World) -> None:
    query = "select max(id) as id from public.conversation_sessions_v2 where tenant_id = %s"
    [row] = world.plain.execute(query, (world.lotus.id,)).fetchall()
    _of_salon(f"/sessions/{row['id']}")(page, world)


def _accepted(page: Page, world: World) -> None:
    _of_salon("/alerts")(page, world)
    _press(page, page.locator("main button").first)


OF_OWNERS: Mapping[str, State] = {
    "people-invited": _invited,
    "people-email-taken": _invited_twice,
    "settings-saved": lambda page, world: _settings(page, world, "7"),
    "settings-wrong": lambda page, world: _settings(page, world, "25"),
    "today-own-period": _own_period,
    "sessions-none-found": _of_salon("/sessions?channel=whatsapp&ending=escalated"),
    "session-without-messages": _without_messages,
    "bookings-of-a-verdict": _of_salon("/bookings?verdict=no_show"),
    "alerts-accepted": _accepted,
    "me-saved": _opened("/me?saved=1"),
    "problem-400": _of_salon("/today?from=2020-01-01"),
    "problem-404": _opened("/nowhere"),
    "problem-405": _opened("/sign-out"),
}


# Of anybody --------------------------------------------------------------------------------------------------


def _enter(page: Page, world: World) -> None:
    page.goto(f"{world.address}/enter/{link(world.plain, world.person.id)}")


def _wrong(page: Page, world: World) -> None:
    _send(page, f"{world.address}/sign-in", "Войти", email=world.person.email, password="не тот пароль")


def _too_often(page: Page, world: World) -> None:
    for _ in range(slow_down.FREE_TRIES["account"]):
        _wrong(page, world)
    world.plain.execute("delete from dashboard.sign_in_attempts")


def _forgotten(page: Page, world: World) -> None:
    _send(page, f"{world.address}/forgot", "Прислать ссылку", email="nobody@example.com")


def _reset(page: Page, world: World) -> None:
    token = "r" * 43
    query = """update dashboard.users
               set reset_password_token = encode(sha256(%s::bytea), 'hex'), reset_password_sent_at = now()
               where id = %s"""
    world.plain.execute(query, (token, world.person.id))
    page.goto(f"{world.address}/reset/{token}")


def _weak(page: Page, world: World) -> None:
    _reset(page, world)
    for field in page.locator("input").all():
        field.fill("111111111111")
    _press(page, page.get_by_role("button"))


def _password(page: Page, world: World) -> None:
    """Their own page, as somebody with a password."""
    _send(page, f"{world.address}/sign-in?next=%2Fme", "Войти", email=world.person.email, password=PASSWORD)
    page.wait_for_url("**/me")
    wrong = {"current": "не тот пароль", "password": "другая длинная фраза", "again": "другая длинная фраза"}
    for name, value in wrong.items():
        page.locator(f"[name={name}]").fill(value)
    _press(page, page.get_by_role("button", name="Сохранить").first)


def _by_telegram(page: Page, world: World, telegram_id: int) -> None:
    world.issuer.person = telegram_id
    page.goto(f"{world.address}/telegram/start")
    back = world.issuer.allow(page.url)
    page.goto(world.address + back[back.index("/telegram/back") :])


def _choice(page: Page, world: World) -> None:
    for of in (world.lotus, world.empty):
        user(world.plain, "admin", of.id, telegram_id=9_900_400_002)
    _by_telegram(page, world, 9_900_400_002)


OF_ANYBODY: Mapping[str, State] = {
    "sign-in": _opened("/sign-in"),
    "sign-in-with-new-password": _opened("/sign-in?done=password"),
    "sign-in-wrong": _wrong,
    "sign-in-too-often": _too_often,
    "enter": _enter,
    "enter-over": _opened("/enter/over"),
    "no-cookie": _opened("/signed-in"),
    "forgot": _opened("/forgot"),
    "forgot-sent": _forgotten,
    "reset": _reset,
    "reset-weak": _weak,
    "reset-over": _opened("/reset/over"),
    "me-wrong-password": _password,
    "telegram-failed": _opened("/telegram/back"),
    "telegram-unknown": lambda page, world: _by_telegram(page, world, 9_900_400_001),
    "telegram-choice": _choice,
}
