"""What a gateway calls an account is compared with what we call it: messages that name another one are set aside."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from infra.admin.errors import AdminError
from infra.admin.probes.whatsapp import state
from shared.credentials.account import Account, Channel


class Gateway(HTTPServer):
    """Answers everything with the same."""

    answer: Any = None


class Handler(BaseHTTPRequestHandler):
    """Says what the gateway answers."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Gateway)
        body = json.dumps(self.server.answer).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def running() -> Iterator[Gateway]:
    with Gateway(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def gateway(running: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    for name in ("EVOLUTION_API_URL", "WHATSAPP_CLOUD_API_URL"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{running.server_port}")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")
    return running


@pytest.mark.parametrize(
    ("channel", "answer"),
    [
        ("evolution", {"instance": {"instanceName": "romashka", "state": "open"}}),
        ("evolution", {"instance": {"state": "open"}}),
        ("whatsapp_cloud", {"id": "romashka", "display_phone_number": "+7 700 000 09 00"}),
        ("whatsapp_cloud", {"id": "romashka", "verified_name": "Ромашка"}),
    ],
)
def test_an_account_that_the_gateway_calls_so_too(channel: Channel, answer: Any, gateway: Gateway) -> None:
    gateway.answer = answer

    assert state(Account(channel, "token", "romashka"))


@pytest.mark.parametrize(
    ("channel", "answer", "cause", "step"),
    [
        (
            "evolution",
            {"instance": {"instanceName": "Romashka", "state": "open"}},
            "its gateway calls it Romashka, not romashka",
            "give it --address 'Romashka'",
        ),
        (
            "whatsapp_cloud",
            {"id": "100200300400501", "display_phone_number": "+7 700 000 09 00"},
            "its gateway calls it 100200300400501, not romashka",
            "give it --address '100200300400501'",
        ),
        (
            "whatsapp_cloud",
            {"id": "romashka", "name": "A business account"},
            "its address is no phone number id",
            "take the Phone number ID from the WhatsApp Manager",
        ),
    ],
)
def test_an_account_under_another_name_is_told_with_what_to_do(
    channel: Channel, answer: Any, cause: str, step: str, gateway: Gateway
) -> None:
    gateway.answer = answer

    with pytest.raises(AdminError) as failure:
        state(Account(channel, "token", "romashka"))

    assert (failure.value.cause, failure.value.next_step) == (cause, step)
