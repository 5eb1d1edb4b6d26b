"""A paused source is answered as ever, and what it brings is kept unread."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.helpers import arrange, canaries
from tests.helpers.serving import Served

BODIES = {
    "getcourse": {"user_id": "1", "answer_id": "77", "answer_text": canaries.ANSWER},
    "whatsapp": {"type": "message"},
    "yclients": {"resource": "record", "resource_id": 5},
}


@pytest.fixture(scope="module")
def connection(module_direct_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A paused source of each provider."""
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        for provider in BODIES:
            gateway = {"gateway": "chatflow"} if provider == "whatsapp" else {}
            arrange.source(connection, "away", provider=provider, paused_at="now", **gateway)
        yield connection


@pytest.mark.parametrize("provider", BODIES)
def test_what_comes_during_a_pause_is_answered_and_kept_unread(
    served_ingest: Served, connection: psycopg.Connection[Any], provider: str
) -> None:
    body = json.dumps(BODIES[provider], ensure_ascii=False).encode()
    for _ in range(2):
        answer = httpx.post(
            f"{served_ingest.url}/{provider}/away?secret={canaries.SOURCE_SECRET}", content=body, trust_env=False
        )
        assert answer.status_code == 200

    kept = connection.execute(
        "select i.reason, i.body from platform.inbox i join platform.webhook_sources s on s.id = i.source_id"
        " where s.provider = %s",
        (provider,),
    ).fetchall()
    assert kept == [{"reason": "the source is paused", "body": body}]
    assert connection.execute("select from getcourse.webhook_events").fetchall() == []
