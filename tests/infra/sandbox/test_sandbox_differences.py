"""docs/sandbox.md says what the stand-in for Telegram does otherwise, and it is so."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

from telegram import Bot

from infra.sandbox.telegram.methods.call import METHODS
from infra.sandbox.telegram.methods.lacking import LACKING
from tests.helpers.serving import ROOT

if TYPE_CHECKING:
    import pytest

    from tests.infra.sandbox.conftest import Client

PERSON = 4100000071
PAGE = (ROOT / "docs/sandbox.md").read_text()


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
    ):
        assert f"/_sandbox/{path}" in PAGE
        assert (await client.http.get(f"/_sandbox/{path}")).status_code in (200, 405)


async def test_the_example_of_a_bot_runs(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    example = PAGE.partition("```python\n")[2].partition("```")[0].replace("http://127.0.0.1:8081", client.server.url)
    names: dict[str, Any] = {"Bot": Bot}
    exec("async def example():\n" + indent(example, "    "), names)  # noqa: S102 - what the page tells people to write

    await names["example"]()

    assert capsys.readouterr().out == "sandbox_7100000051_bot\n"
