"""Signing in by Telegram, with an issuer of our own in its place."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from functions.salon_pages.session import slow_down
from shared import config
from shared.errors import ConfigError
from tests.conftest import rows
from tests.functions.salon_pages.world import Browser, Plain, served_settings, user
from tests.helpers import issuer as issuers
from tests.helpers.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, new_key
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds.salon import Salon

PAGES = "https://pages.example.com/salon_pages"
COOKIE = "__Host-carillon-telegram"
ANNA = 9_900_200_001


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    with issuers.issuing() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def with_telegram(module_database_url: str, printed: Path, served: Issuer) -> Iterator[str]:
    """The pages, which take that issuer for Telegram."""
    settings = {"TELEGRAM_LOGIN_URL": served.url, "TELEGRAM_LOGIN_CLIENT_ID": CLIENT_ID,
                "TELEGRAM_LOGIN_CLIENT_SECRET": CLIENT_SECRET}  # fmt: skip
    with serve_in_thread("salon_pages", printed, **served_settings(module_database_url, **settings)) as running:
        yield running.url


@pytest.fixture
def issuer(served: Issuer, plain: Plain) -> Issuer:
    """It signs as it should, and nobody has tried yet."""
    served.person, served.changes, served.signed_by, served.status = ANNA, {}, None, 200
    plain.execute("delete from dashboard.sign_in_attempts")
    return served


@pytest.fixture
def anna(plain: Plain, lotus: Salon) -> Iterator[int]:
    """Somebody whom the salon's bot knows."""
    known = user(plain, "admin", lotus.id, telegram_id=ANNA)
    yield known.id
    plain.execute("update dashboard.users set telegram_id = null where telegram_id = %s", (ANNA,))


class Visitor(Browser):
    """A browser that keeps the cookie of its way to Telegram, too."""

    way = ""

    def _sent(self, headers: dict[str, str]) -> dict[str, str]:
        sent = super()._sent(headers)
        cookies = [part for part in (sent.get("cookie", ""), f"{COOKIE}={self.way}" if self.way else "") if part]
        return {**sent, "cookie": "; ".join(cookies)} if cookies else sent

    def _kept(self, response: httpx.Response) -> httpx.Response:
        for name, value in response.headers.multi_items():
            if name == "set-cookie" and (found := re.match(rf"{COOKIE}=([^;]*)", value)):
                self.way = found[1].strip('"')
        return super()._kept(response)

    def begin(self, query: str = "") -> str:
        """Where the browser is sent."""
        return str(self.get(f"/telegram/start{query}").headers["location"])

    def end(self, address: str) -> httpx.Response:
        """Come back."""
        return self.get(address.removeprefix(PAGES))


def test_whoever_telegram_vouches_for_is_signed_in_and_comes_back_to_where_they_were(
    with_telegram: str, issuer: Issuer, anna: int, plain: Plain
) -> None:
    browser = Visitor(with_telegram)
    asked = browser.get("/sign-in?next=%2Fme").text
    [start] = re.findall(r'href="(/telegram/start[^"]*)"', asked)

    answer = browser.end(issuer.allow(browser.begin(start.removeprefix("/telegram/start"))))

    assert answer.status_code == 303
    assert browser.follow(answer).url.path == "/me"
    assert browser.way == ""
    [session] = rows(plain, "select way from dashboard.page_sessions where user_id = %s", anna)
    [audit] = rows(plain, "select metadata from dashboard.audits where user_id = %s and action = 'login'", anna)
    assert (session["way"], audit["metadata"]) == ("telegram", {"way": "telegram"})


def test_what_is_asked_of_telegram_is_bound_to_one_browser_and_one_attempt(with_telegram: str) -> None:
    first, second = (
        parse_qs(urlsplit(Visitor(with_telegram).begin()).query) for _ in range(2)
    )  # fmt: skip

    assert first["redirect_uri"] == [f"{PAGES}/telegram/back"]
    assert first["scope"] == ["openid profile"]
    for name in ("state", "nonce", "code_challenge"):
        assert re.fullmatch(r"[\w-]{43}", first[name][0])
        assert first[name] != second[name]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": None}, {"iss": "https://evil.example"},
        {"exp": 1}, {"exp": None}, {"id": None}, {"id": "0"}, {"id": "-1"}, {"id": "1e9"}, {"id": [ANNA]},
        {"id": "9" * 40},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_for_this_person_now_and_here_signs_nobody_in(
    with_telegram: str, issuer: Issuer, changes: dict[str, Any]
) -> None:
    browser = Visitor(with_telegram)
    issuer.changes = changes

    answer = browser.end(issuer.allow(browser.begin()))

    assert (answer.status_code, browser.token) == (400, "")
    assert "не вышло" in answer.text


@pytest.mark.usefixtures("anna")
def test_who_else_signs_a_token_signs_nobody_in(with_telegram: str, issuer: Issuer) -> None:
    browser = Visitor(with_telegram)
    issuer.signed_by = new_key(issuer.algorithm)

    assert browser.end(issuer.allow(browser.begin())).status_code == 400


