"""carillon bots pause and resume: what is queued waits."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon

OTHER_TOKEN = "987654321:AAEhBOweik6ad2r_PdSvvQZZZwr1LKHzXXX"


def statuses(connection: psycopg.Connection[DictRow]) -> dict[str, str]:
    return {bot["name"]: bot["status"] for bot in rows(connection, "select name, status from platform.bots")}


def test_all_bots_are_paused_and_resumed_by_one_word(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.bot(connection)
    arrange.bot(connection, "desk", OTHER_TOKEN, status="auth_failed")

    paused = carillon("bots", "pause", "--all")
    assert (paused.code, "desk, school" in paused.out) == (0, True)
    assert statuses(connection) == {"school": "paused", "desk": "paused"}
    assert "already" in carillon("bots", "pause", "--all").out
    resumed = carillon("bots", "resume", "--all")
    assert (resumed.code, "desk, school" in resumed.out) == (0, True)
    assert statuses(connection) == {"school": "active", "desk": "active"}


def test_one_bot_is_paused_alone_and_resuming_takes_nobody_else_up(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.bot(connection)
    arrange.bot(connection, "desk", OTHER_TOKEN)

    assert carillon("bots", "pause", "school").code == 0
    assert statuses(connection) == {"school": "paused", "desk": "active"}
    assert "none of them" in carillon("bots", "resume", "desk").out
    assert statuses(connection)["school"] == "paused"


@pytest.mark.parametrize(("arguments", "code"), [(["nobody"], 1), ([], 2), (["school", "--all"], 2)])
def test_a_bot_that_is_not_there_or_not_named_is_an_error(
    carillon: Carillon, connection: psycopg.Connection[DictRow], arguments: list[str], code: int
) -> None:
    arrange.bot(connection)

    assert carillon("bots", "pause", *arguments).code == code
    assert statuses(connection) == {"school": "active"}
