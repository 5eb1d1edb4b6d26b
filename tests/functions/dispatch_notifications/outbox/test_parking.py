"""A head that fails for long, and messages that nobody can send: their chat and the others go on."""

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    CHAT,
    OTHER_CHAT,
    arrived,
    asked,
    bring_forward,
    hand_over,
    message,
    patient_bot,
    row,
    states,
)

PICTURE = {"photo": "https://example.com/gamma.png"}

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


async def fail(connection: Plain, dispatcher: Dispatcher, times: int) -> None:
    """Let the next try come, and fail, as often."""
    for _ in range(times):
        bring_forward(connection)
        await dispatcher.tick(seconds=1)


async def a_picture_that_fails(database: Database, telegram: SandboxServer, bot: int) -> None:
    """With a text behind it in the same chat."""
    telegram.telegram.faults.add(method="sendPhoto", times=-1, status=500, description="Internal Server Error")
    await hand_over(database, message(bot, "picture", payload=PICTURE, method="sendPhoto"), message(bot, "behind it"))


async def test_a_head_that_may_still_succeed_soon_holds_its_chat_and_no_other(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await a_picture_that_fails(database, telegram, bot)
    await hand_over(database, message(bot, "another chat", OTHER_CHAT))

    await fail(connection, dispatcher, 3)  # 5, 30 and 120 seconds

    assert states(connection, "picture", "behind it", "another chat") == ["queued", "queued", "sent"]
    assert not row(connection, "picture")["out_of_order"]
    assert row(connection, "picture")["attempt"] == 3


async def test_a_head_that_fails_for_ten_minutes_is_parked_and_sent_later_from_a_lane_of_its_own(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await a_picture_that_fails(database, telegram, bot)
    await fail(connection, dispatcher, 4)

    parked = row(connection, "picture")
    assert (parked["state"], parked["out_of_order"]) == ("queued", True)
    assert parked["lane"] == f"{CHAT}!{parked['id']}"
    assert arrived(telegram) == ["behind it"]

    telegram.telegram.faults.waiting.clear()
    await hand_over(database, message(bot, "later"))
    await fail(connection, dispatcher, 1)

    assert states(connection, "picture", "later") == ["sent", "sent"]
    assert row(connection, "picture")["lane"] == parked["lane"]
    assert row(connection, "picture")["attempt"] == 5


async def test_what_is_parked_still_keeps_its_chats_pace(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await a_picture_that_fails(database, telegram, bot)
    await fail(connection, dispatcher, 4)
    connection.execute("update platform.bots set private_pace = '1.5 seconds'")
    telegram.telegram.faults.waiting.clear()
    await hand_over(database, message(bot, "later"))

    bring_forward(connection)
    await dispatcher.tick(seconds=10)

    [later, picture] = sorted(
        [*telegram.telegram.journal.find("sendMessage", CHAT)[-1:], *telegram.telegram.journal.find("sendPhoto")[-1:]],
        key=lambda call: call.at,
    )
    assert picture.delivered
    assert picture.at - later.at >= 1.4


async def test_the_eighth_failure_is_the_last(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await a_picture_that_fails(database, telegram, bot)

    await fail(connection, dispatcher, 10)

    found = row(connection, "picture")
    assert (found["state"], found["error_class"], found["attempt"]) == ("dead", "exhausted", 8)
    assert found["error_code"] == 500
    assert asked(telegram, "sendPhoto") == 8
    [dead] = connection.execute("select error_class, out_of_order from platform.v_dead_letters").fetchall()
    assert dead == {"error_class": "exhausted", "out_of_order": True}


async def test_a_payload_that_is_no_parameters_ends_and_the_others_go_on(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "poison"), message(bot, "behind it"), message(bot, "other", OTHER_CHAT))
    connection.execute("update platform.outbox set payload = '[\"no\", 1]' where dedup_key = 'poison'")

    report = await dispatcher.tick()

    assert report["sent"] == 2
    assert (row(connection, "poison")["state"], row(connection, "poison")["error_class"]) == ("dead", "poison")
    assert states(connection, "behind it", "other") == ["sent", "sent"]
    assert asked(telegram, chat=None) == 2, "nothing was asked for the poison"
    assert "payload_not_understood" in dispatcher.output.read_text()


async def test_a_text_that_is_no_text_ends_when_its_markup_is_to_be_left_out(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    telegram.telegram.faults.add(method="sendMessage", chat_id=CHAT, times=1, status=400,
                                 description="Bad Request: can't parse entities: not a string")  # fmt: skip
    await hand_over(database, message(bot, "poison", payload={"text": ["a", "list"], "parse_mode": "HTML"}))
    await hand_over(database, message(bot, "behind it"), message(bot, "other", OTHER_CHAT))

    await dispatcher.tick()

    assert states(connection, "poison", "behind it", "other") == ["dead", "sent", "sent"]
    assert row(connection, "poison")["error_class"] == "poison"


@pytest.mark.parametrize("payload", [{}, {"caption": 5}, {"text": None}, {"text": "hello", "parse_mode": ["HTML"]}])
async def test_a_payload_that_telegram_refuses_ends_and_the_others_go_on(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher,
    payload: dict[str, object],
) -> None:  # fmt: skip
    await hand_over(database, message(bot, "poison", payload=payload))
    await hand_over(database, message(bot, "behind it"), message(bot, "other", OTHER_CHAT))

    await dispatcher.tick()

    assert states(connection, "poison", "behind it", "other") == ["dead", "sent", "sent"]
    assert row(connection, "poison")["error_class"] == "bad_request"
    assert asked(telegram) == 2


async def test_a_method_that_telegram_does_not_know_ends_and_does_not_stop_the_bot(
    connection: Plain, bot: int, database: Database, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "poison", method="sendMesage"), message(bot, "behind it"))

    await dispatcher.tick()

    assert states(connection, "poison", "behind it") == ["dead", "sent"]
    assert connection.execute("select status from platform.bots").fetchall() == [{"status": "active"}]
