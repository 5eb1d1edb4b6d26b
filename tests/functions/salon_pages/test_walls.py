"""No page, file, form or parameter shows or changes another salon's row: from the catalogue, with every address."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from functions.salon_pages.site import routes
from tests.conftest import rows
from tests.functions.salon_pages.two_salons import CANARY, TENANT_TABLES, Walls, crawl, fill, rows_of
from tests.functions.salon_pages.world import Browser, Plain, session, user
from tests.helpers.worlds.salon import Salon

HOSTILE = (
    "-1", "9" * 40, "%00", "'", '"><script>alert(1)</script>', "2026-13-40", "0001-01-01", "9999-12-31", "%F0%9F%A6%84",
    "nan", "..%2F..", "%ff%fe", "%D9%A3", "{{7*7}}", "null",
)  # fmt: skip
SOME = 4  # of them each page is given another quarter
PARAMETERS = ("from", "to", "page", "before", "status", "ending", "channel", "step", "month", "q", "saved", "next")


@pytest.fixture(scope="module")
def walls(pages: str, plain: Plain, lotus: Salon, neighbour: Salon) -> Walls:
    """Both filled; the neighbour's owner has gone everywhere."""
    fill(plain, lotus, "Лотосовый", 1)
    fill(plain, neighbour, CANARY, 2)
    theirs = Browser(pages, session(plain, user(plain, "admin", neighbour.id).id))
    return Walls(lotus, neighbour, crawl(theirs))


def inside(walls: Walls) -> Iterator[str]:
    """Addresses of the neighbour's, and the same rows asked for in one's own salon."""
    for address in walls.addresses.pages:
        yield address
        yield address.replace(str(walls.other.id), str(walls.own.id))


def test_both_salons_have_a_row_in_every_table(plain: Plain, walls: Walls) -> None:
    """Whoever adds a table adds a row of it to `fill`."""
    tables = [row["oid"] for row in rows(plain, TENANT_TABLES)]
    empty = [
        name
        for name in tables
        for salon in (walls.own, walls.other)
        if not rows(plain, f"select from {name} where tenant_id = %s limit 1", salon.id)
    ]

    assert len(tables) > 10
    assert empty == []


def test_the_neighbours_owner_reaches_every_page_and_sees_their_own(walls: Walls) -> None:
    """Or the other tests here would prove nothing."""
    reached = {re.sub(r"/\d+(?=/|$)", "/{}", urlsplit(address).path) for address in walls.addresses.pages}
    posted = {re.sub(r"/[0-9a-f]+(?=/|$)", "/{}", urlsplit(address).path) for address in walls.addresses.forms}
    sections = [page.path.split("/")[3] for page in routes.OF_SALONS.pages if page.path.count("/") > 2]
    texts = "".join(walls.addresses.pages.values())

    for section in set(sections) - {"files"}:
        assert any(f"/{section}" in path for path in reached | posted), section
    assert any("/files/" in path for path in reached)
    assert texts.count(CANARY) > 20


@pytest.mark.parametrize("role", ["admin", "staff"])
def test_no_address_shows_somebody_else_the_neighbours_rows(pages: str, plain: Plain, walls: Walls, role: str) -> None:
    browser = Browser(pages, session(plain, user(plain, role, walls.own.id).id))

    for address in inside(walls):
        answer = browser.follow(browser.get(address))
        assert answer.status_code in {200, 404}, address
        assert CANARY not in answer.text, address


def test_who_sees_all_salons_sees_on_one_salons_page_that_salons_rows(operator: Browser, walls: Walls) -> None:
    for address in inside(walls):
        if str(walls.own.id) in address:
            assert CANARY not in operator.get(address).text, address


@pytest.mark.parametrize("role", ["admin", "staff"])
def test_no_form_changes_the_neighbours_rows(pages: str, plain: Plain, walls: Walls, role: str) -> None:
    before = rows_of(plain, walls.other.id)
    forms = {**walls.addresses.forms}
    assert len(forms) > 8

    for address, fields in forms.items():
        if str(walls.other.id) not in address:
            continue
        for place in (address, address.replace(str(walls.other.id), str(walls.own.id))):
            browser = Browser(pages, session(plain, user(plain, role, walls.own.id).id))
            answer = browser.post(place, **fields)
            assert answer.status_code < 500, place
            assert CANARY not in answer.text, place

    assert rows_of(plain, walls.other.id) == before


