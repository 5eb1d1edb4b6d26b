"""carillon salon connect and settings: a salon's own bot, its clock, and what is worth an alert."""

import json
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon
from tests.migrations.tenant_isolation import AURORA, BREEZE, insert

Connection = psycopg.Connection[DictRow]

CONNECT = ("salon", "connect")
OTHER_TOKEN = "7000000002:" + "x" * 35
GROUP = "-1001234567890"


def salon(connection: Connection, tenant: UUID = AURORA, slug: str | None = "aurora", **metadata: object) -> UUID:
    """A salon as the bot knows it. The token is a canary: nothing may print it."""
    known = {"telegram_bot_token": canaries.BOT_TOKEN, "admin_chat_id": GROUP, **metadata}
    insert(connection, "public.tenants_v2", id=tenant, name=f"Салон {slug}", slug=slug,
           metadata=json.dumps({key: value for key, value in known.items() if value is not None}))  # fmt: skip
    return tenant


def settings_of(connection: Connection) -> list[DictRow]:
    return rows(connection, "select k.*, b.name as bot from dashboard.tenant_settings k"
                            " left join platform.bots b on b.id = k.bot_id order by k.tenant_id")  # fmt: skip


def test_a_salon_is_connected_with_what_its_bot_knows(carillon: Carillon, connection: Connection) -> None:
    salon(connection)

    connected = carillon(
        *CONNECT, "aurora", "--timezone", "Asia/Oral", "--digest-hour", "8", "--low-conversion", "12.5"
    )

    assert (connected.code, connected.err) == (0, "")
    [bot] = rows(connection, "select * from platform.bots")
    assert (bot["name"], bot["system"], bot["telegram_id"]) == ("salon-aurora", "salon", 7000000001)
    assert (
        secrets.unseal(arrange.SECRETS_KEY, bot["token_sealed"], token_associated_data("salon-aurora"))
        == canaries.BOT_TOKEN
    )
    [row] = settings_of(connection)
    assert [row[c] for c in ("bot_id", "chat_id", "timezone", "digest_hour", "language")] == [
        bot["id"], int(GROUP), "Asia/Oral", 8, "ru",
    ]  # fmt: skip
    assert (float(row["low_conversion"]), row["minimum_sample"]) == (12.5, 10)
    [audit] = rows(connection, "select * from dashboard.audits")
    assert (audit["action"], audit["tenant_id"]) == ("connect", AURORA)
    assert audit["metadata"]["chat_id"] == {"from": None, "to": int(GROUP)}
    assert canaries.BOT_TOKEN not in str(audit)


def test_a_chat_that_is_given_counts_more_than_the_bots(carillon: Carillon, connection: Connection) -> None:
    salon(connection, admin_chat_id="our chat")

    assert carillon(*CONNECT, str(AURORA), "--chat", "-1009").code == 0
    assert settings_of(connection)[0]["chat_id"] == -1009


@pytest.mark.parametrize("text", [GROUP, int(GROUP), "5001"], ids=["text", "number", "a person"])
def test_an_id_is_text_or_a_number(carillon: Carillon, connection: Connection, text: object) -> None:
    salon(connection, admin_chat_id=text)

    assert carillon(*CONNECT, "aurora").code == 0
    assert settings_of(connection)[0]["chat_id"] == int(str(text))


@pytest.mark.parametrize(
    "text",
    [None, "", "0", "-0", "@aurora_admins", " -100123", "-100123 ", "-100 123", "+7701", "1e9", "-1001.5", "--5",
     "١٢٣", "9" * 20, 1.5, True, {"id": 1}, [1]],
)  # fmt: skip
def test_nonsense_is_no_chat_and_nothing_is_half_done(carillon: Carillon, connection: Connection, text: object) -> None:
    salon(connection, admin_chat_id=text)

    refused = carillon(*CONNECT, "aurora")

    assert refused.code == 1
    assert "carillon salon connect aurora --chat" in refused.err
    assert rows(connection, "select from platform.bots") == settings_of(connection) == []
    assert rows(connection, "select from dashboard.audits") == []


@pytest.mark.parametrize("token", [None, "", "top-secret-nonsense", "123:abc", " " + OTHER_TOKEN, 12345])
def test_nonsense_is_no_token_and_is_not_shown(carillon: Carillon, connection: Connection, token: object) -> None:
    salon(connection, telegram_bot_token=token)

    refused = carillon(*CONNECT, "aurora")

    assert refused.code == 1
    assert "carillon bots add" in refused.err
    assert not token or str(token) not in refused.err
    assert rows(connection, "select from platform.bots") == []


def test_a_salon_that_nobody_knows_is_refused(carillon: Carillon) -> None:
    refused = carillon(*CONNECT, "nobody")

    assert (refused.code, "carillon salon tenants" in refused.err) == (1, True)


@pytest.mark.parametrize("arguments", [[], ["aurora", "--all"], ["--all", "--chat", "-1001"]])
def test_one_salon_or_all_of_them(carillon: Carillon, arguments: list[str]) -> None:
    assert carillon(*CONNECT, *arguments).code == 2


