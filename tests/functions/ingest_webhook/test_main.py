"""Which handler a path leads to."""

import time

import httpx
import psycopg
import pytest

from shared.credentials.cache import MIN_REFRESH_SECONDS
from tests.helpers import arrange, canaries
from tests.helpers.serving import Served


@pytest.mark.parametrize("provider", ["getcourse", "whatsapp", "yclients", "telegram", ""])
def test_an_unknown_source_and_an_unknown_provider_get_one_answer(served_ingest: Served, provider: str) -> None:
    unknown = httpx.post(f"{served_ingest.url}/{provider}/nobody", trust_env=False)
    nothing = httpx.post(served_ingest.url, trust_env=False)

    assert (unknown.status_code, unknown.content) == (nothing.status_code, nothing.content)
    assert unknown.status_code == 404


@pytest.mark.parametrize(("prefix", "stored"), [("", 1), ("/ingest_webhook", 0)])
def test_the_name_of_the_function_may_stand_in_front_of_the_path(
    served_ingest: Served, module_direct_url: str, prefix: str, stored: int
) -> None:
    """Of a function that is served alone it is part of the address that providers were given."""
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        if not connection.execute("select from platform.webhook_sources where name = 'prefixed'").fetchall():
            arrange.source(connection, "prefixed")
            time.sleep(MIN_REFRESH_SECONDS + 0.05)  # somebody unknown may have asked just now
    answer = httpx.get(
        f"{served_ingest.url}{prefix}/getcourse/prefixed",
        params={"user_id": "1", "answer_id": "1", "answer_text": "a"},
        headers={"x-webhook-secret": canaries.SOURCE_SECRET},
        trust_env=False,
    )

    assert (answer.status_code, answer.json()["stored"]) == (200, stored)
