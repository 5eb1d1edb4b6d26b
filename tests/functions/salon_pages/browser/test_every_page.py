"""Every page, to everybody who may open it, and every state of it: nothing stands in anybody's way.

axe looks at contrast, names, order and keyboard; no page is wider than its window. SCREENSHOTS_DIR keeps what was seen.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from functions.salon_pages.session import passwords
from functions.salon_pages.site import routes, templates
from tests.functions.salon_pages.browser import states
from tests.functions.salon_pages.browser.conftest import add_alert
from tests.functions.salon_pages.browser.states import World
from tests.functions.salon_pages.world import PASSWORD, Plain, link, user
from tests.helpers.issuer import Issuer
from tests.helpers.worlds.salon import Salon, salon

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

PHONE, DESKTOP = 390, 1200
LOOKS = [(width, scheme) for width in (PHONE, DESKTOP) for scheme in ("light", "dark")]
NO_PAGES = {"/salons/{salon}/files/{file}", "/telegram/start"}  # a file, and the way to somebody else's page
PARTS = {"layout", "plain", "numbers", "_new_password"}  # templates of which pages are made
SCREENSHOTS = os.environ.get("SCREENSHOTS_DIR", "")


@dataclass
class Inspector:
    """Looks at pages, and remembers which there were and what is wrong with them."""

    templates: set[str] = field(default_factory=set)
    problems: dict[str, Any] = field(default_factory=dict)

    def inspect(self, page: Page, name: str, looks: list[tuple[int, Any]]) -> None:
        """At the page that is open, in windows of these widths, light or dark."""
        self.templates.add(str(page.get_attribute("body", "data-page")))
        for width, scheme in looks:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # a transition has no contrast
            label = f"{name}-{width}-{scheme}"
            found = page.evaluate("axe.run({resultTypes: ['violations']}).then(r => r.violations)")
            wrong = [(problem["id"], problem["nodes"][0]["html"][:200]) for problem in found]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(("wider than its window", page.url))
            if wrong:
                self.problems[label] = wrong
            if SCREENSHOTS:
                file = Path(SCREENSHOTS) / f"{re.sub(r'[^a-z0-9-]+', '_', label)}.png"
                page.screenshot(path=file, full_page=True)


@pytest.fixture(scope="module")
def world(address: str, plain: Plain, lotus: Salon, issuer: Issuer) -> World:
    """A salon with something of everything, one with nothing, and who may sign in."""
    add_alert(plain, lotus)
    plain.execute("insert into dashboard.wishlist_marks (tenant_id, wishlist_id)"
                  " select tenant_id, min(id) from public.wishlist_v2 group by tenant_id")  # fmt: skip
    empty = salon(plain, "Новый салон с длинным названием на проспекте Абая")
    person = user(plain, "admin", lotus.id, encrypted_password=passwords.hash_password(PASSWORD))
    return World(address, plain, lotus, empty, issuer, person)


def viewers(world: World) -> Iterator[tuple[str, str, Salon, str, list[tuple[int, Any]]]]:
    """Who looks, as what, at which salon, in which language, and how."""
    yield "owner", "admin", world.lotus, "ru-RU", LOOKS
    yield "staff", "staff", world.lotus, "ru-RU", [(PHONE, "light")]
    yield "operator", "super_admin", world.lotus, "en-GB", [(DESKTOP, "dark")]
    yield "newcomer", "admin", world.empty, "ru-RU", [(PHONE, "dark")]


def entered(context: BrowserContext, world: World, role: str, of: Salon) -> Page:
    """A page of somebody who has just signed in by a link."""
    tenant = None if role == "super_admin" else of.id
    person = user(world.plain, role, tenant, first_name="Айгуль", last_name="Бекмухамбетова")
    page = context.new_page()
    page.goto(f"{world.address}/enter/{link(world.plain, person.id)}")
    page.get_by_role("button").click()
    page.wait_for_url("**/salons**")
    return page


def addresses(world: World, role: str, of: Salon) -> Iterator[str]:
    """Every page that the routes have for somebody who is signed in, of this salon."""
    query = "select max(id) as id from public.conversation_sessions_v2 where tenant_id = %s"
    [row] = world.plain.execute(query, (of.id,)).fetchall()
    pages: list[Any] = [*routes.OWN.pages, *routes.OF_SALONS.pages]
    for page in pages:
        if page.method == "GET" and page.path not in NO_PAGES and not (page.is_managers and role == "staff"):
            yield page.path.replace("{salon}", str(of.id)).replace("{session}", str(row["id"] or 1))


def test_nothing_stands_in_anybodys_way(chromium: Browser, world: World) -> None:
    inspector = Inspector()
    for name, role, of, locale, looks in viewers(world):
        with chromium.new_context(locale=locale, bypass_csp=True) as context:  # for axe, as the pages allow no script
            context.add_init_script(AXE_SCRIPT)  # sent once; each page has it from its beginning
            page = entered(context, world, role, of)
            seen = set()
            for path in addresses(world, role, of):
                page.goto(world.address + path)
                shown = page.url.removeprefix(world.address).replace(str(of.id), "salon")
                if shown not in seen:  # some lead on to others
                    seen.add(shown)
                    inspector.inspect(page, f"{name}{shown.replace('/', '-')}", looks)
            if name == "owner":
                for state, reach in states.OF_OWNERS.items():
                    reach(page, world)
                    inspector.inspect(page, f"{name}-{state}", looks[:1])
    with chromium.new_context(locale="ru-RU", bypass_csp=True) as context:
        context.add_init_script(AXE_SCRIPT)
        page = context.new_page()
        for state, reach in states.OF_ANYBODY.items():
            reach(page, world)
            inspector.inspect(page, f"nobody-{state}", [LOOKS[0], LOOKS[3]])
            context.clear_cookies()

    assert inspector.problems == {}
    names = {path.stem for path in templates.FOLDER.glob("*.html")}
    assert inspector.templates == names - PARTS, "a page has no state in states.py"


def test_every_public_page_has_a_state() -> None:
    opened = {page.path for page in routes.PUBLIC.pages if page.method == "GET"} - NO_PAGES

    assert opened == set(states.PUBLIC_PAGES)
