"""The pages of alerts and settings."""

from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.salon_pages.world import Browser, Plain, session, user
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
