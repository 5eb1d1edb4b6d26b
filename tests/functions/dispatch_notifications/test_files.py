"""Files of every kind, by the id that Telegram knows them by or by an address, with their captions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared import config
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.delivery.enqueue import Message
from shared.delivery.kinds import ANSWER_TO_LESSON
from tests.functions.dispatch_notifications.delivery import CHAT, Delivery
from tests.helpers import arrange

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


async def test_a_file_that_telegram_could_not_fetch_is_redriven_with_another_address(delivery: Delivery) -> None:
    settings = config.load({**delivery.settings, "MEDIA_URL": "https://files.example.com/media"})
    reference = Reference(delivery.bot, "telegram", FILE_ID)
    url = media_links.link(settings, reference, "чек.jpg", datetime.now(UTC) - timedelta(days=3))
    delivery.fault("sendPhoto", times=1, status=400, description="Bad Request: failed to get HTTP URL content")
    await delivery.enqueue(
        with_file(delivery, "photo", {"photo": url}), with_file(delivery, "document", {"document": URL})
    )
    await delivery.tick(seconds=3)
    assert (delivery.row("photo")["state"], delivery.row("photo")["error_class"]) == ("dead", "file_not_fetched")
    assert delivery.row("photo")["error_text"] == "failed to get HTTP URL content"

    delivery.connection.execute(
        "update platform.outbox set state = 'queued', finished_at = null, due_at = now() where dedup_key = 'photo';"
        "update platform.lanes set head_due = now()"
    )
    await delivery.tick(seconds=3)

    first, second = (call.params["photo"] for call in delivery.calls("sendPhoto", CHAT))
    assert len({url, first, second}) == 3
    sealed = second.removeprefix("https://files.example.com/media/").partition("/")[0]
    assert media_links.read(arrange.SECRETS_KEY, sealed, datetime.now(UTC) + timedelta(hours=47)) == reference
    assert delivery.states("photo", "document") == ["sent", "sent"]
