"""What has no words, or words that do not tell what it is: the topic has a line for it all the same."""

import json
from typing import Any

import pytest

from tests.functions.ingest_webhook.whatsapp.test_corrections import begin, in_topic
from tests.functions.ingest_webhook.whatsapp.world import STORED, World, cloud, cloud_text, evolution, new_jid

FORM = json.dumps({"flow_token": "token-1", "услуга": "Стрижка", "время": "18:30"}, ensure_ascii=False)
UNAVAILABLE = {"type": "unsupported", "unsupported": {"type": "unknown"}, "errors": [{"code": 131060}]}


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ({"pollUpdateMessage": {"vote": {}}}, "👤 [ответ на голосование]"),
        ({"pollCreationMessage": {"name": "<Когда>?"}}, "👤 [голосование] &lt;Когда&gt;?"),
        ({"liveLocationMessage": {"degreesLatitude": 1, "degreesLongitude": 2}}, "👤 [прямая трансляция места] 1,2"),
        ({"reactionMessage": {"key": {"id": "3EB0"}, "text": ""}}, "👤 [реакция снята]"),
        ({"reactionMessage": {"key": {"id": "3EB0"}, "text": "👍"}}, "👤 👍"),
        ({"viewOnceMessage": {"message": {"imageMessage": {}}}},
         "👤 [одноразовое фото, видео или голосовое: только на телефоне]"),
        ({"stickerMessage": {}}, "👤 [стикер: сюда не передаётся, откройте WhatsApp на телефоне]"),
        ({"brandNewMessage": {"x": 1}}, "👤 [сообщение, которое видно только на телефоне: откройте WhatsApp]"),
    ],
)  # fmt: skip
def test_each_kind_has_a_line_in_the_topic(world: World, message: Any, line: str) -> None:
    jid = new_jid()
    begin(world, jid, "evolution")

    assert world.json(evolution(jid, message), "evolution").json() == STORED
    assert in_topic(world, jid) == [line]


def test_the_answers_of_a_form_are_shown_and_kept(world: World) -> None:
    jid = new_jid()
    begin(world, jid, "whatsapp_cloud")
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": FORM}}
    content: dict[str, Any] = {"type": "interactive", "interactive": reply}

    assert world.signed(cloud(cloud_text(jid, **content))).json() == STORED

    [message] = world.messages(jid)
    assert (message["content"], message["metadata"]["kind"]) == ("услуга: Стрижка\nвремя: 18:30", "form")
    assert in_topic(world, jid) == ["👤 [форма] услуга: Стрижка\nвремя: 18:30"]
    assert world.conversation(jid)["answer_due_at"] is not None


def test_a_message_that_only_the_phone_shows_waits_for_an_answer(world: World) -> None:
    jid = new_jid()
    content: dict[str, Any] = UNAVAILABLE

    assert world.signed(cloud(cloud_text(jid, **content))).json() == STORED

    [message] = world.messages(jid)
    assert (message["content"], message["metadata"]["kind"]) == ("", "other")
    assert world.conversation(jid)["answer_due_at"] is not None
