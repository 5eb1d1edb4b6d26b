"""Replays payloads that were captured elsewhere: SAMPLES_DIR names a folder with a folder `getcourse`."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.functions.ingest_webhook.getcourse.world import JSON_TYPE, World
from tests.helpers import canaries

FOLDER = os.environ.get("SAMPLES_DIR", "")
WEBHOOKS = ("seturi", "process")  # the others are API answers: they must do no harm


def test_every_sample_is_answered_2xx_and_webhooks_are_parsed(world: World) -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    files = sorted(path for path in (Path(FOLDER) / "getcourse").iterdir() if path.suffix in {".json", ".txt"})
    assert files
    for path in files:
        counts = [_replay_request(world, path)] if path.suffix == ".txt" else _replay_json(world, path)
        for count in counts:
            assert sum(count.values()) >= 1, path.name
            assert count["unparsed"] == 0 or not path.name.startswith(WEBHOOKS), path.name


def _replay_json(world: World, path: Path) -> list[dict[str, int]]:
    """Every delivery of a file alone, then all in one list."""
    content = json.loads(path.read_text(encoding="utf-8"))
    deliveries = content if isinstance(content, list) else [content]
    counts = []
    for delivery in [*deliveries, content, {"json": content}]:
        response = world.call(content=json.dumps(delivery, ensure_ascii=False).encode(), headers=JSON_TYPE)
        assert response.is_success, path.name
        counts.append(response.json())
    return counts


def _replay_request(world: World, path: Path) -> dict[str, int]:
    """A raw HTTP request, with our secret in place of its own."""
    head, _, body = path.read_text(encoding="utf-8").replace("\r\n", "\n").partition("\n\n")
    first, *headers = head.splitlines()
    method, target, _ = first.split()
    query = urlencode([(name, value) for name, value in parse_qsl(urlsplit(target).query) if name != "secret"])
    sent: dict[str, Any] = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)}
    sent = {name: value for name, value in sent.items() if name == "content-type" or name.endswith("secret")}
    sent |= {name: canaries.SOURCE_SECRET for name in sent if name.endswith("secret")}
    response = world.call(method, query=query, content=body.strip().encode(), headers=sent)
    assert response.is_success, path.name
    counts: dict[str, int] = response.json()
    return counts
