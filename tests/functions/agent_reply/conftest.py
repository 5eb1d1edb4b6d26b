"""agent_reply in front of the model's stand-in, and a learner who asks."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import httpx_aiohttp  # noqa: F401 - a first call loads it, and on a busy machine that takes longer than a call may
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from functions.agent_reply import agents
from shared.clients.llm.untrusted_text import NOTE
from tests.helpers import canaries, learning
from tests.helpers.learning import Learner
from tests.helpers.serving import Served, sandbox_process
from tests.helpers.threads import serve_in_thread

PATHS: dict[str, str] = {agent.tab: agent.path for agent in agents.AGENTS}
WORDS = canaries.LEARNER_WORDS
DEADLINE_SECONDS = 1.5


@dataclass
class World:
    """The function, the model, and a learner of this test alone."""

    http: httpx.Client = field(repr=False)
    model: httpx.Client = field(repr=False)
    connection: psycopg.Connection[DictRow] = field(repr=False)
    learner: Learner
    first: int  # the model's journal begins here

    def ask(self, tab: str = "chat", headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
        """Ask the agent of `tab`; without a word about it in the learner's session, with side effects."""
        asked = {"session_id": str(self.learner.session), "user_message": WORDS, "apply_side_effects": True, **body}
        asked = {name: value for name, value in asked.items() if value is not ...}
        return self.http.post(PATHS[tab], json=asked, headers=self.learner.headers | (headers or {}))

    def events(self, tab: str = "chat", headers: dict[str, str] | None = None, **body: Any) -> list[tuple[str, Any]]:
        """The same as events, by name."""
        return events(self.ask(tab, {"Accept": "text/event-stream", **(headers or {})}, **body))

    def stored(self, tab: str = "chat") -> list[dict[str, Any]]:
        """What lies in the thread."""
        return learning.messages(self.connection, self.learner.threads[tab])

    def asked(self) -> list[dict[str, Any]]:
        """What the model was asked."""
        journal: list[dict[str, Any]] = self.model.get("/journal", params={"since": self.first}).json()
        return journal

    def prompt(self) -> list[dict[str, str]]:
        """The messages of the model's last question."""
        messages: list[dict[str, str]] = self.asked()[-1]["asked"]["messages"]
        return messages

    def templates(self) -> str:
        """What the templates said in it, without our note on the marks of lines."""
        system = self.prompt()[0]
        assert system["role"] == "system"
        return system["content"].removeprefix(f"{NOTE}\n\n")

    def fail(self, does: str, **fault: Any) -> None:
        """What the model does wrong next."""
        assert self.model.post("/faults", json={"does": does, **fault}).status_code == 200

    def slow(self, seconds: float, **how: float) -> None:
        """How long the model thinks."""
        assert self.model.post("/latency", json={"seconds": seconds, **how}).status_code == 200

    def waiting(self) -> bool:
        """Whether the function waits for a row that this test has locked."""
        # pg_stat_activity would show a transaction what it saw first.
        blocked = "select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"
        return self.connection.execute(blocked).fetchone() is not None

    def key_row(self, key: str) -> dict[str, Any] | None:
        """What is known of an Idempotency-Key."""
        query = "select * from learning.idempotency_keys where client_id = %s and key = %s"
        return self.connection.execute(query, (self.learner.client, key)).fetchone()


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """The events of a stream."""
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    found = []
    for block in response.text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def until(true: Callable[[], Any]) -> None:
    """Wait for `true`."""
    give_up_at = time.monotonic() + 240
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


@pytest.fixture(scope="module")
def sandbox(printed: Any) -> Iterator[str]:
    with sandbox_process(printed) as url:
        yield url


def environment(sandbox: str, database_url: str, **more: str) -> dict[str, str]:
    """The function's settings."""
    return {
        "DATABASE_URL": database_url,
        "LLM_API_URL": f"{sandbox}/model/v1",
        "LLM_API_KEY": "sandbox",
        "LLM_MODEL": "sandbox",
        "LLM_DEADLINE_SECONDS": str(DEADLINE_SECONDS),
        "CORS_ORIGINS": "https://app.example.com",
        **more,
    }


@pytest.fixture(scope="module")
def served(sandbox: str, module_database_url: str, printed: Any) -> Iterator[Served]:
    with serve_in_thread("agent_reply", printed, **environment(sandbox, module_database_url)) as running:
        yield running


@pytest.fixture
def world(served: Served, sandbox: str, module_direct_url: str) -> Iterator[World]:
    with (
        httpx.Client(base_url=served.url, trust_env=False, timeout=120) as http,
        httpx.Client(base_url=f"{sandbox}/_sandbox/model", trust_env=False, timeout=120) as model,
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
    ):
        connection.execute("delete from learning.chat_templates")
        model.delete("/faults")
        model.post("/latency", json={"seconds": 0})
        journal = model.get("/journal").json()
        yield World(http, model, connection, learning.learner(connection), journal[-1]["n"] if journal else 0)
