"""Requests of authenticated callers that were refused are counted."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row
from starlette.responses import Response

from functions.ingest_webhook.refusals import Refusals
from shared.database.pool import Database
from shared.errors import HttpProblem
from shared.http import requests
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.serving import Served
from tests.helpers.waiting import until
from tests.shared.http.requests import dripping

SECRET = {"x-webhook-secret": canaries.SOURCE_SECRET, "content-type": "application/json"}
PROVIDERS = {"getcourse": 256_000, "yclients": 1_000_000, "whatsapp": 3_000_000}


@pytest.fixture(scope="module")
def connection(module_direct_url: str) -> Iterator[psycopg.Connection[DictRow]]:
    """The module's database with a source of each provider."""
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        for provider in PROVIDERS:
            gateway = {"gateway": "chatflow"} if provider == "whatsapp" else {}
            arrange.source(connection, provider=provider, **gateway)
        yield connection


@pytest.fixture(autouse=True)
def nothing_counted(connection: psycopg.Connection[DictRow]) -> None:
    connection.execute("delete from platform.refused_requests")


def counted(connection: psycopg.Connection[DictRow]) -> list[tuple[Any, ...]]:
    """Provider, status, reason and count of each row."""
    query = """select s.provider, r.status, r.reason, r.count from platform.refused_requests r
               join platform.webhook_sources s on s.id = r.source_id order by 1, 2"""
    return [tuple(row.values()) for row in rows(connection, query)]


def call(served: Served, provider: str, content: Any = b"{}", method: str = "POST", **headers: str) -> int:
    """The status of one call; 0 where the answer came before the body had gone out, and the line was cut."""
    with suppress(httpx.WriteError, httpx.ReadError):
        url = f"{served.url}/{provider}/school"
        headers = {**SECRET, **headers}
        return httpx.request(method, url, content=content, headers=headers, trust_env=False, timeout=60).status_code
    return 0


@pytest.mark.parametrize("provider", PROVIDERS)
def test_refused_requests_are_one_row_for_each_reason(
    served_ingest: Served, connection: psycopg.Connection[DictRow], provider: str
) -> None:
    large = b'"' + b"a " * (PROVIDERS[provider] // 2) + b'"'
    for _ in range(3):
        assert call(served_ingest, provider, large) in {413, 0}
    assert call(served_ingest, provider, **{"content-encoding": "gzip"}) == 415
    assert call(served_ingest, provider, b'{"a": NaN}') == 400
    assert call(served_ingest, provider, method="PUT") == 405

    assert counted(connection) == [
        (provider, 400, "Not Readable", 1),
        (provider, 405, "Method Not Allowed", 1),
        (provider, 413, "Too Large", 3),
        (provider, 415, "Unsupported Encoding", 1),
    ]


def test_nothing_is_counted_for_who_is_not_authenticated(
    served_ingest: Served, connection: psycopg.Connection[DictRow]
) -> None:
    for provider, limit in PROVIDERS.items():
        assert call(served_ingest, provider, b"x" * (limit + 1), **{"x-webhook-secret": "wrong"}) in {404, 0}
        assert call(served_ingest, provider, **{"x-webhook-secret": "wrong", "content-encoding": "gzip"}) == 404
        assert call(served_ingest, f"{provider}/unknown") == 404
    assert call(served_ingest, "whatsapp", b"x" * 3_000_001, **{"x-hub-signature-256": "sha256=0"}) in {404, 0}

    assert counted(connection) == []


def test_what_is_accepted_is_not_counted(served_ingest: Served, connection: psycopg.Connection[DictRow]) -> None:
    assert call(served_ingest, "getcourse", b'{"unknown": 1}') == 200

    assert counted(connection) == []


async def test_many_at_once_are_counted_each(served_ingest: Served, connection: psycopg.Connection[DictRow]) -> None:
    url = f"{served_ingest.url}/getcourse/school"
    headers = {**SECRET, "content-encoding": "gzip"}
    async with httpx.AsyncClient(trust_env=False, timeout=60, headers=headers) as client:
        await asyncio.gather(*(client.post(url, content=b"{}") for _ in range(30)))

    assert counted(connection) == [("getcourse", 415, "Unsupported Encoding", 30)]


async def test_a_body_that_breaks_off_is_counted(
    served_ingest: Served, connection: psycopg.Connection[DictRow]
) -> None:
    parts = urlsplit(served_ingest.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as line:
        head = f"POST /getcourse/school HTTP/1.1\r\nhost: x\r\nx-webhook-secret: {canaries.SOURCE_SECRET}\r\n"
        line.sendall(f"{head}content-length: 100\r\n\r\nhalf".encode())

    await until(lambda: counted(connection) == [("getcourse", 400, "Incomplete", 1)], what="the count")


async def test_a_body_that_comes_too_slowly_is_counted_as_refused(
    connection: psycopg.Connection[DictRow], module_database_url: str
) -> None:
    database = Database(module_database_url)
    [source] = rows(connection, "select id from platform.webhook_sources where provider = 'getcourse'")

    async def never_ending() -> Response:
        return Response(await requests.read_body(dripping(b"a", b"b"), 100, seconds=0.01))

    with pytest.raises(HttpProblem):
        await Refusals(database).counted(source["id"], never_ending())
    await database.close()

    assert counted(connection) == [("getcourse", 408, "Too Slow", 1)]
