"""docs/sandbox.md says what the stand-in for Telegram does otherwise, and it is so."""

from __future__ import annotations

import asyncio
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot

from infra.sandbox.telegram.methods.call import METHODS
from infra.sandbox.telegram.methods.lacking import LACKING
from tests.standins.examples import EXAMPLES, PAGE, is_installed, run_example, with_word

if TYPE_CHECKING:
    from tests.infra.sandbox.conftest import Client

PERSON = 4100000071


def test_no_method_is_said_to_be_lacking_that_is_there() -> None:
    assert LACKING.keys().isdisjoint(METHODS)
    assert "sendpoll" in LACKING


async def test_known_differences_are_as_they_are_written(client: Client) -> None:
    for line in ("`http://` on this machine", "second `setWebhook`", "however old they are", "two sizes"):
        assert line in PAGE
    for _ in range(2):
        assert (await client.call("setWebhook", url="http://localhost:9/hook"))["ok"]
    await client.call("deleteWebhook")
    sent = (await client.call("sendMessage", chat_id=PERSON, text="x"))["result"]["message_id"]
    client.server.telegram.chats[7100000001, PERSON].messages[sent]["date"] -= 100 * 3600

    assert (await client.call("editMessageText", chat_id=PERSON, message_id=sent, text="y"))["ok"]
    refusal = await client.refusal("deleteMessage", chat_id=PERSON, message_id=sent)
    assert refusal == "Bad Request: message can't be deleted for everyone"


async def test_known_differences_of_the_other_stand_ins_are_as_they_are_written(client: Client) -> None:
    for line in ("once it is used", "is read on demand", "everybody is on WhatsApp", "unless `--lenient`"):
        assert line in PAGE
    state = await client.http.get("/evolution/instance/connectionState/new", headers={"apikey": "key"})
    assert state.json()["instance"]["state"] == "open"
    records = {"Authorization": "Bearer p, User u", "Accept": "application/vnd.yclients.v2+json"}
    answers = [await client.http.get("/yclients/records/7", headers=records) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 6
    flows = await client.http.get("/whatsapp_cloud/v23.0/1/flows", headers={"Authorization": "Bearer token"})
    assert flows.status_code == 400


async def test_everything_that_steers_the_sandbox_is_described(client: Client) -> None:
    for path in (
        "say",
        "press",
        "edit",
        "member",
        "chats",
        "bots",
        "settings",
        "latency",
        "reset",
        "faults",
        "journal",
        "messages",
        "seed",
    ):
        assert f"/_sandbox/{path}" in PAGE
        assert (await client.http.get(f"/_sandbox/{path}")).status_code in (200, 405)
    assert "/_sandbox/wait" in PAGE
    assert "/_sandbox/latest" in PAGE


async def test_the_example_of_a_bot_runs(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {"Bot": Bot}
    example = indent(with_word("base_url", client.server.url), "    ")
    exec("async def example():\n" + example, names)  # noqa: S102 - what the page tells people to write

    await names["example"]()

    assert capsys.readouterr().out == "sandbox_7100000051_bot\n"


async def test_the_example_of_the_cloud_api_runs(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    example = with_word("whatsapp_cloud", client.server.url)

    await asyncio.to_thread(exec, example, {})

    assert capsys.readouterr().out == "wamid.\n"
    assert client.server.whatsapp.journal[-1]["text"] == "Shall we wait for you?\n[Yes]"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_with_other_libraries_run(name: str) -> None:
    if not is_installed(name):
        pytest.skip(f"{name} is not installed: make standins installs it, and runs this, too")

    assert run_example(name) == ""
