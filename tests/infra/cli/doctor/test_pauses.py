"""carillon doctor's lines about pauses that gateways ask for: nobody takes them for a scheduler that does not call."""

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin.doctor import delivery
from tests.helpers import arrange
from tests.infra.cli.doctor.test_delivery import message

Connection = psycopg.Connection[DictRow]


@pytest.mark.parametrize(
    ("pause", "who"),
    [
        ("update platform.bot_limits set paused_until = now() + interval '40 minutes'", "bot school"),
        ("update platform.lanes set paused_until = now() + interval '40 minutes'", "chat 5001 of bot school"),
    ],
    ids=["a bot", "a chat"],
)
def test_what_waits_for_a_pause_is_not_overdue_and_its_end_is_shown(
    connection: Connection, pause: str, who: str
) -> None:
    message(connection, arrange.bot(connection), "queued", hours=3)
    assert delivery.overdue(connection)[0].status == "problem"
    assert delivery.pauses(connection)[0].status == "ok"

    connection.execute(pause.encode())

    assert delivery.overdue(connection)[0].message == "nothing is due"
    [line] = delivery.pauses(connection)
    [end] = connection.execute("select to_char((now() + interval '40 minutes') at time zone 'utc', 'HH24:MI') as at")
    assert (line.status, line.message) == ("warning", f"{who} has to rest until {end['at']} UTC; messages that wait: 1")


def test_a_rest_of_seconds_is_everyday_life_and_a_phone_number_nobodys_business(connection: Connection) -> None:
    bot = arrange.bot(connection)
    lane = "insert into platform.lanes (bot_id, lane, paused_until) values (%s, %s, now() + %s::interval)"
    connection.execute(lane, (bot, "5001", "30 seconds"))
    assert delivery.pauses(connection)[0].status == "ok"

    connection.execute(lane, (bot, "77010000000@s.whatsapp.net", "2 minutes"))

    [line] = delivery.pauses(connection)
    assert line.message.startswith("a chat of bot school has to rest until ")


def test_what_waits_for_its_chats_pace_is_not_overdue(connection: Connection) -> None:
    message(connection, arrange.bot(connection), "queued", hours=3)
    connection.execute(
        "insert into platform.lanes (bot_id, lane, chat, head_due) select bot_id, '5001#aside', '5001',"
        " now() - interval '3 hours' from platform.lanes"
    )
    connection.execute("update platform.lanes set next_at = now() + interval '3 seconds' where lane = '5001'")

    assert delivery.overdue(connection)[0].message == "nothing is due"
