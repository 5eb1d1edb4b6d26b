"""carillon bots settings and remove."""

from typing import Any

import psycopg
import pytest

from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.worlds.support import desk, insert
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[Any]

MESSAGE = (
    "insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,"
    " state, finished_at) values (%s, 1, '1', 'getcourse/answer', 'sendMessage', '{}', 'k', 'c', 'idempotent', %s, %s)"
)


def test_a_bots_settings_are_corrected_and_the_rest_stays(carillon: Carillon, connection: Connection) -> None:
    arrange.bot(connection)
    changed = carillon(
        "bots", "settings", "school", "--alerts", "-1001900000001", "--rate", "20", "--group-pace", "4.5"
    )

    assert (changed.code, changed.err) == (0, "")
    assert carillon("bots", "settings", "school", "--json").json == {
        "name": "school", "system": "getcourse", "channel": "telegram", "alert_chat_id": -1001900000001,
        "rate_per_second": 20.0, "burst": 5, "private_pace": 1.05, "group_pace": 4.5, "address": None,
    }  # fmt: skip
    carillon("bots", "settings", "school", "--alerts", "none")
    assert rows(connection, "select alert_chat_id from platform.bots") == [{"alert_chat_id": None}]


def test_the_address_of_a_whatsapp_account_is_corrected(carillon: Carillon, connection: Connection) -> None:
    arrange.bot(connection, "wa", system="support", channel="evolution", address="romashk", telegram_id=None)

    assert carillon("bots", "settings", "wa", "--address", "a/b").code == 2
    assert "carillon bots check wa" in carillon("bots", "settings", "wa", "--address", "romashka").out
    assert rows(connection, "select address from platform.bots") == [{"address": "romashka"}]


def test_a_bot_that_was_added_by_mistake_is_removed(carillon: Carillon, connection: Connection) -> None:
    arrange.bot(connection, "scool")

    assert carillon("bots", "remove", "scool", stdin="y\n").code == 0
    assert rows(connection, "select from platform.bots") == []


@pytest.mark.parametrize("who", ["source getcourse/school", "client echo", "salon aurora"])
def test_a_bot_that_speaks_for_somebody_stays(carillon: Carillon, connection: Connection, who: str) -> None:
    if who.startswith("client"):
        desk(connection)
    elif who.startswith("source"):
        arrange.bot(connection, "echo-tg")
        arrange.source(connection)  # it names no bot: the first one speaks
    else:
        bot = arrange.bot(connection, "echo-tg", system="salon")
        tenant = insert(connection, "public.tenants_v2", name="Аврора", slug="aurora")
        connection.execute("insert into dashboard.tenant_settings (tenant_id, bot_id) values (%s, %s)", (tenant, bot))

    refused = carillon("bots", "remove", "echo-tg", "--yes", "--with-history")

    assert (refused.code, who in refused.err) == (1, True)
    assert "carillon bots pause echo-tg" in refused.err


def test_messages_that_wait_keep_their_bot_and_ended_ones_go_only_when_asked(
    carillon: Carillon, connection: Connection
) -> None:
    connection.execute(MESSAGE, (arrange.bot(connection), "queued", None))
    waiting = carillon("bots", "remove", "school", "--yes", "--with-history")
    assert (waiting.code, "carillon outbox cancel --bot school" in waiting.err) == (1, True)

    carillon("outbox", "cancel", "--bot", "school", "--yes")
    ended = carillon("bots", "remove", "school", "--yes")
    assert (ended.code, "--with-history" in ended.err) == (1, True)
    assert carillon("bots", "remove", "school", "--yes", "--with-history").code == 0
    assert rows(connection, "select from platform.outbox") == []
