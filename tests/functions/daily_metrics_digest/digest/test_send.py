"""Which digest is handed over when: once per salon and local day."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import rows
from tests.functions.daily_metrics_digest.conftest import Tick
from tests.helpers.worlds.salon import Plain, salon

# Almaty is five hours ahead: this is 9:00 of 20 November there.
MORNING = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)


def logged(capsys: pytest.CaptureFixture[str], event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


async def test_a_digest_is_handed_over_once_from_its_hour_on(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)
    lotus.session(YESTERDAY, booking_id="900001")

    assert (await tick(MORNING - timedelta(seconds=1)))["done"] == 0
    assert lotus.metrics() == []
    assert [(await tick(MORNING + timedelta(minutes=15 * n)))["done"] for n in range(4)] == [1, 0, 0, 0]

    [message] = lotus.digests()
    [settings] = rows(connection, "select bot_id, chat_id from dashboard.tenant_settings")
    assert message["dedup_key"] == f"salon/digest/{lotus.id}/2026-11-19"
    assert (message["bot_id"], message["chat_id"]) == (settings["bot_id"], settings["chat_id"])
    assert (message["kind"], message["method"], message["policy"]) == ("salon/digest", "sendPhoto", "at_most_once")
    assert lotus.metrics()[0]["digest_outbox_id"] == message["id"]
    assert lotus.metrics()[0]["digest_sent_at"] is None


async def test_the_message_has_what_the_picture_needs(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection, name="Лотос & Ко")
    for n in range(3):
        lotus.session(YESTERDAY, booking_id=f"90000{n}" if n == 0 else None)

    await tick(MORNING)

    [message] = lotus.digests()
    payload = message["payload"]
    assert (set(payload), payload["parse_mode"]) == ({"picture", "caption", "parse_mode"}, "HTML")
    picture = payload["picture"]
    assert (picture["kind"], picture["title"], picture["language"]) == ("salon/fortnight", "Лотос & Ко", "ru")
    days = [date(2026, 11, 6) + timedelta(days=n) for n in range(14)]
    assert [day["day"] for day in picture["days"]] == [day.isoformat() for day in days]
    assert picture["days"][-1] == {"day": "2026-11-19", "dialogs": 3, "bookings": 1, "conversion": 33.33}


async def test_the_first_digest_has_the_days_before_it_and_later_ones_compute_three(
    connection: Plain, tick: Tick
) -> None:
    lotus = salon(connection)
    lotus.session(YESTERDAY - timedelta(days=10))
    await tick(MORNING)
    assert [row["dialogs_started"] for row in lotus.metrics()] == [0] * 10 + [1] + [0] * 3

    lotus.session(YESTERDAY - timedelta(days=9))
    lotus.session(YESTERDAY - timedelta(days=1))
    await tick(MORNING + timedelta(days=1))

    assert [row["dialogs_started"] for row in lotus.metrics()] == [0, 0, 1] + [0] * 8 + [1] + [0] * 3


async def test_after_an_outage_of_days_there_are_metrics_of_all_and_the_newest_digest(
    connection: Plain, tick: Tick
) -> None:
    lotus = salon(connection)
    for n in range(5):
        lotus.session(YESTERDAY + timedelta(days=n))
    await tick(MORNING)

    assert (await tick(MORNING + timedelta(days=4)))["done"] == 1

    assert [row["dialogs_started"] for row in lotus.metrics()][:5] == [1] * 5
    assert [row["dedup_key"][-10:] for row in lotus.digests()] == ["2026-11-19", "2026-11-23"]


async def test_rows_of_three_days_that_somebody_deleted_come_back_without_a_second_digest(
    connection: Plain, tick: Tick
) -> None:
    lotus = salon(connection)
    lotus.session(YESTERDAY)
    await tick(MORNING)
    before = lotus.metrics()
    connection.execute("delete from dashboard.metrics_dailies where day > '2026-11-16'")

    assert (await tick(MORNING + timedelta(hours=1)))["done"] == 0
    assert (await tick(MORNING + timedelta(hours=2)))["metrics"] == 0

    names = ("day", "dialogs_started", "digest_outbox_id")
    assert [[row[name] for name in names] for row in lotus.metrics()] == [
        [row[name] for name in names] for row in before
    ]
    assert len(lotus.digests()) == 1


async def test_salons_without_a_chat_get_their_metrics_and_are_told_of_once_a_day(
    connection: Plain, tick: Tick, capsys: pytest.CaptureFixture[str]
) -> None:
    first, middle, last = (salon(connection, name) for name in "АБВ")
    middle.settings(chat_id=None)

    reports = [await tick(MORNING + timedelta(minutes=15 * n)) for n in range(3)]

    assert [(report["done"], report["unaddressed"]) for report in reports] == [(2, 1), (0, 0), (0, 0)]
    assert [len(tenant.digests()) for tenant in (first, middle, last)] == [1, 0, 1]
    assert middle.metrics()[0]["digest_outbox_id"] is None
    [line] = logged(capsys, "salon_without_bot_or_chat")
    assert (line["salons"], line["first"]) == (1, str(middle.id))

    middle.settings(chat_id=-100777)
    assert (await tick(MORNING + timedelta(hours=1)))["done"] == 1


async def test_a_salon_without_settings_has_metrics_of_almaty_days(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection, timezone=None)
    lotus.session(datetime(2026, 11, 18, 19, 0, tzinfo=UTC))

    assert (await tick(MORNING))["metrics"] == 1

    newest = lotus.metrics()[0]
    assert (newest["day"], newest["dialogs_started"]) == (date(2026, 11, 19), 1)


async def test_a_closed_salon_has_neither(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)
    connection.execute("update public.tenants_v2 set is_active = false")

    assert (await tick(MORNING))["metrics"] == 0
    assert lotus.metrics() == []


@pytest.mark.parametrize("zone", ["Middle/Earth", "", "asia/almaty", "UTC+5"])
async def test_a_salon_whose_zone_nobody_knows_has_its_digest_by_almatys_clock_and_one_alert_says_so(
    connection: Plain, tick: Tick, capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    first, middle, last = (salon(connection, name) for name in "АБВ")
    middle.settings(timezone=zone)
    middle.session(YESTERDAY)
    connection.execute("update platform.bots set alert_chat_id = -100700 where id = %s", (middle.bot,))

    assert (await tick(MORNING - timedelta(seconds=1)))["done"] == 0
    report = await tick(MORNING)
    again, next_day = await tick(MORNING + timedelta(minutes=15)), await tick(MORNING + timedelta(days=1))

    assert (report["done"], report["broken"], report["failed"]) == (3, 1, 0)
    assert (again["broken"], next_day["done"], next_day["broken"]) == (0, 3, 1)
    assert [len(tenant.digests()) for tenant in (first, middle, last)] == [2, 2, 2]
    assert "Диалоги: <b>1</b>" in middle.captions()[0]
    [alert] = rows(connection, "select bot_id, chat_id, payload from platform.outbox where kind = 'platform/alert'")
    assert (alert["bot_id"], alert["chat_id"]) == (middle.bot, -100700)
    assert f"у салона «Б» неизвестный часовой пояс «{zone}»" in alert["payload"]["text"]
    lines = logged(capsys, "unknown_timezone")
    assert [(line["salons"], line["first"]) for line in lines] == [(1, str(middle.id))] * 2


async def test_a_salon_that_cannot_be_served_costs_its_neighbours_nothing(
    connection: Plain, tick: Tick, capsys: pytest.CaptureFixture[str]
) -> None:
    good, poison, fine = (salon(connection, name) for name in "АБВ")
    connection.execute(f"""
        create function dashboard.refuse() returns trigger language plpgsql as $$
        begin
            if new.tenant_id = '{poison.id}' then raise exception 'not this one'; end if;
            return new;
        end $$;
        create trigger refuse before insert on dashboard.metrics_dailies
            for each row execute function dashboard.refuse()
    """)

    report = await tick(MORNING)

    assert (report["done"], report["failed"]) == (2, 1)
    assert [len(tenant.digests()) for tenant in (good, poison, fine)] == [1, 0, 1]
    [line] = logged(capsys, "digest_failed")
    assert line["tenant_id"] == str(poison.id)
    assert "not this one" not in str(line)


async def test_the_next_tick_goes_on_where_the_time_ran_out(connection: Plain, tick: Tick) -> None:
    all_of_them = [salon(connection, f"№ {n}") for n in range(5)]

    # A batch that has begun is ended.
    nothing, first = await tick(MORNING, seconds=0), await tick(MORNING, seconds=0.02, batch_rows=1)
    assert (nothing["done"], nothing["remaining"]) == (0, 5)
    assert first["done"] + first["remaining"] == 5
    second = await tick(MORNING, batch_rows=2)

    assert (second["done"], second["remaining"]) == (first["remaining"], 0)
    assert [len(tenant.digests()) for tenant in all_of_them] == [1] * 5


async def test_late_sessions_change_what_was_told_and_the_next_digest_says_so(connection: Plain, tick: Tick) -> None:
    tenant, other = salon(connection), salon(connection, "Ирис")
    for each in (tenant, other):
        each.session(YESTERDAY)
        each.session(YESTERDAY + timedelta(days=1))
    await tick(MORNING)
    tenant.session(YESTERDAY, booking_id="900001")
    next_morning = MORNING + timedelta(days=1)

    await tick(next_morning)

    days = tenant.metrics()
    assert [(day["dialogs_started"], day["revised_at"]) for day in days[:2]] == [(1, None), (2, next_morning)]
    assert "уточнено: позавчера 2 диалога, 1 запись" in tenant.captions()[1]
    assert [day["revised_at"] for day in other.metrics()] == [None] * len(other.metrics())
    assert "уточнено" not in other.captions()[1]

    await tick(next_morning + timedelta(days=1))
    assert "уточнено" not in tenant.captions()[2]
    assert tenant.metrics()[2]["revised_at"] == next_morning


async def test_a_failed_batch_is_one_transaction(connection: Plain, tick: Tick) -> None:
    lotus = salon(connection)
    connection.execute("""
        create function platform.refuse() returns trigger language plpgsql as $$
        begin raise exception 'no'; end $$;
        create trigger refuse before insert on platform.outbox for each row execute function platform.refuse()
    """)

    assert (await tick(MORNING))["failed"] == 1
    assert lotus.metrics() == []

    connection.execute("drop trigger refuse on platform.outbox")
    assert (await tick(MORNING))["done"] == 1
