"""carillon bots and carillon doctor on WhatsApp accounts, against the gateways' stand-ins."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import psycopg
import pytest

from infra.sandbox.server import SandboxServer, running
from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon, Ran

ACCOUNTS = [("chatflow", "instance-1"), ("evolution", "Салон 1"), ("whatsapp_cloud", "100000000000001")]
DESK = ("bots", "add", "desk", "--system", "support", "--token-stdin")


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    """A running sandbox."""
    async with running() as server:
        yield server


async def asked(carillon: Carillon, sandbox: SandboxServer, *arguments: str, stdin: str | None = None) -> Ran:
    """Run a command beside the stand-ins' event loop."""
    addresses = {
        "TELEGRAM_API_URL": sandbox.url,
        "CHATFLOW_API_URL": f"{sandbox.url}/chatflow",
        "EVOLUTION_API_URL": f"{sandbox.url}/evolution",
        "WHATSAPP_CLOUD_API_URL": f"{sandbox.url}/whatsapp_cloud",
    }
    return await asyncio.to_thread(partial(carillon, *arguments, stdin=stdin, **addresses))


def desk(connection: psycopg.Connection[Any], channel: str, address: str, **columns: Any) -> None:
    """A WhatsApp account whose token is a canary."""
    sealed = secrets.seal(arrange.SECRETS_KEY, canaries.SOURCE_SECRET, token_associated_data("desk"))
    arrange.bot(connection, "desk", token_sealed=sealed, system="support", channel=channel, address=address,
                telegram_id=None, **columns)  # fmt: skip


@pytest.mark.parametrize(("channel", "address"), ACCOUNTS)
async def test_a_whatsapp_account_is_a_bot_too(
    carillon: Carillon, sandbox: SandboxServer, connection: psycopg.Connection[object], channel: str, address: str
) -> None:
    command = (*DESK, "--channel", channel, "--address", address, "--alerts", "-1001900000777")
    added = await asked(carillon, sandbox, *command, stdin=canaries.SOURCE_SECRET + "\n")

    assert (added.code, added.err) == (0, "")
    assert ("cannot be checked" in added.out) == (channel == "chatflow")
    (bot,) = rows(connection, "select * from platform.bots")
    assert (bot["channel"], bot["address"], bot["telegram_id"]) == (channel, address, None)
    assert (bot["alert_chat_id"], bot["username"]) == (-1001900000777, None)
    assert (
        secrets.unseal(arrange.SECRETS_KEY, bot["token_sealed"], token_associated_data("desk"))
        == canaries.SOURCE_SECRET
    )
    assert channel in carillon("bots", "list").out


@pytest.mark.parametrize(("channel", "address"), ACCOUNTS[1:])
async def test_a_gateway_that_refuses_the_token_keeps_the_account_out(
    carillon: Carillon, sandbox: SandboxServer, connection: psycopg.Connection[object], channel: str, address: str
) -> None:
    command = (*DESK, "--channel", channel, "--address", address)
    await asked(carillon, sandbox, *command, stdin="the-right-token")
    refused = await asked(carillon, sandbox, *command, stdin="another-token")

    assert refused.code == 1
    assert "does not know this token" in refused.err
    (bot,) = rows(connection, "select * from platform.bots")
    assert secrets.unseal(arrange.SECRETS_KEY, bot["token_sealed"], token_associated_data("desk")) == "the-right-token"


async def test_the_same_name_for_another_account_is_refused(carillon: Carillon) -> None:
    for address, code in (("instance-1", 0), ("instance-1", 0), ("instance-2", 1)):
        command = (*DESK, "--channel", "chatflow", "--address", address, "--no-check")
        assert carillon(*command, stdin=canaries.SOURCE_SECRET).code == code


async def test_a_new_token_keeps_the_chat_for_alerts_and_puts_the_account_back_to_work(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    command = (*DESK, "--channel", "chatflow", "--address", "instance-1", "--no-check")
    carillon(*command, "--alerts", "700000101", stdin=canaries.SOURCE_SECRET)
    connection.execute("update platform.bots set status = 'auth_failed'")
    carillon(*command, stdin="another-token")

    (bot,) = rows(connection, "select * from platform.bots")
    assert (bot["status"], bot["alert_chat_id"]) == ("active", 700000101)


@pytest.mark.parametrize(
    ("options", "token"),
    [
        (("--channel", "chatflow"), "long-enough-token"),
        (("--channel", "chatflow", "--address", "a b"), "long-enough-token"),
        (("--channel", "evolution", "--address", "a/b"), "long-enough-token"),
        (("--channel", "whatsapp_cloud", "--address", "+77010000001"), "long-enough-token"),
        (("--channel", "chatflow", "--address", "a"), "short"),
        (("--channel", "chatflow", "--address", "a"), "with a space"),
        (("--channel", "chatflow", "--address", "a"), "кириллица-в-токене"),
        (("--address", "a"), canaries.BOT_TOKEN),
        (("--channel", "viber", "--address", "a"), "long-enough-token"),
    ],
)
def test_what_is_no_whatsapp_account_is_a_usage_error(carillon: Carillon, options: tuple[str, ...], token: str) -> None:
    assert carillon(*DESK, "--no-check", *options, stdin=token).code == 2


@pytest.mark.parametrize(("channel", "address"), ACCOUNTS)
async def test_telegram_is_not_asked_about_a_whatsapp_account(
    carillon: Carillon, sandbox: SandboxServer, connection: psycopg.Connection[object], channel: str, address: str
) -> None:
    desk(connection, channel, address)
    checked = await asked(carillon, sandbox, "bots", "check", "--json")
    report = await asked(carillon, sandbox, "doctor", "--json")
    hook = await asked(carillon, sandbox, "bots", "set-webhook", "desk", "--url", "https://f.example.com")

    assert checked.code == 0
    (result,) = checked.json
    unknown = channel == "chatflow"
    assert (result["ok"], result["channel"]) == (None if unknown else True, channel)
    assert (result["problem"] == "a ChatFlow account cannot be checked without sending") == unknown
    (finding,) = [finding for finding in report.json["findings"] if finding["area"] == "bots"]
    assert (finding["status"], finding["message"].startswith("desk: ")) == ("ok", True)
    assert hook.code == 1
    assert "carillon sources add whatsapp" in hook.err
    assert len(sandbox.telegram.journal) == 0


@pytest.mark.parametrize(("channel", "address"), ACCOUNTS[1:])
async def test_a_whatsapp_account_that_works_again_is_put_back_to_work(
    carillon: Carillon, sandbox: SandboxServer, connection: psycopg.Connection[object], channel: str, address: str
) -> None:
    desk(connection, channel, address, status="auth_failed")
    nowhere = {"EVOLUTION_API_URL": "http://127.0.0.1:1", "WHATSAPP_CLOUD_API_URL": "http://127.0.0.1:1"}
    away = await asyncio.to_thread(partial(carillon, "bots", "check", **nowhere))
    assert away.code == 1
    assert "_API_URL" in away.err
    assert rows(connection, "select status from platform.bots")[0]["status"] == "auth_failed"

    assert (await asked(carillon, sandbox, "bots", "check")).code == 0
    assert rows(connection, "select status from platform.bots")[0]["status"] == "active"


def test_without_an_evolution_api_its_accounts_name_the_setting(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    desk(connection, "evolution", "salon")
    result = carillon("bots", "check", "desk")

    assert result.code == 1
    assert "EVOLUTION_API_URL is not set" in result.err