def test_staff_see_neither_money_nor_what_managers_see(pages: str, plain: Plain, walls: Walls) -> None:
    employee = crawl(Browser(pages, session(plain, user(plain, "staff", walls.own.id).id)))
    browser = Browser(pages, session(plain, user(plain, "staff", walls.own.id).id))
    managers = [page for page in routes.OF_SALONS.pages if page.is_managers]

    assert not any(
        f"/{section}" in address for address in employee.pages for section in ("settings", "people", "audit")
    )
    for page in managers:
        path = page.path.replace("{salon}", str(walls.own.id)).replace("{user}", "1")
        answer = browser.get(path) if page.method == "GET" else browser.post(path, role="admin", active="0")
        assert answer.status_code == 404, path
    for name in ("people", "audit"):
        assert browser.get(f"/salons/{walls.own.id}/files/{name}.csv").status_code == 404


def test_whoever_is_not_signed_in_sees_nothing(pages: str, walls: Walls) -> None:
    for address in walls.addresses.pages:
        answer = Browser(pages).get(address)
        assert answer.status_code == 303 or "/static/" in address, address
    for address in walls.addresses.forms:
        assert Browser(pages).post(address).status_code in {401, 405}, address


def test_whatever_a_parameter_says_no_page_breaks_or_shows_more(owner: Browser, walls: Walls) -> None:
    paths = {re.sub(r"/\d+(?=/|$)", "/1", urlsplit(address).path) for address in walls.addresses.pages}
    own = sorted(path.replace(str(walls.other.id), str(walls.own.id)) for path in paths if "/static/" not in path)

    for place, path in enumerate(own):
        for number, value in enumerate(HOSTILE[place % SOME :: SOME]):
            name = PARAMETERS[(place + number) % len(PARAMETERS)]
            for query in (f"{name}={value}", "&".join(f"{each}={value}" for each in PARAMETERS)):
                answer = owner.get(f"{path}?{query}")
                assert answer.status_code < 500, (path, query)
                assert CANARY not in answer.text
                assert "<script>alert" not in answer.text


@pytest.mark.parametrize("part", ["%00", "..", "%2e%2e", "'", "9" * 400, "%ff", "0", "-1", "٣", " ", "A" * 300])
def test_whatever_stands_in_a_path_no_page_breaks(owner: Browser, walls: Walls, part: str) -> None:
    pages: list[Any] = [*routes.OF_SALONS.pages, *routes.OWN.pages, *routes.PUBLIC.pages]
    for page in pages:
        for template in re.findall(r"\{\w+\}", page.path):
            path = page.path.replace(template, quote(part, safe="%"))
            path = re.sub(r"\{salon\}", str(walls.own.id), path)
            path = re.sub(r"\{\w+\}", "1", path)
            answer = owner.get(path) if page.method == "GET" else owner.post(path)
            assert answer.status_code < 500, path


def test_two_tabs_of_two_people_show_each_their_own(pages: str, plain: Plain, walls: Walls) -> None:
    """A browser has one cookie: whoever signed in last is meant; a form of the other tab does not exist for them."""
    browser = Browser(pages, session(plain, user(plain, "admin", walls.other.id).id))
    [wish] = [form for form in walls.addresses.forms if form.endswith("/settings")]
    browser.token = session(plain, user(plain, "admin", walls.own.id).id)

    assert browser.post(wish, timezone="Europe/Moscow").status_code == 404


@pytest.mark.usefixtures("walls")
def test_nothing_is_seen_without_claims(module_direct_url: str) -> None:
    """The function's own role sees no salon's rows before somebody is known."""
    with psycopg.connect(module_direct_url, autocommit=True) as connection, connection.transaction():
        connection.execute("set local role fn_salon_pages")
        counted = connection.execute("select count(*) from dashboard.alerts").fetchone()
        connection.execute("set local role authenticated")
        seen = [
            connection.execute(f"select count(*) from {name}".encode()).fetchone()
            for name in ("dashboard.alerts", "dashboard.users", "dashboard.audits", "dashboard.v_sessions")
        ]

    assert counted == (0,)
    assert set(seen) == {(0,)}
