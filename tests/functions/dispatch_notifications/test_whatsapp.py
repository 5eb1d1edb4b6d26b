"""A message to a WhatsApp address goes by its bot's gateway, and no token is printed on the way."""

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from shared.credentials import secrets
from shared.credentials.bots import token_associated_data
from shared.delivery.enqueue import Message
from shared.delivery.kinds import Kind
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.helpers import arrange, canaries

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
def delivery(delivery: Delivery) -> Iterator[Delivery]:
    """With a dispatcher as talkative as it gets."""
    delivery.settings["LOG_LEVEL"] = "DEBUG"
    yield delivery
    assert canaries.SOURCE_SECRET not in delivery.log()


async def enqueue_reply(delivery: Delivery, bots: dict[str, int], kind: Kind = REPLY, **payload: Any) -> None:
    """A message to the same person by each of `bots`."""
    said = payload or {"text": "<b>Ваша запись</b> подтверждена", "parse_mode": "HTML"}
    await delivery.enqueue(
        *[Message(bot, kind, f"support/{channel}", said, "c", recipient=TO) for channel, bot in bots.items()]
    )


async def arrived(delivery: Delivery) -> dict[str, list[dict[str, Any]]]:
    """What came to each gateway."""
    async with httpx.AsyncClient(trust_env=False) as client:
        rows = (await client.get(f"{delivery.telegram.url}/_sandbox/whatsapp/journal")).json()
    return {channel: [row for row in rows if row["gateway"] == channel] for channel in ADDRESSES}


async def arm(delivery: Delivery, **fault: Any) -> None:
    """Let the next message meet a fault."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{delivery.telegram.url}/_sandbox/whatsapp/faults", json=fault)
    assert answer.status_code == 200


def outbox(delivery: Delivery) -> dict[str, dict[str, Any]]:
    """The rows, by their bots' channels."""
    rows = delivery.rows("select b.channel, o.* from platform.outbox o join platform.bots b on b.id = o.bot_id")
    return {row["channel"]: row for row in rows}


async def test_a_message_arrives_at_each_gateway_and_its_id_is_kept(delivery: Delivery, bots: dict[str, int]) -> None:
    await enqueue_reply(delivery, bots)

    report = await delivery.tick()

    assert (report["done"], report["remaining"]) == (3, 0)
    came = await arrived(delivery)
    for channel, address in ADDRESSES.items():
        [message] = came[channel]
        assert (message["account"], message["delivered"]) == (address, True)
        assert (message["to"].removesuffix("@s.whatsapp.net"), message["text"]) == (
            "77010000003",
            "Ваша запись подтверждена",
        )
    rows = outbox(delivery)
    assert {(row["state"], row["attempt"], row["maybe_duplicate"]) for row in rows.values()} == {("sent", 1, False)}
    assert rows["chatflow"]["external_id"] is None  # it gives none
    assert rows["evolution"]["external_id"].strip("0123456789ABCDEF") == ""
    assert rows["whatsapp_cloud"]["external_id"].startswith("wamid.")
    assert len(delivery.telegram.telegram.journal) == 0


async def test_a_refused_token_parks_the_account_and_loses_nothing(delivery: Delivery, bots: dict[str, int]) -> None:
    await arm(delivery, does="refuse", times=3)
    await enqueue_reply(delivery, bots)

    await delivery.tick()

    statuses = delivery.rows("select distinct status from platform.bots")
    assert statuses == [{"status": "auth_failed"}]
    assert {(row["state"], row["attempt"]) for row in outbox(delivery).values()} == {("queued", 0)}


async def test_a_lost_answer_is_never_repeated_behind_our_back(delivery: Delivery, bots: dict[str, int]) -> None:
    for gateway in ADDRESSES:
        await arm(delivery, does="drop", deliver=True, gateway=gateway)
    await enqueue_reply(delivery, bots, ONCE)

    await delivery.tick()

    assert [len(messages) for messages in (await arrived(delivery)).values()] == [1, 1, 1]
    assert {row["state"] for row in outbox(delivery).values()} == {"unknown"}


async def test_what_whatsapp_cannot_do_ends_visibly_without_a_request(delivery: Delivery, bots: dict[str, int]) -> None:
    photo = {"photo": "AgACAgIAAxkBAAIB"}
    await delivery.enqueue(
        *[
            Message(bot, REPLY, f"support/{channel}", photo, "c", recipient=TO, method="sendPhoto")
            for channel, bot in bots.items()
        ]
    )

    await delivery.tick()

    assert {(row["state"], row["error_class"]) for row in outbox(delivery).values()} == {("dead", "not_supported")}
    assert not any((await arrived(delivery)).values())


async def test_a_refusal_of_one_message_closes_no_chat(delivery: Delivery, bots: dict[str, int]) -> None:
    """Now and then a person who wrote a minute ago is refused once."""
    refusing = {name: bot for name, bot in bots.items() if name != "chatflow"}
    await arm(delivery, does="fail", times=len(refusing))
    await enqueue_reply(delivery, refusing)
    await delivery.tick()
    refused = {"evolution": ("dead", "no_whatsapp"), "whatsapp_cloud": ("dead", "undeliverable")}
    assert {name: (row["state"], row["error_class"]) for name, row in outbox(delivery).items()} == refused
    assert delivery.rows("select from platform.lanes where blocked_at is not null") == []

    delivery.connection.execute("update platform.lanes set blocked_at = now(), blocked_class = 'of an older release'")
    again = [Message(bot, REPLY, f"support/again/{bot}", {"text": "x"}, "c", recipient=TO) for bot in bots.values()]
    await delivery.enqueue(*again)
    await delivery.tick()

    states = delivery.rows("select state from platform.outbox where dedup_key like 'support/again/%'")
    assert [row["state"] for row in states] == ["sent"] * 3
