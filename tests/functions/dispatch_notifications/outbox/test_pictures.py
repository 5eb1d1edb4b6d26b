"""Pictures that lie in the outbox as figures and arrive as files."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.dispatch_notifications.outbox import pictures
from infra.sandbox.telegram.journal import Row
from shared.credentials.account import Account
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ANSWER_TO_LESSON, DIGEST, Kind
from tests.functions.dispatch_notifications.delivery import CHAT, OTHER_CHAT, Delivery, all_tick
from tests.helpers import canaries

Plain = psycopg.Connection[DictRow]

PICTURE = {
    "kind": "salon/fortnight",
    "title": "Салон «Ромашка»",
    "language": "ru",
    "days": [
        {"day": f"2026-11-{day:02}", "dialogs": day, "bookings": day // 3, "conversion": 33.3} for day in range(7, 21)
    ],
}
CAPTION = "<b>Вчера</b>: 20 диалогов &amp; 6 записей"
BUTTON = {"inline_keyboard": [[{"text": "Принято", "callback_data": "ok"}]]}
TELEGRAM = Account("telegram", canaries.BOT_TOKEN)


def digest(
    delivery: Delivery, key: str, picture: Any = PICTURE, chat: int = CHAT, kind: Kind = DIGEST, **more: Any
) -> Message:
    payload = {"picture": picture, "caption": CAPTION, "parse_mode": "HTML", **more}
    return Message(delivery.bot, kind, key, payload, "c" * 32, chat, method="sendPhoto")


def calls(delivery: Delivery, chat: int = CHAT) -> list[Row]:
    return delivery.calls(None, chat)


def shown(delivery: Delivery, chat: int = CHAT) -> list[dict[str, Any]]:
    """The messages in a chat, as people see them."""
    return [
        message
        for (_, number), of in delivery.telegram.telegram.chats.items()
        if number == chat
        for message in of.messages.values()
    ]


async def test_the_picture_arrives_as_a_file_with_its_caption_and_buttons(delivery: Delivery) -> None:
    await delivery.enqueue(digest(delivery, "one", reply_markup=BUTTON, disable_notification=True))

    await delivery.tick(seconds=10)

    [call] = calls(delivery)
    assert (call.method, call.delivered, call.params["parse_mode"]) == ("sendPhoto", True, "HTML")
    assert call.params["photo"].content.startswith(b"\x89PNG")
    assert "picture" not in call.params
    [message_shown] = shown(delivery)
    assert message_shown["caption"] == "Вчера: 20 диалогов & 6 записей"
    assert message_shown["reply_markup"] == BUTTON
    [_, photo] = message_shown["photo"]
    assert (photo["width"], photo["height"]) == (1080, 810)
    found = delivery.row("one")
    assert (found["state"], found["message_id"]) == ("sent", message_shown["message_id"])


@pytest.mark.parametrize(
    "picture",
    [{"kind": "salon/year"}, {**PICTURE, "days": []}, {**PICTURE, "days": [{"day": "soon"}]}, None, [], "picture", 5],
)
async def test_what_cannot_be_drawn_goes_as_its_caption(delivery: Delivery, picture: Any) -> None:
    await delivery.enqueue(digest(delivery, "one", picture, reply_markup=BUTTON, show_caption_above_media=True))

    await delivery.tick(seconds=10)

    [call] = calls(delivery)
    assert call.method == "sendMessage"
    assert set(call.params) == {"chat_id", "text", "parse_mode", "reply_markup"}
    assert [message_shown["text"] for message_shown in shown(delivery)] == ["Вчера: 20 диалогов & 6 записей"]
    assert delivery.row("one")["state"] == "sent"
    assert "picture_not_drawn" in delivery.log()


async def test_a_429_and_a_500_are_waited_out_and_the_picture_is_drawn_again(delivery: Delivery) -> None:
    delivery.fault("sendPhoto", status=429, parameters={"retry_after": 1})
    delivery.fault("sendPhoto", status=500)
    await delivery.enqueue(digest(delivery, "one"))

    for _ in range(3):
        await delivery.tick(seconds=5)
        delivery.bring_forward()

    assert [call.status for call in calls(delivery)] == [429, 500, 200]
    assert len({call.params["photo"].content for call in calls(delivery)}) == 1
    assert delivery.row("one")["state"] == "sent"
    assert len(shown(delivery)) == 1


@pytest.mark.parametrize(("kind", "state", "requests"), [(DIGEST, "unknown", 1), (ANSWER_TO_LESSON, "sent", 2)])
async def test_an_answer_that_is_lost_repeats_only_what_may_be_repeated(
    delivery: Delivery, kind: Kind, state: str, requests: int
) -> None:
    delivery.fault("sendPhoto", reset=True)
    await delivery.enqueue(digest(delivery, "one", kind=kind))

    for _ in range(2):
        await delivery.tick(seconds=5)
        delivery.bring_forward()

    assert delivery.row("one")["state"] == state
    assert len(calls(delivery)) == requests


async def test_markup_that_is_refused_leaves_the_picture(delivery: Delivery) -> None:
    await delivery.enqueue(digest(delivery, "one", caption="<b>Вчера"))

    await delivery.tick(seconds=10)

    assert [call.method for call in calls(delivery)] == ["sendPhoto", "sendPhoto"]
    [message_shown] = shown(delivery)
    assert message_shown["photo"]
    assert "Вчера" in message_shown["caption"]


async def test_a_caption_that_is_too_long_goes_on_below_the_picture(delivery: Delivery) -> None:
    words = " ".join(f"слово{number}" for number in range(300))
    await delivery.enqueue(digest(delivery, "one", caption=words))

    await delivery.tick(seconds=10)

    assert [call.method for call in calls(delivery)] == ["sendPhoto", "sendMessage"]
    first, second = shown(delivery)
    assert f"{first['caption']} {second['text']}".split() == words.split()


async def test_many_pictures_from_several_dispatchers_arrive_once_each(delivery: Delivery) -> None:
    delivery.set_bot(burst=100)
    chats = [CHAT + 1000 + number for number in range(40)]
    titled = [digest(delivery, str(chat), {**PICTURE, "title": f"Салон {chat}"}, chat) for chat in chats]
    await delivery.enqueue(*titled, delivery.message("words", OTHER_CHAT))

    dispatchers = delivery.dispatchers(2)
    await all_tick(dispatchers, seconds=30)

    assert [len(shown(delivery, chat)) for chat in chats] == [1] * len(chats)
    files = {call.params["photo"].content for chat in chats for call in calls(delivery, chat)}
    assert len(files) == len(chats)
    assert len(shown(delivery, OTHER_CHAT)) == 1


async def test_the_loop_goes_on_while_pictures_are_drawn() -> None:
    await pictures.drawn(TELEGRAM, "sendPhoto", {"picture": PICTURE}, 60)  # the import
    longest, ended = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal longest
        while not ended.is_set():
            before = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - before)

    watching = asyncio.create_task(watch())
    started = time.monotonic()
    drawn = await asyncio.gather(*(draw({"picture": PICTURE}) for _ in range(20)))
    took = time.monotonic() - started
    ended.set()
    await watching

    assert len({parameters["photo"] for _, parameters in drawn}) == 1
    assert longest < took / 4


async def test_a_picture_that_takes_too_long_raises_timeout() -> None:
    waiting = [asyncio.ensure_future(draw({"picture": PICTURE})) for _ in range(5)]
    with pytest.raises(TimeoutError):
        await draw({"picture": PICTURE}, 0.001)

    assert all([(await call)[0] == "sendPhoto" for call in waiting])


@pytest.mark.parametrize(
    ("account", "method"),
    [(Account("whatsapp_cloud", "token", "1"), "sendPhoto"), (TELEGRAM, "sendDocument"), (TELEGRAM, "sendMessage")],
)
async def test_elsewhere_the_caption_is_a_text(account: Account, method: str) -> None:
    given = {"picture": PICTURE, "caption": "Вчера", "caption_entities": [], "message_thread_id": 5}

    assert await pictures.drawn(account, method, given, 60) == (
        "sendMessage",
        {"text": "Вчера", "entities": [], "message_thread_id": 5},
    )


async def draw(parameters: Mapping[str, Any], seconds: float = 60) -> pictures.Call:
    return await pictures.drawn(TELEGRAM, "sendPhoto", parameters, seconds)
