"""Alerts, settings, people, the audit, and one's own sign-in."""

import re
from typing import Any

import pytest

from functions.salon_pages.session import passwords
from tests.conftest import rows
from tests.functions.salon_pages.world import PASSWORD, Browser, Plain, session, user
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

SETTINGS = {
    "timezone": "Europe/Moscow", "digest_hour": "8", "language": "en", "low_conversion": "12,5", "high_drop_off": "60",
    "error_spike": "20", "stale_hours": "6", "minimum_sample": "10", "quiet_from": "22", "quiet_until": "8",
}  # fmt: skip


def audits(plain: Plain, salon: Salon, action: str) -> list[Any]:
    """What was recorded, the latest first."""
    query = "select * from dashboard.audits where tenant_id = %s and action = %s order by id desc"
    return rows(plain, query, salon.id, action)


# Alerts ------------------------------------------------------------------------------------------------------


def alert(salon: Salon, **columns: Any) -> Any:
    """An alert of the salon."""
    values = {"kind": "low_conversion", "description": "Мало записей: <10 %", "triggered_at": "now", **columns}
    return insert(salon.connection, "dashboard.alerts", tenant_id=salon.id, **values)


def close_alerts(plain: Plain) -> None:
    """End all that are open: of each kind a salon has one."""
    plain.execute("update dashboard.alerts set resolved_at = now() where resolved_at is null")


def test_an_alert_is_accepted_once_and_shown_so_in_telegram(owner: Browser, plain: Plain, lotus: Salon) -> None:
    close_alerts(plain)
    sent = insert(
        plain, "platform.outbox", bot_id=lotus.bot, chat_id=lotus.chat, lane=str(lotus.chat), kind="salon/alert",
        method="sendMessage", payload='{"text": "🟠 Мало записей"}', dedup_key=f"salon/alert/{lotus.id}/1",
        correlation_id="x", policy="at_least_once", state="sent", finished_at="now", message_id=77,
    )  # fmt: skip
    number = alert(lotus, outbox_id=sent)

    shown = owner.get(f"/salons/{lotus.id}/alerts").text
    answers = [owner.post(f"/salons/{lotus.id}/alerts/{number}/accept").status_code for _ in range(2)]
    [row] = rows(plain, "select * from dashboard.alerts where id = %s", number)
    edits = rows(plain, "select * from platform.outbox where dedup_key = %s", f"salon/alert/{number}/accepted/77")

    assert "Мало записей: &lt;10 %" in shown
    assert (answers, row["acknowledged_at"] is None) == ([303, 303], False)
    assert [edit["payload"]["text"].startswith("🟠 Мало записей\n\n✅ Принято: person") for edit in edits] == [True]
    assert len(audits(plain, lotus, "acknowledge_alert")) == 1
    assert "Принята" in owner.get(f"/salons/{lotus.id}/alerts").text


def test_staff_accept_alerts_too(employee: Browser, plain: Plain, lotus: Salon) -> None:
    close_alerts(plain)
    number = alert(lotus)

    employee.post(f"/salons/{lotus.id}/alerts/{number}/accept")

    [row] = rows(plain, "select acknowledged_by from dashboard.alerts where id = %s", number)
    assert row["acknowledged_by"].endswith("@example.com")


def test_an_alert_of_another_salon_is_accepted_by_nobody_here(
    owner: Browser, operator: Browser, plain: Plain, lotus: Salon, neighbour: Salon
) -> None:
    close_alerts(plain)
    number = alert(neighbour)

    answers = [
        owner.post(f"/salons/{lotus.id}/alerts/{number}/accept").status_code,
        owner.post(f"/salons/{neighbour.id}/alerts/{number}/accept").status_code,
        operator.post(f"/salons/{lotus.id}/alerts/{number}/accept").status_code,
    ]
    [row] = rows(plain, "select acknowledged_at from dashboard.alerts where id = %s", number)

    assert (answers, row["acknowledged_at"]) == ([404, 404, 404], None)


# Settings ----------------------------------------------------------------------------------------------------


def test_settings_are_kept_with_what_they_were_before(owner: Browser, plain: Plain, neighbour: Salon) -> None:
    mine = Browser(owner.url, session(plain, user(plain, "admin", neighbour.id).id))

    answer = mine.follow(mine.post(f"/salons/{neighbour.id}/settings", **SETTINGS))
    [row] = rows(plain, "select * from dashboard.tenant_settings where tenant_id = %s", neighbour.id)
    [recorded] = audits(plain, neighbour, "update_settings")

    assert "Сохранено" in answer.text
    assert (row["timezone"], row["digest_hour"], float(row["low_conversion"])) == ("Europe/Moscow", 8, 12.5)
    assert recorded["metadata"]["timezone"] == {"from": "Asia/Almaty", "to": "Europe/Moscow"}
    assert set(recorded["metadata"]) == {"timezone", "digest_hour", "language", "low_conversion"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Mars/Olympus"), ("timezone", "../etc/passwd"), ("timezone", ""), ("language", "kk"),
        ("digest_hour", "24"), ("digest_hour", "-1"), ("digest_hour", "8.5"), ("digest_hour", "٨"),
        ("low_conversion", "101"), ("low_conversion", "nan"), ("low_conversion", "1e400"), ("stale_hours", "0"),
        ("minimum_sample", "1_000"), ("quiet_from", "x" * 9999),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_not_kept(owner: Browser, plain: Plain, lotus: Salon, field: str, value: str) -> None:
    query = "select * from dashboard.tenant_settings where tenant_id = %s"
    before = rows(plain, query, lotus.id)

    answer = owner.post(f"/salons/{lotus.id}/settings", **{**SETTINGS, field: value})

    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == (field != "language")
    assert rows(plain, query, lotus.id) == before


def test_a_salon_without_settings_shows_the_defaults_and_gets_its_own(pages: str, plain: Plain) -> None:
    tenant = insert(plain, "public.tenants_v2", name="Новый")
    mine = Browser(pages, session(plain, user(plain, "admin", tenant).id))

    shown = mine.get(f"/salons/{tenant}/settings").text
    mine.post(f"/salons/{tenant}/settings", **SETTINGS)
    [row] = rows(plain, "select timezone from dashboard.tenant_settings where tenant_id = %s", tenant)

    assert 'value="Asia/Almaty"' in shown
    assert row["timezone"] == "Europe/Moscow"


# People ------------------------------------------------------------------------------------------------------


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
