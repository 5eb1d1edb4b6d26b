"""Alerts with a database: what a look writes, and what people read."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.daily_metrics_digest.alerts import evaluate
from shared.database.pool import Database
from tests.conftest import rows
from tests.functions.daily_metrics_digest.alerts.world import (
    NOTHING,
    Evaluate,
    age,
    forget,
    salon,
)
from tests.helpers.worlds.salon import Plain


@pytest.fixture
def evaluate_now(database: Database) -> Evaluate:
    """A look with time enough."""
    return lambda: evaluate.evaluate(database, time.monotonic() + 20)


async def test_a_bad_day_is_raised_and_told_once_with_a_button(connection: Plain, evaluate_now: Evaluate) -> None:
    bad = salon(connection)
    bad.dialogs(done=6, dropped=44)

    assert await evaluate_now() == {**NOTHING, "raised": 2, "sent": 2}
    assert await evaluate_now() == NOTHING

    assert bad.alerts() == [("high_drop_off", "critical", 88, True), ("low_conversion", "info", 12, True)]
    [low, drop] = bad.alert_messages()
    [alert] = rows(connection, "select * from dashboard.alerts where kind = 'low_conversion'")
    assert low["payload"]["text"] == alert["description"]
    assert low["payload"]["text"].startswith(
        "🟡 Мало записей: 12 % за сутки (записей 6, диалогов 50), порог 15 %.\nЧто сделать: "
    )
    assert low["payload"]["reply_markup"] == {
        "inline_keyboard": [[{"text": "✅ Принято", "callback_data": f"salon/accept/{alert['id']}"}]]
    }
    assert (low["kind"], low["dedup_key"]) == ("salon/alert", f"salon/alert/{alert['id']}/info")
    assert (alert["outbox_id"], alert["told_severity"]) == (low["id"], "info")
    assert "88 % за сутки (44 из 50), порог 60 %" in drop["payload"]["text"]
    [settings] = rows(connection, "select * from dashboard.tenant_settings")
    assert {(message["bot_id"], message["chat_id"]) for message in (drop, low)} == {
        (settings["bot_id"], settings["chat_id"])
    }


@pytest.mark.parametrize(
    ("statuses", "kind", "actual"),
    [
        ({"done": 40, "escalated": 10}, None, None),
        ({"done": 39, "escalated": 11}, "error_spike", 22),
        ({"done": 39, "auto_closed": 11}, "error_spike", 22),
        ({"done": 39, "lost_in_space": 11}, "error_spike", 22),
        ({"done": 19, "abandoned": 31}, "high_drop_off", 62),
        ({"done": 19, "abandoned": 11, "dropped": 20}, "high_drop_off", 62),
    ],
)
async def test_final_statuses_count_where_they_belong(
    connection: Plain, evaluate_now: Evaluate, statuses: dict[str, int], kind: str | None, actual: int | None
) -> None:
    lotus = salon(connection)
    lotus.dialogs(**statuses)

    await evaluate_now()

    assert [(row[0], row[2]) for row in lotus.alerts()] == ([(kind, actual)] if kind else [])


async def test_only_the_last_24_hours_count(connection: Plain, evaluate_now: Evaluate) -> None:
    lotus = salon(connection)
    lotus.dialogs(done=10)
    lotus.dialogs(hours=24.1, dropped=90)
    lotus.dialogs(hours=-1, dropped=90)  # of a clock that goes wrong

    assert await evaluate_now() == NOTHING


async def test_it_grows_and_is_over_and_comes_back_silently(connection: Plain, evaluate_now: Evaluate) -> None:
    lotus = salon(connection)
    lotus.dialogs(done=77, escalated=23)
    assert await evaluate_now() == {**NOTHING, "raised": 1, "sent": 1}

    lotus.dialogs(escalated=30)
    assert await evaluate_now() == {**NOTHING, "escalated": 1}
    assert lotus.alerts() == [("error_spike", "warning", 40.77, True)], "more than a quarter of the way to 100"
    lotus.dialogs(escalated=200)
    assert await evaluate_now() == {**NOTHING, "escalated": 1, "sent": 1}

    forget(connection)
    lotus.dialogs(done=100)
    assert await evaluate_now() == NOTHING, "not within the first hour"
    assert lotus.alerts() == [("error_spike", "critical", 0, True)], "it does not grow milder while it is open"
    age(connection, minutes=61)
    assert await evaluate_now() == {**NOTHING, "resolved": 1}
    assert lotus.alerts() == [("error_spike", "critical", 0, False)]

    forget(connection)
    lotus.dialogs(done=77, escalated=23)
    assert await evaluate_now() == {**NOTHING, "raised": 1}
    assert lotus.alerts() == [("error_spike", "info", 23, True)]
    assert [message["dedup_key"].rpartition("/")[2] for message in lotus.alert_messages()] == ["info", "critical"]


async def test_what_comes_back_after_25_hours_is_another_alert(connection: Plain, evaluate_now: Evaluate) -> None:
    lotus = salon(connection)
    lotus.dialogs(done=77, escalated=23)
    await evaluate_now()
    connection.execute("update dashboard.alerts set resolved_at = now()")
    age(connection, hours=25)

    assert await evaluate_now() == {**NOTHING, "raised": 1, "sent": 1}
    assert [row[3] for row in lotus.alerts()] == [False, True]


async def test_a_hundred_runs_over_an_error_rate_that_flaps_send_two_messages(
    connection: Plain, evaluate_now: Evaluate
) -> None:
    lotus = salon(connection)
    for number in range(100):
        if number % 5 in (0, 1):
            forget(connection)
            lotus.dialogs(**({"done": 10} if number % 5 else {"done": 1, "escalated": 9}))
        if number == 10:
            connection.execute("update dashboard.alerts set told_severity = 'info'")  # as if it had begun mildly
        await evaluate_now()
        age(connection, minutes=15)

    counted = rows(connection, "select count(*)::int as alerts from dashboard.alerts group by kind")
    assert [row["alerts"] for row in counted] == [1, 1]
    assert (
        0
        < len([message for message in lotus.alert_messages() if "Бот не справляется" in message["payload"]["text"]])
        <= 2
    )
    assert len(lotus.alert_messages()) <= 4


async def test_in_quiet_hours_only_what_is_critical_is_told(connection: Plain, evaluate_now: Evaluate) -> None:
    hour = datetime.now(UTC).hour
    night: dict[str, Any] = {"timezone": "UTC", "quiet_from": hour, "quiet_until": (hour + 2) % 24}
    mild, grave = salon(connection, **night), salon(connection, "Ирис", **night)
    mild.dialogs(done=77, escalated=23)
    grave.dialogs(done=20, escalated=80)

    assert await evaluate_now() == {**NOTHING, "raised": 2, "sent": 1}
    assert (mild.alert_messages(), len(grave.alert_messages())) == ([], 1)
    mild.settings(quiet_from=0, quiet_until=0)  # the night is over

    assert await evaluate_now() == {**NOTHING, "sent": 1}
    assert [message["dedup_key"].rpartition("/")[2] for message in mild.alert_messages()] == ["info"]


async def test_a_bot_that_fell_silent_is_told_from_one_that_never_spoke(
    connection: Plain, evaluate_now: Evaluate
) -> None:
    silent, new, busy, talking = (salon(connection, name, timezone="UTC") for name in ("А", "Б", "В", "Г"))
    last = datetime.now(UTC) - timedelta(hours=7)
    for n in range(12):
        for tenant in (silent, talking):
            tenant.session(last - timedelta(hours=10 * n))
        busy.session(last + timedelta(hours=6))
    talking.message(talking.session(last), "user", datetime.now(UTC) - timedelta(hours=1))

    await evaluate_now()

    assert [len(tenant.alerts()) for tenant in (silent, new, talking)] == [1, 0, 0]
    assert "data_stale" not in [row[0] for row in busy.alerts()]
    [(kind, severity, hours, _)] = silent.alerts()
    assert (kind, severity, round(hours, 1)) == ("data_stale", "info", 7)
    day = "" if last.date() == datetime.now(UTC).date() else f"{last:%d.%m} "
    assert (
        f"Бот молчит: новых диалогов нет с {day}{last:%H:%M}, порог 6 ч."
        in silent.alert_messages()[0]["payload"]["text"]
    )

    silent.session(datetime.now(UTC))
    age(connection, hours=2)
    assert (await evaluate_now())["resolved"] == 1


async def test_a_dialog_that_ended_just_now_is_a_sign_of_life(connection: Plain, evaluate_now: Evaluate) -> None:
    lotus = salon(connection)
    last = datetime.now(UTC) - timedelta(hours=7)
    for n in range(12):
        lotus.session(last - timedelta(hours=10 * n))
    lotus.session(last, ended_at=datetime.now(UTC))

    assert (await evaluate_now())["raised"] == 0


async def test_english_salons_read_english(connection: Plain, evaluate_now: Evaluate) -> None:
    lotus = salon(connection, language="en")
    lotus.dialogs(done=2, dropped=8)

    await evaluate_now()

    texts = sorted(message["payload"]["text"] for message in lotus.alert_messages())
    assert [text.partition(",")[0] for text in texts] == [
        "🟠 Clients leave the dialog: 80% in 24 hours (8 of 10)",
    ]  # fmt: skip
    assert lotus.alert_messages()[0]["payload"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "✅ Accepted"
