"""Signing in by a link, sessions, and where forms may come from."""

import httpx
import pytest

from tests.conftest import rows
from tests.functions.salon_pages.world import HTTP, Browser, Plain, link, session, user
from tests.helpers.worlds.salon import Salon


def test_a_link_shows_a_button_and_signs_in_once(pages: str, plain: Plain, lotus: Salon) -> None:
    owner = user(plain, "admin", lotus.id)
    token, browser = link(plain, owner.id), Browser(pages)

    previews = [Browser(pages).get(f"/enter/{token}") for _ in range(3)]
    entered = browser.follow(browser.post(f"/enter/{token}"))
    stolen = Browser(pages).post(f"/enter/{token}")

    assert {answer.status_code for answer in previews} == {200}
    assert all("<button" in answer.text for answer in previews)
    assert (entered.url.path, stolen.status_code) == (f"/salons/{lotus.id}/today", 404)
    assert "set-cookie" not in stolen.headers


def test_a_cookie_is_for_this_host_alone_and_no_script_reads_it(pages: str, plain: Plain, lotus: Salon) -> None:
    token = link(plain, user(plain, "admin", lotus.id).id)

    cookie = Browser(pages).post(f"/enter/{token}").headers["set-cookie"]

    assert cookie.startswith("__Host-carillon=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()


@pytest.mark.parametrize("columns", [{"expires_at": "yesterday"}, {"used_at": "yesterday"}], ids=str)
def test_a_link_that_is_over_says_what_to_do(pages: str, plain: Plain, lotus: Salon, columns: dict[str, str]) -> None:
    token = link(plain, user(plain, "admin", lotus.id).id, **columns)

    answer = Browser(pages).get(f"/enter/{token}")

    assert (answer.status_code, "/dashboard" in answer.text) == (404, True)


def test_where_the_cookie_does_not_come_back_a_page_says_so_and_nothing_goes_round(
    pages: str, plain: Plain, lotus: Salon
) -> None:
    """As behind a cloud that takes the header Cookie away."""
    token, browser = link(plain, user(plain, "admin", lotus.id).id), Browser(pages)

    answer = browser.post(f"/enter/{token}")
    browser.token = ""
    shown = browser.follow(answer)

    assert (shown.status_code, "API Gateway" in shown.text) == (400, True)


@pytest.mark.parametrize(
    "columns",
    [
        {"expires_at": "yesterday"},
        {"ended_at": "yesterday"},
        {"seen_at": "2026-01-01"},
    ],
    ids=str,
)
def test_a_session_that_is_over_is_none(pages: str, plain: Plain, lotus: Salon, columns: dict[str, str]) -> None:
    browser = Browser(pages, session(plain, user(plain, "admin", lotus.id).id, **columns))

    answer = browser.get("/salons")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fsalons")


def test_whoever_is_switched_off_is_out_at_once(pages: str, plain: Plain, lotus: Salon) -> None:
    owner = user(plain, "admin", lotus.id)
    browser = Browser(pages, session(plain, owner.id))
    before = browser.get("/salons").status_code

    plain.execute("update dashboard.users set active = false where id = %s", (owner.id,))

    assert (before, browser.get("/salons").status_code) == (200, 303)


def test_signing_out_ends_the_session_wherever_its_cookie_is(owner: Browser) -> None:
    copied = Browser(owner.url, owner.token)

    answer = owner.post("/sign-out")

    assert (answer.status_code, owner.token) == (303, "")
    assert copied.get("/salons").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "", "origin": "http://[broken"},
        {"sec-fetch-site": ""},
    ],
    ids=str,
)
def test_a_form_of_another_site_changes_nothing(owner: Browser, headers: dict[str, str]) -> None:
    answer = owner.post("/sign-out", headers)

    assert (answer.status_code, owner.get("/salons").status_code) == (403, 200)


@pytest.mark.parametrize("origin", ["{own}", "https://pages.example.com"])
def test_an_older_browser_says_by_origin_that_the_form_is_ours(owner: Browser, origin: str) -> None:
    answer = owner.post("/sign-out", {"sec-fetch-site": "", "origin": origin.replace("{own}", owner.url)})

    assert answer.status_code == 303


def test_every_page_says_what_a_browser_may_do_with_it(owner: Browser) -> None:
    answers = [owner.get("/salons"), owner.get("/nowhere"), Browser(owner.url).get("/enter/x")]

    assert [answer.status_code for answer in answers] == [200, 404, 404]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text
        assert " style=" not in answer.text


def test_our_own_files_are_kept_by_browsers_for_as_long_as_they_are_the_same(owner: Browser) -> None:
    page = owner.get("/salons").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]

    answer = httpx.get(owner.url + address, headers={"accept-encoding": "gzip"}, **HTTP)

    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert owner.get("/static/..%2Fmain.py").status_code == 404


def test_who_signed_in_and_out_and_from_where_is_audited(pages: str, plain: Plain, lotus: Salon) -> None:
    owner = user(plain, "admin", lotus.id)
    browser = Browser(pages)
    browser.post(f"/enter/{link(plain, owner.id)}")
    browser.post("/sign-out")

    query = "select action, tenant_id, ip_address, user_agent from dashboard.audits where user_id = %s order by id"
    audits = [tuple(row.values()) for row in rows(plain, query, owner.id)]

    assert audits == [(action, lotus.id, "127.0.0.1", "Tests/1.0") for action in ("login", "logout")]
