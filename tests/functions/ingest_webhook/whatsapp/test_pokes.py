"""Who is woken after a commit: the bot when somebody waits for it, the dispatcher when something has to leave."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from tests.functions.ingest_webhook.whatsapp.gate import Gate, add_desk, chatflow, evolution, new_jid
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve


@dataclass
class Sleepers:
    """Two functions that note that they were called, and with which secret."""

    url: str
    called: list[tuple[str, str]] = field(default_factory=list)

    def woken(self) -> set[str]:
        """Who was called until half a second passed without a call."""
        while True:
            before = len(self.called)
            time.sleep(0.5)
            if len(self.called) == before:
                break
        assert {secret for _, secret in self.called} <= {canaries.CRON_SECRET}
        woken = {path for path, _ in self.called}
        self.called.clear()
        return woken


@pytest.fixture(scope="module")
def sleepers() -> Iterator[Sleepers]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            noted.called.append((self.path, self.headers["x-cron-secret"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        noted = Sleepers(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield noted
        server.shutdown()


@pytest.fixture(scope="module")
def poking(module_direct_url: str, module_database_url: str, printed: Path, sleepers: Sleepers) -> Iterator[Gate]:
    settings = {
        "DATABASE_URL": module_database_url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
        "POKE": f"http:{sleepers.url}/dispatch",
        "POKE_ANSWERS": f"http:{sleepers.url}/answers",
    }
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve("ingest_webhook", printed, **settings) as served,
        httpx.Client(timeout=30, trust_env=False) as http,
    ):
        desks = {name: add_desk(connection, name, name) for name in ("chatflow", "evolution")}
        yield Gate(served, connection, desks, module_direct_url, http)


def test_a_clients_words_wake_the_bot_alone_and_a_repetition_nobody(poking: Gate, sleepers: Sleepers) -> None:
    body = chatflow(new_jid())
    poking.json(body)
    assert sleepers.woken() == {"/answers"}

    poking.json(body)
    assert sleepers.woken() == set()


def test_what_goes_into_a_topic_wakes_the_dispatcher(poking: Gate, sleepers: Sleepers) -> None:
    jid = new_jid()
    poking.called(poking.begun(jid), telegram_message_id=9)
    poking.json(chatflow(jid))
    assert sleepers.woken() == {"/answers", "/dispatch"}

    poking.json(chatflow(jid, metadata={"fromMe": True}))
    assert sleepers.woken() == {"/dispatch"}


def test_a_nod_wakes_nobody(poking: Gate, sleepers: Sleepers) -> None:
    poking.json(evolution(new_jid(), {"stickerMessage": {"mimetype": "image/webp"}}), "evolution")

    assert sleepers.woken() == set()
