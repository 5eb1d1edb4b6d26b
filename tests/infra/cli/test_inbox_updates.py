"""carillon inbox updates and replay-updates: what Telegram brought, failed and was set aside."""

import json
from typing import Any

import psycopg
import pytest

from infra.admin.doctor.webhooks import set_aside
from tests.conftest import rows
from tests.helpers import arrange
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.school import in_thread

Connection = psycopg.Connection[Any]

BROKEN = """
create function public.broken() returns trigger language plpgsql as
$$ begin raise exception using errcode = 'P0001', message = 'nobody foresaw it'; end $$;
create trigger broken before insert on platform.outbox for each row execute function public.broken();
"""
START = {
    "update_id": 5,
    "message": {"message_id": 1, "chat": {"id": 77, "type": "private"}, "from": {"id": 77}, "text": "/start"},
}


@pytest.fixture
def kept(connection: Connection) -> int:
    """The bot of somebody's /start that was set aside: it is answered by a message, after the start was noted."""
    bot = arrange.bot(connection)
    connection.execute(
        "insert into platform.failed_updates (bot_id, update_id, attempts, error, correlation_id, set_aside_at, body)"
        " values (%s, 5, 3, 'RaiseException at x.py:1', %s, now(), %s)",
        (bot, "c" * 32, json.dumps(START).encode()),
    )
    return bot


@pytest.mark.usefixtures("kept")
async def test_an_update_is_processed_once_and_leaves_the_list(carillon: Carillon, connection: Connection) -> None:
    [listed] = carillon("inbox", "updates", "--json").json
    assert (listed["bot"], listed["update_id"], listed["attempts"]) == ("school", 5, 3)
    assert "carillon inbox updates" in carillon("inbox", "list").out

    replayed = await in_thread(carillon, "inbox", "replay-updates", "school", "5", "--json")
    again = await in_thread(carillon, "inbox", "replay-updates", "school", "5")

    assert replayed.json == {"processed": [5], "failed": {}}
    assert (again.code, "has the number 5" in again.err) == (1, True)
    [message] = rows(connection, "select kind, chat_id, correlation_id from platform.outbox")
    assert message == {"kind": "platform/welcome-back", "chat_id": 77, "correlation_id": "c" * 32}
    assert rows(connection, "select chat_id from platform.starts") == [{"chat_id": 77}]
    assert carillon("inbox", "updates").out == "no update is set aside\n"


@pytest.mark.usefixtures("kept")
async def test_one_that_fails_again_has_no_effect_and_stays(carillon: Carillon, connection: Connection) -> None:
    connection.execute(BROKEN.encode())

    failed = await in_thread(carillon, "inbox", "replay-updates", "school")

    assert (failed.code, "update 5 failed again: RaiseException at " in failed.err) == (1, True)
    assert rows(connection, "select from platform.starts") == []
    [kept] = rows(connection, "select attempts, error from platform.failed_updates where body is not null")
    assert (kept["attempts"], kept["error"].startswith("RaiseException at ")) == (4, True)

    connection.execute("drop trigger broken on platform.outbox")
    assert (await in_thread(carillon, "inbox", "replay-updates", "school")).code == 0


@pytest.mark.usefixtures("kept")
def test_doctor_names_the_command_and_a_wrong_name_is_named(carillon: Carillon, connection: Connection) -> None:
    [line] = set_aside(connection)
    assert line.next_step.endswith("once it is mended: carillon inbox replay-updates school")
    assert "there is no bot nobody" in carillon("inbox", "replay-updates", "nobody").err
    assert carillon("inbox", "updates", "--bot", "nobody").code == 1
