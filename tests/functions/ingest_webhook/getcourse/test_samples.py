"""Replays payloads that were captured elsewhere: SAMPLES_DIR names a folder with a folder for each sender."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.functions.ingest_webhook.conftest import JSON_TYPE, Door
from tests.functions.ingest_webhook.whatsapp.conftest import gate
from tests.functions.ingest_webhook.whatsapp.gate import Gate
from tests.helpers import canaries

__all__ = ["gate"]

FOLDER = os.environ.get("SAMPLES_DIR", "")
GATEWAYS = {"chatflow": "chatflow", "evolution_api": "evolution", "whatsapp_cloud": "whatsapp_cloud"}
WHATSAPP_WEBHOOKS = ("inbound_", "messages_upsert_", "message_")
WEBHOOKS = ("seturi", "process")  # the others are API answers: they must do no harm


def test_every_sample_is_answered_2xx_and_webhooks_are_understood(door: Door) -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    files = sorted(path for path in (Path(FOLDER) / "getcourse").iterdir() if path.suffix in {".json", ".txt"})
    assert files
    for path in files:
        tallies = [_replay_request(door, path)] if path.suffix == ".txt" else _replay_json(door, path)
        for tally in tallies:
            assert sum(tally.values()) >= 1, path.name
            assert tally["unparsed"] == 0 or not path.name.startswith(WEBHOOKS), path.name


def _replay_json(door: Door, path: Path) -> list[dict[str, int]]:
    """Every delivery of a file alone, then all in one list."""
    content = json.loads(path.read_text(encoding="utf-8"))
    deliveries = content if isinstance(content, list) else [content]
    tallies = []
    for one in [*deliveries, content, {"json": content}]:
        response = door.call(content=json.dumps(one, ensure_ascii=False).encode(), headers=JSON_TYPE)
        assert response.is_success, path.name
        tallies.append(response.json())
    return tallies


def _replay_request(door: Door, path: Path) -> dict[str, int]:
    """A raw HTTP request, with our secret in place of its own."""
    head, _, body = path.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n\n")
    first, *headers = head.splitlines()
    method, target, _ = first.split()
    query = urlencode([(name, value) for name, value in parse_qsl(urlsplit(target).query) if name != "secret"])
    sent: dict[str, Any] = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)}
    sent = {name: value for name, value in sent.items() if name == "content-type" or name.endswith("secret")}
    sent |= {name: canaries.SOURCE_SECRET for name in sent if name.endswith("secret")}
    response = door.call(method, query=query, content=body.strip().encode(), headers=sent)
    assert response.is_success, path.name
    tally: dict[str, int] = response.json()
    return tally


@pytest.mark.parametrize("folder", GATEWAYS)
def test_every_sample_of_whatsapp_is_answered_2xx_and_messages_are_stored_once(gate: Gate, folder: str) -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    send = gate.signed if folder == "whatsapp_cloud" else gate.json
    seen = 0
    for path in sorted((Path(FOLDER) / folder).glob("*.json")):
        gate.connection.execute("delete from support.messages")  # examples share their ids
        content = json.loads(path.read_text(encoding="utf-8"))
        first, again = (send(content, GATEWAYS[folder]) for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200), path.name
        is_message = path.name.startswith(WHATSAPP_WEBHOOKS) and "headers" not in path.name
        stored = first.json()["stored"]
        assert (stored > 0) == is_message, path.name
        assert (again.json()["stored"], again.json()["duplicates"]) == (0, stored), path.name
        assert gate.rows("select count(*) as n from support.messages") == [{"n": stored}], path.name
        seen += is_message
    assert seen
