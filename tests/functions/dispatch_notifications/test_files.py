"""Files of every kind, by the id that Telegram knows them by or by an address, with their captions."""

from typing import Any

import pytest

from shared.delivery.enqueue import Message
from shared.delivery.kinds import ANSWER_TO_LESSON
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery

FILE_ID = "AgACAgIAAxkBAAIBY2Zk8QABexampleexampleexample"
URL = "https://files.example.com/lesson.bin"


@pytest.mark.parametrize("file", [FILE_ID, URL])
async def test_files_arrive_with_their_captions_in_order(delivery: Delivery, file: str) -> None:
    kinds = ["photo", "document", "audio", "video", "voice"]
    messages = [
        with_file(delivery, kind, {kind: file, "caption": f"<b>{kind}</b>", "parse_mode": "HTML"}) for kind in kinds
    ]
    await delivery.enqueue(*messages)

    await delivery.tick(seconds=20)

    calls = [call for call in delivery.calls(None, CHAT) if call.delivered]
    assert [call.method for call in calls] == [f"send{kind.capitalize()}" for kind in kinds]
    assert [call.params[kind] for call, kind in zip(calls, kinds, strict=True)] == [file] * len(kinds)
    assert [call.params["caption"] for call in calls] == [f"<b>{kind}</b>" for kind in kinds]
    assert {delivery.row(kind)["state"] for kind in kinds} == {"sent"}


async def test_a_caption_that_is_too_long_goes_on_in_messages_of_its_own(delivery: Delivery) -> None:
    words = " ".join(f"слово{number}" for number in range(400))
    await delivery.enqueue(with_file(delivery, "photo", {"photo": FILE_ID, "caption": words}))

    await delivery.tick(seconds=20)

    calls = [call for call in delivery.calls(None, CHAT) if call.delivered]
    assert [call.method for call in calls] == ["sendPhoto", "sendMessage"]
    said = " ".join([calls[0].params["caption"], calls[1].params["text"]])
    assert said.split() == words.split()


def with_file(delivery: Delivery, kind: str, payload: dict[str, Any]) -> Message:
    return Message(delivery.bot, ANSWER_TO_LESSON, kind, payload, "c" * 32, CHAT, method=f"send{kind.capitalize()}")
