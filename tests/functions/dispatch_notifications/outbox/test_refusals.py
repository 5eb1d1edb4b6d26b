"""What Telegram refuses, loses or never answers."""

import httpx

from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, TRAINING, School
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import arrange
from tests.helpers.serving import free_port


async def test_a_429_makes_only_this_chat_wait_and_counts_as_no_attempt(school: School, delivery: Delivery) -> None:
    delivery.fault(times=1, status=429, parameters={"retry_after": 1})
    school.answer("1")

    await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == 1
    [row] = delivery.rows("select state, attempt from platform.outbox")
    assert (row["state"], row["attempt"]) == ("sent", 1)
    outcomes = delivery.rows("select outcome from platform.outbox_attempts order by started_at")
    assert [o["outcome"] for o in outcomes] == ["rate_limited", "sent"]


async def test_a_mentor_who_blocked_the_bot_is_a_dead_letter_with_its_class(school: School, delivery: Delivery) -> None:
    delivery.fault(times=1, status=403,
                                 description="Forbidden: bot was blocked by the user")  # fmt: skip
    school.answer("1")

    await delivery.tick()

    [row] = delivery.rows("select state, error_class, error_code from platform.v_dead_letters")
    assert row == {"state": "dead", "error_class": "blocked", "error_code": 403}
    assert delivery.rows("select status from getcourse.notifications") == [{"status": "failed"}]


async def test_a_dead_token_parks_the_bot_and_counts_as_no_attempt(school: School, delivery: Delivery) -> None:
    delivery.fault(times=-1, status=401, description="Unauthorized")
    school.answer("1")

    await delivery.tick()

    [bot] = delivery.rows("select status from platform.bots")
    [row] = delivery.rows("select state, attempt from platform.outbox")
    assert bot["status"] == "auth_failed"
    assert row == {"state": "queued", "attempt": 0}


async def test_an_answer_that_telegram_never_gave_is_resent_once_and_flagged(
    school: School, delivery: Delivery
) -> None:
    delivery.fault(times=1, reset=True)
    school.answer("1")

    await delivery.tick(seconds=15)

    assert len(delivery.sent(MENTOR_CHAT)) == 2  # the copy that the lost answer cost
    [row] = delivery.rows("select state, maybe_duplicate from platform.outbox")
    assert row == {"state": "sent", "maybe_duplicate": True}


async def test_a_server_error_is_tried_again_and_an_unauthenticated_call_gets_nothing(
    school: School, delivery: Delivery
) -> None:
    delivery.fault(times=1, raw={"status": 502, "content_type": "text/html",
                                                                    "body": "<html>Bad Gateway</html>"})  # fmt: skip
    school.answer("1")
    async with httpx.AsyncClient(trust_env=False) as client:
        stranger = await client.post(delivery.dispatcher.url, headers={"x-cron-secret": "guess"})
    assert stranger.status_code == 404
    assert delivery.sent(MENTOR_CHAT) == []

    await delivery.tick(seconds=20)

    assert len(delivery.sent(MENTOR_CHAT)) == 1
    [row] = delivery.rows("select state, attempt, maybe_duplicate from platform.outbox")
    assert row == {"state": "sent", "attempt": 2, "maybe_duplicate": False}


async def test_a_telegram_that_cannot_be_reached_is_tried_again_without_a_flag(
    school: School, delivery: Delivery
) -> None:
    school.answer("1")
    delivery.settings["TELEGRAM_API_URL"] = f"http://127.0.0.1:{free_port()}"
    await delivery.tick(seconds=1)

    [row] = delivery.rows("select state, maybe_duplicate, error_class from platform.outbox")
    assert row == {"state": "queued", "maybe_duplicate": False, "error_class": "not_connected"}


async def test_three_chats_refused_within_ten_seconds_make_the_whole_bot_wait(
    school: School, delivery: Delivery
) -> None:
    chats = [MENTOR_CHAT + n for n in range(1, 5)]
    for number, chat in enumerate(chats):
        mentor = arrange.mentor(delivery.connection, getcourse_id=f"4981{number}", telegram_id=chat)
        student = arrange.student(delivery.connection, getcourse_id=f"5121{number}")
        arrange.mapping(delivery.connection, student, mentor, TRAINING)
        if number < 3:
            school.answer(str(number), user_id=f"5121{number}")
            delivery.fault(chat_id=chat, times=1, status=429,
                                         parameters={"retry_after": 2})  # fmt: skip
    await delivery.tick_until(lambda: len(delivery.calls()) >= 3)  # the three are refused
    school.answer("3", user_id="51213")

    await delivery.tick()

    calls = list(delivery.calls())
    refused, later = calls[:3], calls[3:]
    assert [call.status for call in refused] == [429] * 3
    assert {call.chat_id for call in later} == set(chats)
    assert min(call.unix for call in later) >= max(call.unix for call in refused) + 2


async def test_a_bot_whose_token_does_not_open_stops_neither_the_others_nor_the_clock(
    school: School, delivery: Delivery
) -> None:
    spoilt = arrange.bot(delivery.connection, name="spoilt", token="7000000002:" + "x" * 35)
    delivery.connection.execute("update platform.bots set token_sealed = 'garbage' where id = %s", (spoilt,))
    delivery.connection.execute("update platform.webhook_sources set bot_id = %s", (spoilt,))
    school.answer("1")
    await delivery.tick(seconds=1)
    delivery.connection.execute("update platform.webhook_sources set bot_id = null")
    school.answer("2")

    report = await delivery.tick(seconds=30)

    assert len(delivery.sent(MENTOR_CHAT)) == 1
    assert report["remaining"] == 1
    assert "token_not_opened" in delivery.log()
