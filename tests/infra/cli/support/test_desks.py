"""carillon support add-client and clients."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.worlds.support import conversation, desk, insert
from tests.infra.cli.conftest import Carillon, Ran

Connection = psycopg.Connection[DictRow]

OPTIONS = {
    "--source": "romashka",
    "--telegram-bot": "desk",
    "--whatsapp-bot": "romashka-wa",
    "--chat": "-1001900000123",
}


def add(carillon: Carillon, name: str = "Ромашка", **changes: str) -> Ran:
    """Add a client, with some options other than usual."""
    options = {**OPTIONS, **{f"--{option.replace('_', '-')}": value for option, value in changes.items()}}
    return carillon("support", "add-client", name, *(part for pair in options.items() for part in pair))


@pytest.fixture
def ready(connection: Connection) -> Connection:
    """A source and two bots that nobody uses yet."""
    arrange.source(connection, "romashka", provider="whatsapp", gateway="evolution")
    arrange.bot(connection, "desk", system="support")
    account(connection, "romashka-wa")
    return connection


def account(connection: Connection, name: str, **columns: str) -> int:
    """A WhatsApp account."""
    values = {"system": "support", "channel": "evolution", "address": name, **columns}
    return arrange.bot(connection, name, telegram_id=None, **values)


def test_a_client_gets_a_desk(carillon: Carillon, ready: Connection) -> None:
    added = add(carillon, owner="@romashka_owner", timezone="Asia/Oral", instance_id="i-1")

    assert (added.code, added.err) == (0, "")
    (row,) = rows(
        ready,
        "select c.id, c.name, c.status, c.config, s.name as source, t.name as telegram, w.name as whatsapp, k.*"
        " from support.clients c join support.client_settings k on k.client_id = c.id"
        " join platform.webhook_sources s on s.id = c.source_id"
        " join platform.bots t on t.id = k.telegram_bot_id join platform.bots w on w.id = k.whatsapp_bot_id",
    )
    assert (row["name"], row["status"], row["config"]) == ("Ромашка", "active", {"instance_id": "i-1"})
    assert (row["source"], row["telegram"], row["whatsapp"]) == ("romashka", "desk", "romashka-wa")
    assert (row["telegram_chat_id"], row["owner_telegram_id"], row["timezone"]) == (
        "-1001900000123",
        "@romashka_owner",
        "Asia/Oral",
    )
    assert str(row["id"]) in added.out
    for step in ("manage topics", "carillon support prompt", "carillon doctor"):
        assert step in added.out


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("source", "nobody", "carillon sources add whatsapp nobody"),
        ("source", "school", "there is no whatsapp source school"),
        ("telegram_bot", "nobody", "carillon bots list"),
        ("telegram_bot", "romashka-wa", "is not a Telegram bot"),
        ("telegram_bot", "school", "belongs to getcourse, not to support"),
        ("whatsapp_bot", "desk", "is not a WhatsApp account"),
        ("whatsapp_bot", "salon-wa", "belongs to salon, not to support"),
        ("chat", "-12", "is negative"),
        ("owner", "@a", "@romashka_owner"),
        ("owner", "Иван", "@romashka_owner"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_next_step(
    carillon: Carillon, ready: Connection, option: str, value: str, message: str
) -> None:
    arrange.source(ready, "school")
    arrange.bot(ready, "school", "7000000002:" + "x" * 35)
    account(ready, "salon-wa", system="salon")

    refused = add(carillon, **{option: value})

    assert refused.code == 1
    assert message in refused.err
    assert "→" in refused.err
    assert rows(ready, "select from support.clients") == []


@pytest.mark.parametrize(
    ("name", "timezone"), [("", "UTC"), ("x" * 129, "UTC"), ("a\nb", "UTC"), ("Ромашка", "Almaty")]
)
def test_a_name_and_a_timezone_are_checked(carillon: Carillon, ready: Connection, name: str, timezone: str) -> None:
    assert add(carillon, name, timezone=timezone).code == 2
    assert rows(ready, "select from support.clients") == []


def test_one_source_is_one_clients(carillon: Carillon, ready: Connection) -> None:
    assert add(carillon).code == 0

    assert "already Ромашка's" in add(carillon, "Лютик").err
    arrange.source(ready, "other", provider="whatsapp", gateway="chatflow")
    assert "there is a client Ромашка already" in add(carillon, source="other").err
    assert len(rows(ready, "select from support.clients")) == 1


def test_one_number_is_one_clients(carillon: Carillon, ready: Connection) -> None:
    assert add(carillon).code == 0
    arrange.source(ready, "other", provider="whatsapp", gateway="evolution")
    account(ready, "other-wa")

    assert "account romashka-wa is already Ромашка's" in add(carillon, "Лютик", source="other").err
    assert add(carillon, "Лютик", source="other", whatsapp_bot="other-wa").code == 0
    taken = carillon("support", "settings", "Лютик", "--whatsapp-bot", "romashka-wa")
    assert (taken.code, "already Ромашка's" in taken.err) == (1, True)
    assert carillon("support", "settings", "Ромашка", "--whatsapp-bot", "romashka-wa").code == 0


def test_clients_are_listed_with_how_many_wait(carillon: Carillon, connection: Connection) -> None:
    first = desk(connection)
    desk(connection, "second", -1001900000778, "7000000002:" + "x" * 35)
    for number, status in enumerate(["pending", "pending", "timeout"]):
        conversation_id = conversation(connection, first, f"7701000000{number}@s.whatsapp.net")
        ended = "now" if status == "timeout" else None
        insert(connection, "support.handovers", conversation_id=conversation_id, client_id=first.id, status=status,
               trigger_type="keyword", resolved_at=ended)  # fmt: skip

    listed = carillon("support", "clients", "--json").json

    assert [(row["name"], row["waiting"], row["gateway"]) for row in listed] == [
        ("echo", 2, "chatflow"),
        ("second", 0, "chatflow"),
    ]
    assert listed[0]["id"] == str(first.id)
    assert str(first.id) in carillon("support", "clients").out


def test_without_clients_the_next_step_is_printed(carillon: Carillon) -> None:
    assert "carillon support add-client" in carillon("support", "clients").out


def test_a_client_is_known_by_name_and_by_id_and_others_are_named(carillon: Carillon, connection: Connection) -> None:
    assert "carillon support add-client" in carillon("support", "settings", "Ромашка").err
    client = desk(connection).id

    for known in ("echo", str(client), str(client).upper()):
        assert carillon("support", "settings", known, "--json").json["client"] == "echo"
    unknown = carillon("support", "settings", "Ромашка")
    assert (unknown.code, "there are: echo" in unknown.err) == (1, True)
    twin = insert(connection, "support.clients", name="echo")
    assert str(twin) in carillon("support", "settings", "echo").err
