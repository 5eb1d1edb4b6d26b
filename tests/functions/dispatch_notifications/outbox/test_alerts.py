"""Bad news reaches those who look after a bot: once per bot, class and hour."""

import time

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    arrived,
    asked,
    hand_over,
    message,
    patient_bot,
    row,
    states,
)
from tests.helpers import canaries

DUTY = -1_001_500_000_601
OTHER_DUTY = -1_001_500_000_602
OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
THIRD_TOKEN = "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
ONCE = Kind("support/once", policy="at_most_once")

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    if (left := 3600 - time.time() % 3600) < 20:  # a test whose hour ends meanwhile says nothing
        time.sleep(left + 1)
    return patient_bot(connection, alert_chat_id=DUTY)


def close(telegram: SandboxServer, *chats: int) -> None:
    for chat in chats:
        telegram.telegram.configure(chat, None, {"blocked": "Forbidden: bot was blocked by the user"})


async def test_an_hour_of_dead_messages_is_told_once_for_each_class(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    people = [CHAT + number for number in range(4)]
    close(telegram, *people[:3])
    for chat in people[:3]:
        await hand_over(database, message(bot, f"to {chat}", chat), message(bot, f"again to {chat}", chat))
    await dispatcher.tick()
    await hand_over(database, message(bot, "later", people[0]))
    await dispatcher.tick()

    [alert] = arrived(telegram, DUTY)
    assert "«school»" in alert
    assert "нажать «Старт»" in alert

    await hand_over(database, message(bot, "no text", people[3], payload={}))
    await dispatcher.tick()
    assert len(arrived(telegram, DUTY)) == 2
    assert "bad_request" in arrived(telegram, DUTY)[1]
    assert row(connection, "no text")["state"] == "dead"


async def test_the_next_hour_tells_it_again(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    close(telegram, CHAT)
    await hand_over(database, message(bot, "one"))
    await dispatcher.tick()
    hour = 'YYYY-MM-DD"T"HH24'
    changed = connection.execute(
        "update platform.outbox set dedup_key = replace(dedup_key, to_char(now() at time zone 'utc', %s),"
        " to_char(now() at time zone 'utc' - interval '1 hour', %s))"
        " where kind = 'platform/alert' returning dedup_key",
        (hour, hour),
    ).fetchall()
    assert len(changed) == 1

    await hand_over(database, message(bot, "two"))
    await dispatcher.tick()

    assert len(arrived(telegram, DUTY)) == 2


async def test_two_bots_tell_their_own_people(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    other = patient_bot(connection, name="other", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    close(telegram, CHAT)

    await hand_over(database, message(bot, "one"), message(other, "two"))
    await dispatcher.tick()

    assert ["«school»" in text for text in arrived(telegram, DUTY)] == [True]
    assert ["«other»" in text for text in arrived(telegram, OTHER_DUTY)] == [True]


async def test_a_message_that_may_or_may_not_have_arrived_is_told_too(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", chat_id=CHAT, times=1, reset=True)

    await hand_over(database, message(bot, "once", kind=ONCE))
    await dispatcher.tick()

    assert states(connection, "once") == ["unknown"]
    [alert] = arrived(telegram, DUTY)
    assert "неизвестно, дошло ли" in alert


async def test_what_ended_as_it_should_is_not_told(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "late"), message(bot, "good"))
    connection.execute(
        "update platform.outbox set expires_at = clock_timestamp() - interval '1 minute' where dedup_key = 'late'"
    )
    telegram.telegram.faults.add(method="sendMessage", times=1, status=429, parameters={"retry_after": 1})

    await dispatcher.tick()

    assert states(connection, "late", "good") == ["cancelled", "sent"]
    assert arrived(telegram, DUTY) == []


async def test_a_refused_bot_is_told_of_by_another_of_its_system(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    patient_bot(connection, name="stranger", token=THIRD_TOKEN, system="salon", alert_chat_id=-600)
    patient_bot(connection, name="sister", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    telegram.telegram.bot_of(int(canaries.BOT_TOKEN.split(":")[0])).revoked = True

    await hand_over(database, message(bot, "one"), message(bot, "two", CHAT + 1))
    await dispatcher.tick()

    assert connection.execute("select name from platform.bots where status = 'auth_failed'").fetchall() == [
        {"name": "school"}
    ]
    [alert] = arrived(telegram, OTHER_DUTY)
    assert "carillon bots check school" in alert
    assert arrived(telegram, DUTY) == arrived(telegram, -600) == []
    assert [row(connection, key)["attempt"] for key in ("one", "two")] == [0, 0]
    assert states(connection, "one", "two") == ["queued", "queued"]


async def test_a_refused_bot_that_nobody_can_tell_of_is_only_logged(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    patient_bot(connection, name="mute", token=OTHER_TOKEN)
    patient_bot(connection, name="paused", token=THIRD_TOKEN, alert_chat_id=OTHER_DUTY, status="paused")
    telegram.telegram.bot_of(int(canaries.BOT_TOKEN.split(":")[0])).revoked = True

    await hand_over(database, message(bot, "one"))
    await dispatcher.tick()

    assert connection.execute("select from platform.outbox where kind = 'platform/alert'").fetchall() == []
    assert "bot_refused" in dispatcher.output.read_text()


async def test_an_alert_that_fails_raises_no_alert(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    patient_bot(connection, name="sister", token=OTHER_TOKEN, alert_chat_id=OTHER_DUTY)
    telegram.telegram.faults.add(method="sendMessage", chat_id=DUTY, times=-1, status=400,
                                 description="Bad Request: have no rights to send a message")  # fmt: skip
    close(telegram, CHAT)

    await hand_over(database, message(bot, "one"))
    await dispatcher.tick()
    await dispatcher.tick()

    alerts = connection.execute("select state from platform.outbox where kind = 'platform/alert'").fetchall()
    assert alerts == [{"state": "dead"}]
    assert asked(telegram, chat=DUTY) == 1
    assert arrived(telegram, OTHER_DUTY) == []
