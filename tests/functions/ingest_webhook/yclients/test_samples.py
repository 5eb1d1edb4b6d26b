"""Reads payloads that were captured elsewhere: SAMPLES_DIR names a folder with a folder `yclients`."""

import json
import os
from pathlib import Path

import pytest

from functions.ingest_webhook.request import WebhookRequest
from functions.ingest_webhook.yclients.parse import Hint, parse
from shared.credentials.webhook_sources import Source

FOLDER = os.environ.get("SAMPLES_DIR", "")
TENANT = "6f1c2a70-0000-4000-8000-000000000001"
SOURCE = Source(1, "echo", {"tenant_id": TENANT}, "UTC", [])


def test_every_sample_of_a_hook_names_its_record() -> None:
    if not FOLDER:
        pytest.skip("SAMPLES_DIR is not set")
    hooks = sorted((Path(FOLDER) / "yclients").glob("webhook_*.json"))
    assert hooks
    for path in hooks:
        number = str(json.loads(path.read_bytes())["resource_id"])
        assert parse(WebhookRequest("", path.read_bytes(), "application/json"), SOURCE) == [Hint(TENANT, number)], (
            path.name
        )
