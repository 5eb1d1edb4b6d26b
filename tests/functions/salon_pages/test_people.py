"""The pages of people, of the audit, and of one's own sign-in."""

import re

import pytest

from functions.salon_pages.session import passwords
from tests.conftest import rows
from tests.functions.salon_pages.test_manage import audits
from tests.functions.salon_pages.world import PASSWORD, Browser, Plain, session, user
from tests.helpers.worlds.salon import Salon


def link_in(text: str) -> str:
    """The path of the link that the page shows."""
    found = re.search(r'value="https://pages\.example\.com/salon_pages(/enter/[\w-]+)"', text)
    assert found
    return found[1]


def test_somebody_who_is_invited_comes_in_as_what_they_are(owner: Browser, plain: Plain, lotus: Salon) -> None:
    invited = owner.post(f"/salons/{lotus.id}/people", name="Олег <b>", email="Oleg@Example.com", role="staff")
    browser = Browser(owner.url)
    browser.post(link_in(invited.text))

    assert (invited.status_code, "Олег &lt;b&gt;" in invited.text) == (200, True)
    assert browser.get(f"/salons/{lotus.id}/alerts").status_code == 200
    assert browser.get(f"/salons/{lotus.id}/people").status_code == 404
    [row] = rows(plain, "select role, tenant_id from dashboard.users where email = 'oleg@example.com'")
    assert (row["role"], row["tenant_id"]) == ("staff", lotus.id)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"email": "no address"},
        {"role": "super_admin"},
        {"role": ""},
        {"email": "{taken}"},
    ],
    ids=str,
)
def test_an_invitation_that_is_none_lets_nobody_in(
    owner: Browser, plain: Plain, lotus: Salon, fields: dict[str, str]
) -> None:
    taken = user(plain, "admin", lotus.id).email
    before = rows(plain, "select count(*) as n from dashboard.users")
    given = {"name": "Олег", "role": "staff", **fields}

    answer = owner.post(f"/salons/{lotus.id}/people", **{k: v.replace("{taken}", taken) for k, v in given.items()})

    assert (answer.status_code, "/enter/" in answer.text) == (422, False)
    assert rows(plain, "select count(*) as n from dashboard.users") == before


def test_another_role_and_a_switch_end_somebodys_sessions(owner: Browser, plain: Plain, lotus: Salon) -> None:
    other = user(plain, "staff", lotus.id)
    path, browsers = f"/salons/{lotus.id}/people/{other.id}", []
    for action, fields in (("role", {"role": "admin"}), ("active", {"active": "0"}), ("active", {"active": "1"})):
        browsers.append(Browser(owner.url, session(plain, other.id)))
        assert owner.post(f"{path}/{action}", **fields).status_code == 303

    [row] = rows(plain, "select role, active from dashboard.users where id = %s", other.id)
    assert (row["role"], row["active"]) == ("admin", True)
    assert {browser.get("/salons").status_code for browser in browsers} == {303}
    assert audits(plain, lotus, "change_role")[0]["metadata"]["role"] == {"from": "staff", "to": "admin"}
    assert audits(plain, lotus, "switch_user")[0]["metadata"]["active"] == {"from": False, "to": True}


def test_whoever_is_switched_off_gets_no_new_link(owner: Browser, plain: Plain, lotus: Salon) -> None:
    other = user(plain, "staff", lotus.id, active=False)

    assert owner.post(f"/salons/{lotus.id}/people/{other.id}/link").status_code == 404


@pytest.mark.parametrize("action", ["link", "role", "active"])
def test_people_of_other_salons_and_of_all_salons_are_out_of_reach(
    owner: Browser, plain: Plain, lotus: Salon, neighbour: Salon, action: str
) -> None:
    others = [user(plain, "staff", neighbour.id), user(plain, "super_admin")]

    answers = [
        owner.post(f"/salons/{salon}/people/{other.id}/{action}", role="admin", active="0").status_code
        for other in others
        for salon in (lotus.id, neighbour.id)
    ]
    kept = rows(
        plain, "select role, active from dashboard.users where id = any(%s) order by id", [user.id for user in others]
    )

    assert answers == [404] * 4
    assert [(row["role"], row["active"]) for row in kept] == [("staff", True), ("super_admin", True)]


