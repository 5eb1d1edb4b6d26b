"""A message to a WhatsApp address goes by its bot's gateway, and no token is printed on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from shared.database.pool import Database
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.helpers import arrange, canaries
from tests.helpers.serving import serve

TO = "77010000003@s.whatsapp.net"
REPLY = Kind("support/reply")
ONCE = Kind("support/once", policy="at_most_once")
ADDRESSES = {"chatflow": "instance-1", "evolution": "salon", "whatsapp_cloud": "100000000000001"}


@pytest.fixture
def bots(connection: psycopg.Connection[DictRow]) -> dict[str, int]:
    """An account at each gateway; its token is a canary."""
    accounts = {}
    for channel, address in ADDRESSES.items():
        name = channel.replace("_", "-")
        sealed = secrets.seal(arrange.SECRETS_KEY, canaries.SOURCE_SECRET, token_associated_data(name))
        accounts[channel] = arrange.bot(
            connection, name, token_sealed=sealed, system="support", channel=channel, address=address, telegram_id=None
        )
    return accounts


@pytest.fixture
def dispatcher(database_url: str, telegram: SandboxServer, printed: Path) -> Iterator[Dispatcher]:
    """dispatch_notifications, as talkative as it gets."""
    with serve(
        "dispatch_notifications",
        printed,
        DATABASE_URL=database_url,
        TELEGRAM_API_URL=telegram.url,
        CHATFLOW_API_URL=f"{telegram.url}/chatflow",
        EVOLUTION_API_URL=f"{telegram.url}/evolution",
        WHATSAPP_CLOUD_API_URL=f"{telegram.url}/whatsapp_cloud",
        SECRETS_KEY=arrange.SECRETS_KEY,
        CRON_SECRET=canaries.CRON_SECRET,
        LOG_LEVEL="DEBUG",
    ) as served:
        yield Dispatcher(served.url, served.output)
        assert canaries.SOURCE_SECRET not in served.output.read_text(encoding="utf-8")


async def hand_over(database: Database, bots: dict[str, int], kind: Kind = REPLY, **payload: Any) -> None:
    """A message to the same person by each of `bots`."""
    said = payload or {"text": "<b>Ваша запись</b> подтверждена", "parse_mode": "HTML"}
    async with database.transaction() as connection:
        await enqueue(
            connection,
            [Message(bot, kind, f"support/{channel}", said, "c", recipient=TO) for channel, bot in bots.items()],
        )


async def arrived(sandbox: SandboxServer) -> dict[str, list[dict[str, Any]]]:
    """What came to each gateway."""
    async with httpx.AsyncClient(trust_env=False) as client:
        rows = (await client.get(f"{sandbox.url}/_sandbox/whatsapp/journal")).json()
    return {channel: [row for row in rows if row["gateway"] == channel] for channel in ADDRESSES}


async def arm(sandbox: SandboxServer, **fault: Any) -> None:
    """Let the next message meet a fault."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{sandbox.url}/_sandbox/whatsapp/faults", json=fault)
    assert answer.status_code == 200


def outbox(connection: psycopg.Connection[DictRow]) -> dict[str, DictRow]:
    """The rows, by their bots' channels."""
    rows = connection.execute("select b.channel, o.* from platform.outbox o join platform.bots b on b.id = o.bot_id")
    return {row["channel"]: row for row in rows}


async def test_a_message_arrives_at_each_gateway_and_its_id_is_kept(
    connection: psycopg.Connection[DictRow],
    database: Database,
    bots: dict[str, int],
    telegram: SandboxServer,
    dispatcher: Dispatcher,
) -> None:
    await hand_over(database, bots)

    report = await dispatcher.tick()

    assert (report["done"], report["remaining"]) == (3, 0)
    came = await arrived(telegram)
    for channel, address in ADDRESSES.items():
        [message] = came[channel]
        assert (message["account"], message["delivered"]) == (address, True)
        assert (message["to"].removesuffix("@s.whatsapp.net"), message["text"]) == (
            "77010000003",
            "Ваша запись подтверждена",
        )
    rows = outbox(connection)
    assert {(row["state"], row["attempt"], row["maybe_duplicate"]) for row in rows.values()} == {("sent", 1, False)}
    assert rows["chatflow"]["external_id"] is None  # it gives none
    assert rows["evolution"]["external_id"].strip("0123456789ABCDEF") == ""
    assert rows["whatsapp_cloud"]["external_id"].startswith("wamid.")
    assert len(telegram.telegram.journal) == 0


async def test_a_refused_token_parks_the_account_and_loses_nothing(
    connection: psycopg.Connection[DictRow],
    database: Database,
    bots: dict[str, int],
    telegram: SandboxServer,
    dispatcher: Dispatcher,
) -> None:
    await arm(telegram, does="refuse", times=3)
    await hand_over(database, bots)

    await dispatcher.tick()

    statuses = connection.execute("select distinct status from platform.bots").fetchall()
    assert statuses == [{"status": "auth_failed"}]
    assert {(row["state"], row["attempt"]) for row in outbox(connection).values()} == {("queued", 0)}


async def test_a_lost_answer_is_never_repeated_behind_our_back(
    connection: psycopg.Connection[DictRow],
    database: Database,
    bots: dict[str, int],
    telegram: SandboxServer,
    dispatcher: Dispatcher,
) -> None:
    for gateway in ADDRESSES:
        await arm(telegram, does="drop", deliver=True, gateway=gateway)
    await hand_over(database, bots, ONCE)

    await dispatcher.tick()

    assert [len(messages) for messages in (await arrived(telegram)).values()] == [1, 1, 1]
    assert {row["state"] for row in outbox(connection).values()} == {"unknown"}


async def test_what_whatsapp_cannot_do_ends_visibly_without_a_request(
    connection: psycopg.Connection[DictRow],
    database: Database,
    bots: dict[str, int],
    telegram: SandboxServer,
    dispatcher: Dispatcher,
) -> None:
    async with database.transaction() as opened:
        photo = {"photo": "AgACAgIAAxkBAAIB"}
        await enqueue(
            opened,
            [
                Message(bot, REPLY, f"support/{channel}", photo, "c", recipient=TO, method="sendPhoto")
                for channel, bot in bots.items()
            ],
        )

    await dispatcher.tick()

    assert {(row["state"], row["error_class"]) for row in outbox(connection).values()} == {("dead", "not_supported")}
    assert not any((await arrived(telegram)).values())
