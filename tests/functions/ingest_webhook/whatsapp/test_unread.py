"""Of whom nothing can be believed nothing is read: the answer comes before the body."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.functions.ingest_webhook.whatsapp.world import World

SIGNATURE = f"sha256={'0' * 64}"


@pytest.mark.parametrize("name", ["nobody-at-all", "chatflow", "evolution", "Whatsapp_Cloud", "whatsapp_cloud/more"])
def test_a_signed_call_to_a_source_of_no_gateway_that_signs_is_refused_unread(world: World, name: str) -> None:
    server = urlsplit(world.served.url)
    head = [f"POST /whatsapp/{name} HTTP/1.1", "Host: functions.test", "Content-Length: 2900000"]
    head += [f"X-Hub-Signature-256: {SIGNATURE}", "", ""]
    with socket.create_connection((server.hostname or "", server.port or 0), timeout=60) as line:
        line.sendall("\r\n".join(head).encode())
        answer = line.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 404 ")


def test_a_signature_of_another_form_is_refused_unread(world: World) -> None:
    answer = world.call(path="whatsapp_cloud", content=b"{}", headers={"x-hub-signature-256": "sha256=ABC"})

    assert answer.status_code == 404
