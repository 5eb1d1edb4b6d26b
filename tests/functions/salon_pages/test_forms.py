"""Whatever a form says, it is answered, and changes nothing of another salon's."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.salon_pages.site import routes
from tests.conftest import rows
from tests.functions.salon_pages.world import Browser, Plain, session, user
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

CANARY = "сосед-канарейка"
PAGES: list[Any] = [*routes.PUBLIC.pages, *routes.OWN.pages, *routes.OF_SALONS.pages]
FORMS = sorted({page.path for page in PAGES if page.method == "POST"} - {"/sign-out", "/forgot"})
NAMES = (
    "name", "email", "role", "active", "language", "password", "again", "current", "next", "timezone", "digest_hour",
    "low_conversion", "high_drop_off", "error_spike", "stale_hours", "minimum_sample", "quiet_from", "quiet_until",
    "tenant_id", "user", "id", "salon",
)  # fmt: skip
LIKELY = st.sampled_from(
    ["", "0", "1", "-1", "24", "1e9", "NaN", "admin", "super_admin", "staff", "ru", "Asia/Almaty", "../etc/passwd",
     "a@example.com", "'; drop table dashboard.users; --", "{{7*7}}", "\0", "<script>alert(1)</script>", "9" * 40]
)  # fmt: skip
VALUES = LIKELY | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
BODIES = (
    b"",
    b"\xff\xfe",
    b"&&&===",
    b"a=" + b"x" * 20_000,
    b"&".join(b"a%d=1" % n for n in range(99)),
    b"name=%ff%00",
)


@pytest.fixture(scope="module", params=["admin", "staff"])
def browser(request: pytest.FixtureRequest, pages: str, plain: Plain, lotus: Salon) -> Browser:
    return Browser(pages, session(plain, user(plain, request.param, lotus.id).id))


@pytest.fixture(scope="module")
def foreign(plain: Plain, neighbour: Salon) -> dict[str, Any]:
    """Rows of another salon, by how they stand in paths."""
    alert = insert(
        plain, "dashboard.alerts", tenant_id=neighbour.id, kind="error_spike", description=CANARY, triggered_at="now"
    )
    wish = insert(
        plain, "public.wishlist_v2", tenant_id=neighbour.id, user_id=neighbour.client, item_type="service", item_id="1",
        comment=CANARY,
    )  # fmt: skip
    return {"alert": alert, "wish": wish, "user": user(plain, "admin", neighbour.id, first_name=CANARY).id}


def state(plain: Plain, neighbour: Salon) -> list[Any]:
    """What of the neighbour's could be changed."""
    tables = ("alerts", "users", "tenant_settings", "wishlist_marks")
    query = "select * from dashboard.{} where tenant_id = %s order by 1"
    return [rows(plain, query.format(table), neighbour.id) for table in tables]


@settings(max_examples=60)
@given(path=st.sampled_from(FORMS), fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=12))
def test_no_form_breaks_or_reaches_into_another_salon(
    browser: Browser, plain: Plain, lotus: Salon, neighbour: Salon, foreign: dict[str, Any], path: str, fields: Any
) -> None:
    before = state(plain, neighbour)
    for salon in (lotus.id, neighbour.id):
        place = path.replace("{salon}", str(salon)).replace("{token}", "t" * 43).replace("{session}", "0" * 16)
        place = re.sub(r"\{(\w+)\}", lambda name: str(foreign[name[1]]), place)
        answer = browser.post(place, **fields)
        assert answer.status_code in {200, 303, 400, 401, 404, 422, 429}, (place, fields)
        if CANARY not in fields.values():
            assert CANARY not in answer.text

    assert state(plain, neighbour) == before


@pytest.mark.parametrize("path", FORMS)
def test_a_body_that_is_no_form_is_refused(browser: Browser, lotus: Salon, path: str) -> None:
    place = re.sub(r"\{\w+\}", "1", path.replace("{salon}", str(lotus.id)))
    for body in BODIES:
        assert browser.send(place, body).status_code in {200, 303, 400, 401, 404, 413, 422, 429}, (path, body[:20])
    for kind in ("application/json", "multipart/form-data; boundary=x", ""):
        assert browser.send(place, b"{}", kind).status_code in {200, 303, 404, 415}, (path, kind)


def test_the_days_that_were_chosen_survive_every_form(owner: Browser, plain: Plain, lotus: Salon) -> None:
    user(plain, "staff", lotus.id, first_name="Дни")
    insert(plain, "dashboard.alerts", tenant_id=lotus.id, kind="data_stale", description="x", triggered_at="now")
    insert(plain, "public.wishlist_v2", tenant_id=lotus.id, user_id=lotus.client, item_type="service", item_id="1")
    days = "from=2026-03-01&to=2026-03-31"
    fields = {"role": "staff", "active": "1", "language": "ru"}
    sent = set()

    for name in ("alerts", "waiting", "people", "settings", "waiting"):  # the second time with somebody who is done
        page = owner.get(f"/salons/{lotus.id}/{name}?{days}").text
        for action in re.findall(r'<form[^>]* method="post" action="([^"]*/salons/[^"]*)"', page):
            answer = owner.post(unescape(action).removeprefix("/salon_pages"), **fields)
            assert days in unescape(answer.headers.get("location", answer.text)), action
            sent.add(re.sub(r"\d+", "1", action.partition("?")[0]).rpartition("/salons/")[2].partition("/")[2])

    assert sent == {
        "alerts/1/accept", "waiting/1/done", "waiting/1/undo", "people", "people/1/link", "people/1/role",
        "people/1/active", "settings",
    }  # fmt: skip
