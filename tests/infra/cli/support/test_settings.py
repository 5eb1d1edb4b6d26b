"""carillon support settings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.worlds.support import Desk, conversation, desk, insert
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]

SETTINGS = ("support", "settings", "echo")
OPENED = datetime(2026, 1, 16, 12, 0, tzinfo=UTC)  # a Friday, 17:00 in Almaty


def stored(connection: Connection) -> dict[str, Any]:
    """The settings of the only client."""
    (row,) = rows(connection, "select * from support.client_settings")
    return dict(row)


def request(connection: Connection, of: Desk, number: int = 1, **columns: Any) -> UUID:
    """A handover that was opened on a Friday."""
    conversation_id = conversation(connection, of, f"7701000000{number}@s.whatsapp.net")
    return insert(connection, "support.handovers", conversation_id=conversation_id, client_id=of.id,
                  trigger_type="keyword",
                  **{"created_at": OPENED, "remind_at": OPENED + timedelta(minutes=30), **columns})  # fmt: skip


def remind_at(connection: Connection, handover: UUID) -> datetime | None:
    """When the sweep has to act next."""
    at: datetime | None = rows(connection, "select remind_at from support.handovers where id = %s", handover)[0][
        "remind_at"
    ]
    return at


def test_without_options_they_are_shown_and_stay(carillon: Carillon, connection: Connection) -> None:
    desk(connection)
    before = stored(connection)

    shown = carillon(*SETTINGS)

    assert shown.code == 0
    lines = {line.split()[0]: line.split()[1:] for line in shown.out.splitlines() if line.startswith("--")}
    assert len(lines) == 21
    assert (lines["--reminder-1"], lines["--working-hours"], lines["--keywords"]) == (["30"], ["always"], ["usual"])
    assert (lines["--telegram-bot"], lines["--holidays"]) == (["echo-tg"], ["none"])
    assert lines["--language"] == ["ru"]
    assert stored(connection) == before


def test_everything_can_be_changed_and_the_rest_stays(carillon: Carillon, connection: Connection) -> None:
    desk(connection)
    other = arrange.bot(connection, "other", "7000000002:" + "x" * 35, system="support")
    account = arrange.bot(connection, "other-wa", system="support", channel="evolution", address="o", telegram_id=None)
    changed = carillon(
        *SETTINGS, "--reminder-1", "10", "--reminder-2", "20", "--auto-close", "180", "--cooldown", "0", "--threshold",
        "0.75", "--first-mute", "15", "--second-mute", "2000", "--no-count-reset", "600", "--manager-mute", "90",
        "--gather", "8", "--daily-tokens", "100000", "--customer-daily-tokens", "0",
        "--owner", "owner_of_echo", "--chat", "-1001900000999", "--telegram-bot", "other",
        "--whatsapp-bot", "other-wa", "--timezone", "Asia/Oral", "--language", "en",
        "--working-hours", "mon-tue 09:00-18:00", "--holidays", "2026-03-22, 2026-01-01",
        "--keywords", "бухгалтер*, живой мастер,",
    )  # fmt: skip

    assert (changed.code, changed.err) == (0, "")
    row = stored(connection)
    assert [row[c] for c in ("reminder_timeout_1", "reminder_timeout_2", "auto_close_timeout")] == [10, 20, 180]
    assert (row["escalation_cooldown_minutes"], str(row["confidence_threshold"])) == (0, "0.75")
    assert (row["first_mute_minutes"], row["second_mute_minutes"], row["no_count_reset_minutes"]) == (15, 2000, 600)
    assert (row["manager_mute_minutes"], row["gather_seconds"], row["owner_telegram_id"]) == (90, 8, "owner_of_echo")
    assert (row["telegram_chat_id"], row["telegram_bot_id"], row["whatsapp_bot_id"]) == (
        "-1001900000999",
        other,
        account,
    )
    assert (row["daily_tokens"], row["customer_daily_tokens"]) == (100_000, 0)
    assert (row["timezone"], row["working_hours"]) == (
        "Asia/Oral",
        {"mon": [["09:00", "18:00"]], "tue": [["09:00", "18:00"]]},
    )
    assert row["holidays"] == [date(2026, 1, 1), date(2026, 3, 22)]
    assert row["language"] == "en"
    assert row["keywords"] == ["бухгалтер*", "живой мастер"]

    carillon(*SETTINGS, "--working-hours", "always", "--holidays", "none", "--keywords", "usual", "--owner", "none")
    back = stored(connection)
    assert [back[c] for c in ("working_hours", "holidays", "keywords", "owner_telegram_id")] == [None, [], None, None]
    assert (back["reminder_timeout_1"], back["timezone"], back["language"]) == (10, "Asia/Oral", "en")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--reminder-1", "60"], "--reminder-1 60 --reminder-2 60"),
        (["--reminder-2", "120"], "--reminder-2 120 --auto-close 120"),
        (["--auto-close", "60"], "--auto-close 60"),
        (["--first-mute", "2000"], "--second-mute 1440"),
        (["--threshold", "1.5"], "--threshold"),
        (["--threshold", "nan"], "--threshold"),
        (["--keywords", "ок*"], "three letters"),
        (["--keywords", "!!"], "no letters"),
        (["--keywords", ", "], "--keywords"),
        (["--timezone", "Almaty"], "Asia/Almaty"),
        (["--working-hours", "mon-fri"], "mon-fri 09:00-18:00"),
        (["--working-hours", "mon 9:00-18:00"], "'09:00'"),
        (["--working-hours", "mon 18:00-09:00"], "24:00"),
        (["--working-hours", "mon 09:00-12:00, 11:00-13:00"], "11:00"),
        (["--holidays", "01.01.2026"], "2026-01-01"),
        (["--owner", "@a"], "@romashka_owner"),
        (["--chat", "5001"], "is negative"),
        (["--telegram-bot", "echo-wa"], "is not a Telegram bot"),
        (["--whatsapp-bot", "nobody"], "carillon bots list"),
    ],
)
def test_what_cannot_be_is_reported_and_nothing_changes(
    carillon: Carillon, connection: Connection, options: list[str], message: str
) -> None:
    waits = request(connection, desk(connection))
    before = stored(connection)

    refused = carillon(*SETTINGS, "--gather", "9", *options)

    assert refused.code == 1
    assert message in refused.err
    assert stored(connection) == before
    assert remind_at(connection, waits) == OPENED + timedelta(minutes=30)


@pytest.mark.parametrize("options", [["--reminder-1", "0"], ["--auto-close", "10081"], ["--gather", "61"]])
def test_what_is_out_of_range_is_a_usage_error(carillon: Carillon, connection: Connection, options: list[str]) -> None:
    desk(connection)

    refused = carillon(*SETTINGS, *options)

    assert refused.code == 2
    assert options[0] in refused.err


def test_requests_that_wait_are_timed_anew(carillon: Carillon, connection: Connection) -> None:
    of = desk(connection)
    fresh = request(connection, of)
    reminded = request(connection, of, 2, reminder_1_sent_at=OPENED + timedelta(minutes=31))
    chased = request(connection, of, 3, reminder_2_sent_at=OPENED + timedelta(minutes=61))
    talked_to = request(connection, of, 4)
    connection.execute(
        "insert into support.messages (conversation_id, client_id, role) select conversation_id, client_id, 'manager'"
        " from support.handovers where id = %s",
        (talked_to,),
    )
    taken = request(connection, of, 5, status="active", assigned_to_name="Лев", remind_at=None)

    changed = carillon(*SETTINGS, "--reminder-1", "45", "--reminder-2", "90", "--auto-close", "150")

    assert "4 waiting requests" in changed.out
    due = [remind_at(connection, handover) for handover in (fresh, reminded, chased, talked_to, taken)]
    minutes = [at and (at - OPENED) / timedelta(minutes=1) for at in due]
    assert minutes == [45, 90, 150, None, None]


def test_working_hours_move_a_reminder_to_the_next_working_day(carillon: Carillon, connection: Connection) -> None:
    waits = request(connection, desk(connection))

    carillon(*SETTINGS, "--reminder-1", "55", "--working-hours", "mon-fri 09:00-17:30", "--holidays", "2026-01-19")
    assert remind_at(connection, waits) == datetime(2026, 1, 20, 4, 25, tzinfo=UTC)  # Tuesday, 09:25 in Almaty

    carillon(*SETTINGS, "--timezone", "UTC")
    assert remind_at(connection, waits) == OPENED + timedelta(minutes=55)


def test_one_clients_settings_are_not_anothers(carillon: Carillon, connection: Connection) -> None:
    desk(connection)
    second = desk(connection, "second", -1001900000778, "7000000002:" + "x" * 35)
    theirs = request(connection, second)
    before = rows(connection, "select * from support.client_settings where client_id = %s", second.id)

    assert carillon(*SETTINGS, "--reminder-1", "5", "--keywords", "мастер").code == 0

    assert rows(connection, "select * from support.client_settings where client_id = %s", second.id) == before
    assert remind_at(connection, theirs) == OPENED + timedelta(minutes=30)


def test_a_client_that_came_by_hand_has_the_usual_settings(carillon: Carillon, connection: Connection) -> None:
    insert(connection, "support.clients", name="echo")

    assert carillon(*SETTINGS, "--gather", "7", "--json").json["gather_seconds"] == 7
    assert stored(connection)["reminder_timeout_1"] == 30
