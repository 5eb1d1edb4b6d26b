"""carillon sandbox: any bot points its address at it."""

import itertools
import re
import signal
import subprocess
from pathlib import Path

import httpx

from infra.local.web_server import listen
from infra.sandbox.app import create_app
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


def greeting(process: subprocess.Popen[str]) -> str:
    """The first lines, which end with how to end it."""
    assert process.stdout
    return "".join(itertools.takewhile(lambda line: not line.startswith("Ctrl-C"), process.stdout))


def test_what_a_bot_does_first_stands_in_the_first_lines_and_chats_are_kept(tmp_path: Path) -> None:
    command = (*CARILLON, "sandbox", "--port", "0", "--folder", str(tmp_path / "chats"))
    with started(*command) as process:
        said = greeting(process)
        [example] = re.findall(r"http\S+/getMe", said)
        [say] = re.findall(r"http\S+/_sandbox/say", said)
        assert httpx.get(example).json()["ok"]
        hello = {"bot": 7100000051, "chat_id": 4100000051, "text": "Здравствуйте"}
        assert httpx.post(say, json=hello).status_code == 200
        with started(*command) as second:
            _, refused = second.communicate(timeout=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with started(*command) as process:
        [example] = re.findall(r"http\S+/getMe", greeting(process))
        written = {"chat_id": 4100000051, "text": "x"}
        answer = httpx.post(example.replace("getMe", "sendMessage"), json=written).json()

    assert answer["ok"], answer
    assert "another sandbox keeps its chats there" in refused


async def test_a_wrong_address_or_verb_says_what_is_right() -> None:
    transport = httpx.ASGITransport(create_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        nothing, verb = await client.get("/nothing"), await client.get("/_sandbox/say")

    assert nothing.json()["error"] == "the sandbox has nothing at /nothing; docs/sandbox.md lists what it has"
    assert verb.json()["error"] == "/_sandbox/say takes POST, not GET"
