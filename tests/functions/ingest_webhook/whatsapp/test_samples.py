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
from tests.functions.ingest_webhook.whatsapp.shapes import check

FOLDER = os.environ.get("SAMPLES_DIR", "")
GATEWAYS: dict[str, Callable[[Any], list[Record]]] = {
    "chatflow": chatflow.parse,
    "evolution_api": evolution.parse,
    "whatsapp_cloud": cloud.parse,
}
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
            assert all(isinstance(one, Ignored) for one in records), path.name
            continue
        for one in records:
            assert isinstance(one, ParsedMessage), path.name
            assert one.kind == ("voice" if "ptt" in path.read_text(encoding="utf-8") else meaning), path.name
            assert one.phone, path.name
            assert one.sent_at, path.name
            assert one.from_me == ("from_me" in path.name), path.name
            assert one.text or one.media, path.name
            assert (one.media is not None) == (one.kind not in {"text", "reaction"}), path.name
    assert seen["text"]