def test_nobody_switches_themselves_off(pages: str, plain: Plain, lotus: Salon) -> None:
    me = user(plain, "admin", lotus.id)
    browser = Browser(pages, session(plain, me.id))

    answers = [
        browser.post(f"/salons/{lotus.id}/people/{me.id}/{action}", role="staff", active="0").status_code
        for action in ("role", "active")
    ]

    assert (answers, browser.get("/salons").status_code) == ([404, 404], 200)


# The audit ---------------------------------------------------------------------------------------------------


def test_an_owner_sees_where_their_people_were_and_not_where_support_was(
    owner: Browser, plain: Plain, lotus: Salon
) -> None:
    user(plain, "super_admin")
    plain.execute(
        "insert into dashboard.audits (user_id, tenant_id, action, description, ip_address)"
        " select id, %s, 'login', 'x', case role when 'admin' then '192.0.2.7' else '198.51.100.9' end"
        " from dashboard.users where role in ('admin', 'super_admin') and (tenant_id = %s or tenant_id is null)",
        (lotus.id, lotus.id),
    )

    shown = owner.get(f"/salons/{lotus.id}/audit").text
    file = owner.get(f"/salons/{lotus.id}/files/audit.csv").text

    for text in (shown, file):
        assert "192.0.2.7" in text
        assert "198.51.100.9" not in text
        assert "Поддержка" in text


def test_older_acts_are_a_link_away(owner: Browser, plain: Plain, lotus: Salon) -> None:
    plain.execute(
        "insert into dashboard.audits (tenant_id, action, description, created_at)"
        " select %s, 'x', 'act ' || n || '.', '2026-01-01'::timestamptz + make_interval(mins => n)"
        " from generate_series(1, 120) n",
        (lotus.id,),
    )

    seen, path = [], f"/salons/{lotus.id}/audit"
    while path:
        text = owner.get(path).text
        seen += re.findall(r"act (\d+)\.", text)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        path = found[1].replace("&amp;", "&") if found else ""

    assert seen == [str(number) for number in range(120, 0, -1)]


# One's own sign-in -------------------------------------------------------------------------------------------


def test_one_ends_ones_own_sessions_and_nobody_elses(pages: str, plain: Plain, lotus: Salon) -> None:
    me, other = user(plain, "admin", lotus.id), user(plain, "admin", lotus.id)
    mine, second, third, theirs = (Browser(pages, session(plain, viewer.id)) for viewer in (me, me, me, other))
    query = "select encode(substr(id_hash, 1, 8), 'hex') as key from dashboard.page_sessions where user_id = %s"
    keys = [row["key"] for row in rows(plain, query, other.id)]

    mine.post(f"/me/sessions/{keys[0]}/end")
    ends = re.findall(r"/me/sessions/(\w+)/end", mine.get("/me").text)
    mine.post(f"/me/sessions/{ends[0]}/end")
    after_one = [browser.get("/salons").status_code for browser in (mine, second, third, theirs)]
    mine.post("/me/sessions/end")

    assert len(ends) == 2
    assert sorted(after_one) == [200, 200, 200, 303]
    assert (mine.get("/salons").status_code, theirs.get("/salons").status_code) == (200, 200)
    assert {second.get("/salons").status_code, third.get("/salons").status_code} == {303}


def test_a_new_password_wants_the_one_before_and_ends_other_sessions(pages: str, plain: Plain, lotus: Salon) -> None:
    me = user(plain, "admin", lotus.id, encrypted_password=passwords.hash_password(PASSWORD))
    mine, other = Browser(pages, session(plain, me.id)), Browser(pages, session(plain, me.id))
    new = "Совсем другая фраза"

    wrong = mine.post("/me/password", current="не тот", password=new, again=new).status_code
    right = mine.post("/me/password", current=PASSWORD, password=new, again=new).status_code

    assert (wrong, right) == (422, 303)
    assert (mine.get("/salons").status_code, other.get("/salons").status_code) == (200, 303)


def test_pages_are_in_the_language_that_was_chosen(owner: Browser) -> None:
    assert "Мой вход" in owner.get("/me").text
    assert "My sign-in" in owner.get("/me", **{"accept-language": "en-GB,en;q=0.9"}).text

    owner.post("/me/language", language="en")

    assert "My sign-in" in owner.get("/me").text
    assert owner.post("/me/language", language="kk").status_code == 400
