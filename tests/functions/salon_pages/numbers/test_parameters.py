"""Whatever an address asks for, a page answers, and shows nothing of another salon."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.salon_pages.pages.numbers.download import FILES
from tests.functions.salon_pages.world import Browser, Plain, session, user
from tests.helpers.worlds.salon import Salon

CANARY = "сосед-канарейка"
PATHS = [
    *(f"/{name}" for name in ("today", "funnel", "services", "sessions", "bookings", "waiting")),
    *(f"/files/{name}" for name in FILES),
]
NAMES = ("from", "to", "page", "ending", "step", "channel", "booked", "service", "sort", "verdict", "salon", "tenant")
LIKELY = st.sampled_from(
    ["2026-03-01", "2026-03-31", "0000-00-00", "9999-12-31", "2026-02-30", "-1", "0", "99999", "1e9", "yes", "slow",
     "lost", "no_show", "time_selection", "'", "%00", "\0", "{}", "__class__", "1; drop table dashboard.users", CANARY]
)  # fmt: skip
VALUES = LIKELY | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def browser(pages: str, plain: Plain, lotus: Salon, neighbour: Salon) -> Browser:
    """The owner's; the neighbour has dialogs, too."""
    neighbour.session("2026-03-10T12:00Z", booking_id=CANARY, summary=CANARY, meta={"services_mentioned": [CANARY]})
    lotus.session("2026-03-10T12:00Z", booking_id="1")
    return Browser(pages, session(plain, user(plain, "admin", lotus.id).id))


@settings(max_examples=60)
@given(path=st.sampled_from(PATHS), asked=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5))
def test_no_parameter_breaks_a_page_or_shows_a_foreign_row(
    browser: Browser, lotus: Salon, path: str, asked: dict[str, str]
) -> None:
    answer = browser.get(f"/salons/{lotus.id}{path}?{urlencode(asked)}")

    assert answer.status_code in {200, 400}, (path, asked)
    if CANARY not in asked.values():
        assert CANARY not in answer.text


@settings(max_examples=40)
@given(st.sampled_from(["/sessions/{}", "/files/{}", "/today/{}", "/{}"]), VALUES)
def test_no_path_breaks_a_page(browser: Browser, lotus: Salon, template: str, value: str) -> None:
    path = template.format(quote(value, safe=""))

    assert browser.get(f"/salons/{lotus.id}{path}").status_code in {200, 303, 400, 404}
    assert browser.post(f"/salons/{lotus.id}/waiting/{quote(value, safe='')}/done").status_code in {400, 404, 405}
