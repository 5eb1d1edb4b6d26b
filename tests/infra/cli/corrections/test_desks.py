"""carillon support pause, resume and remove."""

from typing import Any

import psycopg

from tests.conftest import rows
from tests.helpers.worlds.support import conversation, desk
from tests.infra.cli.conftest import Carillon

STATUS = "select status from support.clients"


def test_a_desk_is_paused_and_put_back_to_work(carillon: Carillon, connection: psycopg.Connection[Any]) -> None:
    desk(connection)

    assert "is paused" in carillon("support", "pause", "echo").out
    assert rows(connection, STATUS) == [{"status": "paused"}]
    assert "already" in carillon("support", "pause", "echo").out
    assert "is served again" in carillon("support", "resume", "echo").out
    assert rows(connection, STATUS) == [{"status": "active"}]


def test_a_desk_is_removed_while_nobody_has_written_to_it(
    carillon: Carillon, connection: psycopg.Connection[Any]
) -> None:
    echo = desk(connection)
    conversation(connection, echo)
    refused = carillon("support", "remove", "echo", "--yes")
    assert (refused.code, "carillon support pause echo" in refused.err) == (1, True)

    connection.execute("delete from support.users")
    assert carillon("support", "remove", "echo", stdin="y\n").code == 0
    assert rows(connection, STATUS) == []
    assert len(rows(connection, "select from platform.bots")) == 2
