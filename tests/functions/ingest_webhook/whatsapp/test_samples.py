"""Reads payloads that were captured elsewhere: SAMPLES_DIR names a folder with a folder for each gateway."""

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.ingest_webhook.whatsapp.gateways import chatflow, cloud, evolution
from functions.ingest_webhook.whatsapp.message import Ignored, ParsedMessage, Record
from tests.functions.ingest_webhook.whatsapp.bodies import check
from tests.functions.ingest_webhook.whatsapp.world import World

FOLDER = os.environ.get("SAMPLES_DIR", "")
GATEWAYS: dict[str, Callable[[Any], list[Record]]] = {
    "chatflow": chatflow.parse,
    "evolution_api": evolution.parse,
    "whatsapp_cloud": cloud.parse,
}
SOURCES = {"chatflow": "chatflow", "evolution_api": "evolution", "whatsapp_cloud": "whatsapp_cloud"}
MESSAGES = ("inbound_", "messages_upsert_", "message_")
WEBHOOKS = ("inbound_", "messages_upsert_", "message_", "status_")  # the others are requests and answers of ours


def _meaning(name: str) -> str | None:
    """What a file's name promises: a kind of message, "ignored", or None where it is no webhook."""
    if not name.startswith(WEBHOOKS) or "headers" in name:
        return None
    if name.startswith("status_"):
        return "ignored"
    word = name.partition(".")[0].removeprefix("messages_upsert_").removeprefix("message_").removeprefix("inbound_")
    return {"from_me": "text", "reply": "text"}.get(word, word)


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_every_sample_is_read_and_webhooks_mean_what_their_names_say(gateway: str) -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    seen: Counter[str] = Counter()
    for path in sorted((Path(FOLDER) / gateway).glob("*.json")):
        records = GATEWAYS[gateway](json.loads(path.read_text(encoding="utf-8")))
        check(records)
        meaning = _meaning(path.name)
        if meaning is None:
            continue
        seen[meaning] += 1
        if meaning == "ignored":
            assert all(isinstance(record, Ignored) for record in records), path.name
            continue
        for message in records:
            assert isinstance(message, ParsedMessage), path.name
            assert message.kind == ("voice" if "ptt" in path.read_text(encoding="utf-8") else meaning), path.name
            assert message.phone, path.name
            assert message.sent_at, path.name
            assert message.from_me == ("from_me" in path.name), path.name
            assert message.text or message.media, path.name
            assert (message.media is not None) == (message.kind not in {"text", "reaction"}), path.name
    assert seen["text"]


@pytest.mark.parametrize("folder", SOURCES)
def test_every_sample_of_whatsapp_is_answered_2xx_and_messages_are_stored_once(world: World, folder: str) -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    send = world.signed if folder == "whatsapp_cloud" else world.json
    seen = 0
    for path in sorted((Path(FOLDER) / folder).glob("*.json")):
        world.connection.execute("delete from support.messages")  # examples share their ids
        content = json.loads(path.read_text(encoding="utf-8"))
        first, again = (send(content, SOURCES[folder]) for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200), path.name
        is_message = path.name.startswith(MESSAGES) and "headers" not in path.name
        stored = first.json()["stored"]
        assert (stored > 0) == is_message, path.name
        assert (again.json()["stored"], again.json()["duplicates"]) == (0, stored), path.name
        assert world.rows("select count(*) as n from support.messages") == [{"n": stored}], path.name
        seen += is_message
    assert seen