def test_all_that_wait_are_connected_and_a_broken_one_delays_nobody(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    salon(connection, BREEZE, None, telegram_bot_token=OTHER_TOKEN, admin_chat_id="5001")
    salon(connection, UUID(int=3), "broken", telegram_bot_token="nonsense")
    insert(connection, "public.tenants_v2", name="Закрыт", slug="closed", is_active=False)

    done = carillon(*CONNECT, "--all", "--digest-hour", "7")

    assert (done.code, "2 of 3" in done.out) == (1, True)
    assert "broken" in done.err
    found = [(row["bot"], row["chat_id"], row["digest_hour"]) for row in settings_of(connection)]
    assert found == [("salon-aurora", int(GROUP), 7), (f"salon-{BREEZE}", 5001, 7)]
    connection.execute("update public.tenants_v2 set is_active = false where slug = 'broken'")
    again = carillon(*CONNECT, "--all")
    assert (again.code, "0 of 0" in again.out) == (0, True)


def test_connecting_again_takes_a_new_token_of_the_same_bot(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    carillon(*CONNECT, "aurora", "--digest-hour", "7")
    newer = "7000000001:" + "y" * 35
    connection.execute("update platform.bots set status = 'auth_failed'")
    token = "jsonb_build_object('telegram_bot_token', %s::text)"
    connection.execute(f"update public.tenants_v2 set metadata = metadata || {token}", (newer,))

    assert carillon(*CONNECT, "aurora").code == 0
    [bot] = rows(connection, "select * from platform.bots")
    assert bot["status"] == "active"
    assert secrets.unseal(arrange.SECRETS_KEY, bot["token_sealed"], token_associated_data("salon-aurora")) == newer
    assert settings_of(connection)[0]["digest_hour"] == 7


def test_two_salons_may_share_a_bot(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    salon(connection, BREEZE, "breeze", admin_chat_id="5001")

    assert carillon(*CONNECT, "--all").code == 0
    assert [row["bot"] for row in settings_of(connection)] == ["salon-aurora", "salon-aurora"]


def test_another_systems_bot_is_no_salons(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    arrange.bot(connection, "school")

    refused = carillon(*CONNECT, "aurora")
    assert (refused.code, "school of getcourse" in refused.err) == (1, True)


def test_for_a_salon_that_got_another_bot_the_next_step_is_printed(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    arrange.bot(connection, "salon-aurora", OTHER_TOKEN, system="salon")

    refused = carillon(*CONNECT, "aurora")
    assert (refused.code, "--bot NAME" in refused.err) == (1, True)


def test_settings_are_shown_and_stay(carillon: Carillon, connection: Connection) -> None:
    salon(connection)

    shown = carillon("salon", "settings", "aurora")

    assert shown.code == 0
    lines = {line.split()[0]: line.split()[1] for line in shown.out.splitlines() if line.startswith("--")}
    assert len(lines) == 12
    assert (lines["--timezone"], lines["--digest-hour"], lines["--bot"]) == ("Asia/Almaty", "9", "–")
    assert settings_of(connection) == rows(connection, "select from dashboard.audits") == []


def test_all_settings_can_be_changed_and_it_is_written_down(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    bot = arrange.bot(connection, "own", system="salon")
    changed = carillon(
        "salon", "settings", "aurora", "--bot", "own", "--chat", "-1009", "--timezone", "Asia/Oral",
        "--digest-hour", "7", "--language", "en", "--low-conversion", "20.5", "--high-drop-off", "50",
        "--error-spike", "5", "--stale-hours", "12", "--minimum-sample", "30", "--quiet-from", "21",
        "--quiet-until", "9",
    )  # fmt: skip

    assert (changed.code, changed.err) == (0, "")
    [row] = settings_of(connection)
    columns = ("bot_id", "chat_id", "timezone", "digest_hour", "language", "low_conversion", "high_drop_off",
               "error_spike", "stale_hours", "minimum_sample", "quiet_from", "quiet_until")  # fmt: skip
    values = [bot, -1009, "Asia/Oral", 7, "en", 20.5, 50, 5, 12, 30, 21, 9]
    assert [row[c] for c in columns] == values
    [audit] = rows(connection, "select * from dashboard.audits")
    assert audit["action"] == "update_settings"
    assert {column: change["to"] for column, change in audit["metadata"].items()} == dict(
        zip(columns, values, strict=True)
    )

    carillon("salon", "settings", "aurora", "--digest-hour", "0")
    assert (settings_of(connection)[0]["digest_hour"], settings_of(connection)[0]["timezone"]) == (0, "Asia/Oral")
    last = rows(connection, "select metadata from dashboard.audits order by id desc limit 1")
    assert last == [{"metadata": {"digest_hour": {"from": 7, "to": 0}}}]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--timezone", "Almaty"], 2),
        (["--digest-hour", "24"], 2),
        (["--language", "kk"], 2),
        (["--low-conversion", "101"], 2),
        (["--low-conversion", "nan"], 2),
        (["--stale-hours", "0"], 2),
        (["--minimum-sample", "0"], 2),
        (["--quiet-from", "24"], 2),
        (["--chat", "0"], 2),
        (["--bot", "nobody"], 1),
        (["--bot", "school"], 1),
    ],
)
def test_what_cannot_be_changes_nothing(
    carillon: Carillon, connection: Connection, options: list[str], code: int
) -> None:
    salon(connection)
    arrange.bot(connection, "school")

    assert carillon("salon", "settings", "aurora", "--quiet-until", "5", *options).code == code
    assert settings_of(connection) == rows(connection, "select from dashboard.audits") == []
