"""carillon sandbox: any bot points its address at it."""

import signal

import httpx

from infra.local.web_server import listen
from tests.helpers.programs import read_until, started
from tests.helpers.serving import free_port

CARILLON = ("-c", "from infra.cli.main import main; main()")
TOKEN = "7100000051:" + "c" * 35


def test_a_bot_of_somebody_else_is_answered_and_wrong_chats_are_refused() -> None:
    port = free_port()
    with started(*CARILLON, "sandbox", "--port", str(port)) as process:
        read_until(process, "Sandbox: ")
        api = f"http://127.0.0.1:{port}/bot{TOKEN}"
        known = httpx.get(f"{api}/getMe").json()
        refused = httpx.post(f"{api}/sendMessage", json={"chat_id": 4100000051, "text": "x"}).json()
        process.send_signal(signal.SIGINT)
        code = process.wait(300)

    assert known["result"]["id"] == 7100000051
    assert refused["description"] == "Bad Request: chat not found"
    assert code == 0


def test_a_taken_port_is_named_with_the_next_step() -> None:
    with listen(0) as listener, started(*CARILLON, "sandbox", "--port", str(listener.getsockname()[1])) as process:
        _, said = process.communicate(timeout=300)

    assert process.returncode == 1
    assert "choose another --port" in said
