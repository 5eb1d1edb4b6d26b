"""A head that fails for long, and messages that nobody can send: their chat and the others go on."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, Delivery

PICTURE = {"photo": "https://example.com/gamma.png"}

Plain = psycopg.Connection[DictRow]


async def fail(delivery: Delivery, times: int) -> None:
    """Let the next try come, and fail, as often."""
    for _ in range(times):
        delivery.bring_forward()
        await delivery.tick(seconds=1)


async def a_picture_that_fails(delivery: Delivery) -> None:
    """With a text behind it in the same chat."""
    delivery.fault("sendPhoto", times=-1, status=500, description="Internal Server Error")
    await delivery.enqueue(delivery.message("picture", payload=PICTURE, method="sendPhoto"), "behind it")


async def test_a_head_that_may_still_succeed_soon_holds_its_chat_and_no_other(delivery: Delivery) -> None:
    await a_picture_that_fails(delivery)
    await delivery.enqueue(delivery.message("another chat", OTHER_CHAT))

    await fail(delivery, 3)  # 5, 30 and 120 seconds

    assert delivery.states("picture", "behind it", "another chat") == ["queued", "queued", "sent"]
    assert not delivery.row("picture")["out_of_order"]
    assert delivery.row("picture")["attempt"] == 3


async def test_a_head_that_fails_for_ten_minutes_is_parked_and_sent_later_from_a_lane_of_its_own(
    delivery: Delivery,
) -> None:
    await a_picture_that_fails(delivery)
    await fail(delivery, 4)

    parked = delivery.row("picture")
    assert (parked["state"], parked["out_of_order"]) == ("queued", True)
    assert parked["lane"] == f"{CHAT}!{parked['id']}"
    assert delivery.sent() == ["behind it"]

    delivery.telegram.telegram.faults.waiting.clear()
    await delivery.enqueue("later")
    await fail(delivery, 1)

    assert delivery.states("picture", "later") == ["sent", "sent"]
    assert delivery.row("picture")["lane"] == parked["lane"]
    assert delivery.row("picture")["attempt"] == 5


async def test_what_is_parked_still_keeps_its_chats_pace(delivery: Delivery) -> None:
    await a_picture_that_fails(delivery)
    await fail(delivery, 4)
    delivery.set_bot(private_pace="1.5 seconds")
    delivery.telegram.telegram.faults.waiting.clear()
    await delivery.enqueue("later")

    delivery.bring_forward()
    await delivery.tick(seconds=10)

    [later, picture] = sorted(
        [*delivery.calls(chat=CHAT)[-1:], *delivery.calls("sendPhoto")[-1:]],
        key=lambda call: call.at,
    )
    assert picture.delivered
    assert picture.at - later.at >= 1.4


async def test_the_eighth_failure_is_the_last(delivery: Delivery) -> None:
    await a_picture_that_fails(delivery)

    await fail(delivery, 10)

    found = delivery.row("picture")
    assert (found["state"], found["error_class"], found["attempt"]) == ("dead", "exhausted", 8)
    assert found["error_code"] == 500
    assert delivery.requests("sendPhoto") == 8
    [dead] = delivery.rows("select error_class, out_of_order from platform.v_dead_letters")
    assert dead == {"error_class": "exhausted", "out_of_order": True}


async def test_a_payload_that_is_no_parameters_ends_and_the_others_go_on(delivery: Delivery) -> None:
    await delivery.enqueue("poison", "behind it", delivery.message("other", OTHER_CHAT))
    delivery.connection.execute("update platform.outbox set payload = '[\"no\", 1]' where dedup_key = 'poison'")

    report = await delivery.tick()

    assert report["sent"] == 2
    assert (delivery.row("poison")["state"], delivery.row("poison")["error_class"]) == ("dead", "poison")
    assert delivery.states("behind it", "other") == ["sent", "sent"]
    assert delivery.requests(chat=None) == 2, "nothing was asked for the poison"
    assert "payload_not_understood" in delivery.log()


async def test_a_text_that_is_no_text_ends_when_its_markup_is_to_be_left_out(delivery: Delivery) -> None:
    delivery.fault(chat_id=CHAT, times=1, status=400,
                                 description="Bad Request: can't parse entities: not a string")  # fmt: skip
    await delivery.enqueue(delivery.message("poison", payload={"text": ["a", "list"], "parse_mode": "HTML"}))
    await delivery.enqueue("behind it", delivery.message("other", OTHER_CHAT))

    await delivery.tick()

    assert delivery.states("poison", "behind it", "other") == ["dead", "sent", "sent"]
    assert delivery.row("poison")["error_class"] == "poison"


@pytest.mark.parametrize("payload", [{}, {"caption": 5}, {"text": None}, {"text": "hello", "parse_mode": ["HTML"]}])
async def test_a_payload_that_telegram_refuses_ends_and_the_others_go_on(
    delivery: Delivery, payload: dict[str, object]
) -> None:
    await delivery.enqueue(delivery.message("poison", payload=payload))
    await delivery.enqueue("behind it", delivery.message("other", OTHER_CHAT))

    await delivery.tick()

    assert delivery.states("poison", "behind it", "other") == ["dead", "sent", "sent"]
    assert delivery.row("poison")["error_class"] == "bad_request"
    assert delivery.requests() == 2


async def test_a_method_that_telegram_does_not_know_ends_and_does_not_stop_the_bot(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("poison", method="sendMesage"), "behind it")

    await delivery.tick()

    assert delivery.states("poison", "behind it") == ["dead", "sent"]
    assert delivery.rows("select status from platform.bots") == [{"status": "active"}]