@pytest.mark.usefixtures("anna")
def test_the_person_is_the_id_and_not_the_subject(with_telegram: str, issuer: Issuer) -> None:
    browser = Visitor(with_telegram)
    issuer.person, issuer.changes = ANNA + 1, {"sub": str(ANNA)}

    answer = browser.end(issuer.allow(browser.begin()))

    assert (answer.status_code, browser.token) == (403, "")
    assert "/dashboard" in answer.text


@pytest.mark.usefixtures("anna")
def test_another_browser_cannot_end_what_it_has_not_begun(with_telegram: str, issuer: Issuer) -> None:
    """Nor can anybody be signed in as somebody else by a link that leads back here."""
    thief, victim = Visitor(with_telegram), Visitor(with_telegram)
    address = issuer.allow(thief.begin())
    victim.begin()

    assert victim.end(address).status_code == 400
    assert Visitor(with_telegram).end(address).status_code == 400
    assert victim.token == ""


@pytest.mark.usefixtures("anna")
def test_a_code_is_for_one_use(with_telegram: str, issuer: Issuer) -> None:
    browser = Visitor(with_telegram)
    address = issuer.allow(browser.begin())
    kept = browser.way

    assert browser.end(address).status_code == 303
    browser.way = kept
    assert browser.end(address).status_code == 400


def test_who_declines_or_comes_with_nothing_is_told_what_to_do(with_telegram: str) -> None:
    browser = Visitor(with_telegram)
    state = parse_qs(urlsplit(browser.begin()).query)["state"][0]

    for query in (f"?error=access_denied&state={state}", "", "?code=x", "?code=x&state=%00", "?code=&state="):
        answer = browser.get(f"/telegram/back{query}")
        assert answer.status_code == 400, query


@pytest.mark.parametrize("status", [500, 429])
def test_where_telegram_does_not_answer_people_are_asked_to_come_back(
    with_telegram: str, issuer: Issuer, status: int
) -> None:
    browser = Visitor(with_telegram)
    issuer.status = status

    answer = browser.end(issuer.allow(browser.begin()))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_who_is_known_in_two_salons_chooses_one(
    with_telegram: str, issuer: Issuer, anna: int, plain: Plain, neighbour: Salon
) -> None:
    other = user(plain, "staff", neighbour.id, telegram_id=ANNA)
    browser = Visitor(with_telegram)

    choice = browser.end(issuer.allow(browser.begin()))
    [way] = re.findall(r'action="(/enter/[^"]+)"><button>Сирень', choice.text)
    entered = browser.follow(browser.post(way))

    assert (choice.status_code, entered.url.path) == (200, f"/salons/{neighbour.id}/today")
    assert rows(plain, "select from dashboard.page_sessions where user_id = %s", anna) == []
    assert len(rows(plain, "select from dashboard.page_sessions where user_id = %s", other.id)) == 1


@pytest.mark.usefixtures("anna")
def test_whoever_is_switched_off_does_not_come_in(with_telegram: str, issuer: Issuer, plain: Plain) -> None:
    plain.execute("update dashboard.users set active = false where telegram_id = %s", (ANNA,))
    browser = Visitor(with_telegram)

    assert browser.end(issuer.allow(browser.begin())).status_code == 403


def test_codes_are_tried_for_nobody_without_end(with_telegram: str, issuer: Issuer) -> None:
    browser = Visitor(with_telegram)
    state = parse_qs(urlsplit(browser.begin()).query)["state"][0]
    kept = browser.way
    issuer.asked.clear()
    codes = []
    for _ in range(slow_down.FREE_TRIES["address"] + 3):
        browser.way = kept
        codes.append(browser.get(f"/telegram/back?code=guessed&state={state}").status_code)

    assert (codes.count(400), codes[-3:]) == (slow_down.FREE_TRIES["address"], [429] * 3)
    assert issuer.asked.count("/token") == slow_down.FREE_TRIES["address"]


def test_where_it_is_not_configured_there_is_no_way_to_telegram(pages: str) -> None:
    assert "telegram/start" not in Browser(pages).get("/sign-in").text
    for path in ("/telegram/start", "/telegram/back?code=x&state=y"):
        assert Browser(pages).get(path).status_code == 404


@pytest.mark.parametrize("missing", ["SALON_PAGES_URL", "TELEGRAM_LOGIN_CLIENT_SECRET"])
def test_a_client_wants_its_secret_and_an_address_to_come_back_to(missing: str) -> None:
    environ = {"SALON_PAGES_URL": PAGES, "TELEGRAM_LOGIN_CLIENT_ID": "1", "TELEGRAM_LOGIN_CLIENT_SECRET": "x"}

    with pytest.raises(ConfigError, match=missing):
        config.load({**environ, missing: ""}, ("telegram_login_client_id", "telegram_login_client_secret"))
