"""Who is poked after a commit: the bot when an answer is due, the dispatcher when a message has to leave."""

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

from tests.functions.ingest_webhook.whatsapp.world import World, add_desk, chatflow, evolution, new_id, new_jid
from tests.helpers import arrange, canaries
from tests.helpers.threads import serve_in_thread


@dataclass
class Poked:
    """The dispatcher and the bot: who was called, and with which secret."""

    url: str
    called: list[tuple[str, str]] = field(default_factory=list)

    def called_since(self) -> set[str]:
        """Who was called since the last time, until half a second passes without a call."""
        while True:
            before = len(self.called)
            time.sleep(0.5)
            if len(self.called) == before:
                break
        assert {secret for _, secret in self.called} <= {canaries.CRON_SECRET}
        paths = {path for path, _ in self.called}
        self.called.clear()
        return paths


@pytest.fixture(scope="module")
def poked() -> Iterator[Poked]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            recorded.called.append((self.path, self.headers["x-cron-secret"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        recorded = Poked(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield recorded
        server.shutdown()


@pytest.fixture(scope="module")
def world(module_direct_url: str, module_database_url: str, printed: Path, poked: Poked) -> Iterator[World]:
    settings = {
        "DATABASE_URL": module_database_url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
        "POKE": f"http:{poked.url}/dispatch",
        "POKE_ANSWERS": f"http:{poked.url}/answers",
    }
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread("ingest_webhook", printed, **settings) as served,
        httpx.Client(timeout=120, trust_env=False) as http,
    ):
        desks = {name: add_desk(connection, name, name) for name in ("chatflow", "evolution")}
        yield World(served, connection, desks, module_direct_url, http)


def test_a_customers_message_pokes_the_bot_alone_and_a_repetition_nobody(world: World, poked: Poked) -> None:
    body = chatflow(new_jid())
    world.json(body)
    assert poked.called_since() == {"/answers"}

    world.json(body)
    assert poked.called_since() == set()


def test_a_message_for_a_topic_pokes_the_dispatcher(world: World, poked: Poked) -> None:
    jid = new_jid()
    world.open_handover(world.begin_conversation(jid), telegram_message_id=9)
    world.json(chatflow(jid))
    assert poked.called_since() == {"/answers", "/dispatch"}

    world.json(chatflow(jid, metadata={"fromMe": True}))
    assert poked.called_since() == {"/dispatch"}


def test_a_sticker_pokes_nobody(world: World, poked: Poked) -> None:
    world.json(evolution(new_jid(), {"stickerMessage": {"mimetype": "image/webp"}}), "evolution")

    assert poked.called_since() == set()


def test_news_of_a_failure_pokes_the_dispatcher_and_another_receipt_nobody(world: World, poked: Poked) -> None:
    world.connection.execute(
        "update platform.bots set channel = 'evolution', address = 'salon' where id = %s",
        (world.desks["evolution"].whatsapp_bot,),
    )
    failed = {**evolution(new_jid()), "event": "messages.update", "data": {"keyId": new_id(), "status": "ERROR"}}
    world.json(failed, "evolution")
    assert poked.called_since() == {"/dispatch"}

    world.json({**failed, "data": {"keyId": new_id(), "status": "READ"}}, "evolution")
    assert poked.called_since() == set()
