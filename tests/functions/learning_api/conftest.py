"""learning_api, and a learner who calls."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from tests.helpers import canaries, learning
from tests.helpers.learning import Learner
from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread

PAGE = "https://app.example.com"
WORDS = canaries.LEARNER_WORDS


@dataclass
class World:
    """The function, the database, and a learner of this test alone."""

    http: httpx.Client = field(repr=False)
    connection: psycopg.Connection[DictRow] = field(repr=False)
    learner: Learner

    def call(
        self, method: str, path: str, headers: Mapping[str, str | None] | None = None, **more: Any
    ) -> httpx.Response:
        """Call as the learner's client. No header of None goes out."""
        sent = {**self.learner.headers, **(headers or {})}
        given = {name: value for name, value in sent.items() if value is not None}
        return self.http.request(method, path, headers=given, **more)

    def mine(self, rest: str = "") -> str:
        """A path of the learner's session."""
        return f"/sessions/{self.learner.session}{rest}"

    def say(self, content: str = WORDS, key: str | None = None, tab: str = "chat", **more: Any) -> httpx.Response:
        """A message of the learner's, under an Idempotency-Key."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.call("POST", self.mine(f"/messages/{tab}"), headers, json={"content": content, **more})

    def read(self, tab: str = "chat", **query: object) -> Any:
        """A page of messages."""
        answer = self.call("GET", self.mine(f"/messages/{tab}"), params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def at_once(self, times: int, method: str, path: str, **more: Any) -> list[httpx.Response]:
        """The same call many times at the same moment."""
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(lambda _: self.call(method, path, **more), range(times)))

    def count(self, table: str, where: str = "true", *values: object) -> int:
        """How many rows there are."""
        row = self.connection.execute(f"select count(*) from learning.{table} where {where}".encode(), values)
        [found] = row.fetchall()
        return int(found["count"])


@pytest.fixture(scope="module")
def served(module_database_url: str, printed: Path) -> Iterator[Served]:
    with serve_in_thread("learning_api", printed, DATABASE_URL=module_database_url, CORS_ORIGINS=PAGE) as running:
        yield running


@pytest.fixture(scope="module")
def http(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=120) as client:
        yield client


@pytest.fixture
def world(http: httpx.Client, module_direct_url: str) -> Iterator[World]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        yield World(http, connection, learning.learner(connection))


def problem(answer: httpx.Response) -> dict[str, Any]:
    """What went wrong."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code
    return told
