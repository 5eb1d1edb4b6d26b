"""Which account was written to: a gateway may bring what is for another one to our address."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from infra.admin.replay import SETTINGS, replay
from shared import config
from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.functions.ingest_webhook.whatsapp.world import (
    IGNORED,
    STORED,
    UNPARSED,
    World,
    add_desk,
    cloud,
    cloud_text,
    evolution,
    new_id,
    new_jid,
    signature,
)
from tests.helpers import arrange, canaries
from tests.helpers.threads import serve_in_thread

ACCOUNTS = {
    "evolution": ("evolution", "romashka"),
    "evolution-2": ("evolution", "lotos"),
    "whatsapp_cloud": ("whatsapp_cloud", "100200300400501"),
    "whatsapp_cloud-2": ("whatsapp_cloud", "100200300400502"),
    "strangers-evolution": ("evolution", "sakura"),
    "strangers-app": ("whatsapp_cloud", "100200300400503"),
}
STRANGERS = "the-secret-of-somebody-else-0123456789abcdef"


@pytest.fixture(scope="module")
def world(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[World]:
    """Two desks of each gateway that names accounts, which answer by that gateway, and strangers with other secrets."""
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread(
            "ingest_webhook", printed, DATABASE_URL=module_database_url, SECRETS_KEY=arrange.SECRETS_KEY
        ) as served,
        httpx.Client(timeout=120, trust_env=False) as http,
    ):
        desks = {name: add_desk(connection, name, gateway) for name, (gateway, _) in ACCOUNTS.items()}
        for name, (gateway, address) in ACCOUNTS.items():
            correct_account(connection, desks[name].whatsapp_bot, gateway, address)
        for name in ("strangers-evolution", "strangers-app"):
            set_secret(connection, desks[name].source, STRANGERS)
        sealed = secrets.seal(arrange.SECRETS_KEY, STRANGERS, signing_secret_associated_data("strangers-app"))
        connection.execute(
            "update platform.webhook_sources set signing_secret_sealed = %s where name = 'strangers-app'", (sealed,)
        )
        yield World(served, connection, desks, module_direct_url, http)


def set_secret(connection: Any, source: int, secret: str) -> None:
    connection.execute(
        "update platform.source_secrets set secret_hash = %s where source_id = %s",
        (secrets.hash_secret(secret), source),
    )


def correct_account(connection: Any, bot: int, channel: str, address: str) -> None:
    connection.execute("update platform.bots set channel = %s, address = %s where id = %s", (channel, address, bot))


def of_instance(instance: str | None, jid: str, **key: Any) -> dict[str, Any]:
    body = evolution(jid, **key)
    return {**body, "instance": instance} if instance else {"event": body["event"], "data": body["data"]}


def of_number(number: str | None, *messages: Any, **value: Any) -> dict[str, Any]:
    return cloud(*messages, **value, metadata={"phone_number_id": number} if number else {})


@pytest.mark.parametrize("key", [{}, {"fromMe": True}], ids=["message", "echo"])
@pytest.mark.parametrize("path", ["evolution", "evolution/messages-upsert"])
def test_what_is_for_a_foreign_instance_is_set_aside(world: World, key: dict[str, Any], path: str) -> None:
    jid = new_jid()
    response = world.json(of_instance("vetklinika", jid, **key), path)

    assert (response.status_code, response.json()) == (200, UNPARSED)
    assert world.messages(jid) == []
    [kept] = world.inbox(response)
    assert "vetklinika" in kept["reason"]
    assert "romashka" in kept["reason"]
    assert jid.partition("@")[0] not in kept["reason"]


def test_what_is_for_a_foreign_number_is_set_aside(world: World) -> None:
    foreign = "100200300400999"
    told = of_number(foreign, cloud_text(new_jid()))
    echo = of_number(foreign, message_echoes=[cloud_text(new_jid()) | {"to": new_jid().partition("@")[0]}])
    moved = {"type": "user_changed_number", "wa_id": new_jid().partition("@")[0]}
    change = of_number(foreign, cloud_text(new_jid(), type="system", system=moved))
    failed = of_number(
        foreign, statuses=[{"id": new_id(), "status": "failed", "errors": [{"code": 131047}], "recipient_id": "7700"}]
    )
    for body in (told, echo, change, failed):
        response = world.signed(body)
        assert response.json() == UNPARSED
        assert foreign in world.inbox(response)[0]["reason"]

    receipt = of_number(foreign, statuses=[{"id": new_id(), "status": "read"}])
    assert world.signed(receipt).json() == IGNORED


@pytest.mark.parametrize("instance", ["romashka", None])
def test_the_desks_own_instance_and_a_missing_one_are_accepted(world: World, instance: str | None) -> None:
    jid = new_jid()

    assert world.json(of_instance(instance, jid), "evolution").json() == STORED
    assert len(world.messages(jid, world.desks["evolution"].id)) == 1


def test_the_account_of_another_desk_of_ours_goes_to_that_desk(world: World) -> None:
    by_evolution, by_cloud = new_jid(), new_jid()

    assert world.json(of_instance("lotos", by_evolution), "evolution").json() == STORED
    assert world.signed(of_number("100200300400502", cloud_text(by_cloud))).json() == STORED

    assert len(world.messages(by_evolution, world.desks["evolution-2"].id)) == 1
    assert len(world.messages(by_cloud, world.desks["whatsapp_cloud-2"].id)) == 1
    assert world.messages(by_evolution, world.desks["evolution"].id) == []


def test_the_holder_of_one_desks_secret_does_not_write_into_another_desk(world: World) -> None:
    by_evolution, by_cloud = new_jid(), new_jid()
    answers = [
        world.json(of_instance("sakura", by_evolution), "evolution"),
        world.signed(of_number("100200300400503", cloud_text(by_cloud))),
    ]

    assert [answer.json() for answer in answers] == [UNPARSED, UNPARSED]
    reasons = [world.inbox(answer)[0]["reason"] for answer in answers]
    assert all("of another client" in reason and "another secret" in reason for reason in reasons)
    assert "sakura" in reasons[0]
    assert "--signing-secret-stdin" in reasons[1]
    assert world.messages(by_evolution) == world.messages(by_cloud) == []


def test_what_a_strangers_gateway_brings_is_the_strangers(world: World) -> None:
    jid = new_jid()
    content = json.dumps(of_number("100200300400503", cloud_text(jid))).encode()

    response = world.call(path="strangers-app", content=content, headers=signature(content, STRANGERS))

    assert response.json() == STORED
    assert len(world.messages(jid, world.desks["strangers-app"].id)) == 1


def test_a_secret_in_common_makes_two_desks_one_hands(world: World) -> None:
    jid, source = new_jid(), world.desks["strangers-evolution"].source
    set_secret(world.connection, source, canaries.SOURCE_SECRET)
    try:
        assert world.json(of_instance("sakura", jid), "evolution").json() == STORED
        assert len(world.messages(jid, world.desks["strangers-evolution"].id)) == 1

        world.connection.execute(
            "update platform.source_secrets set valid_to = clock_timestamp() where source_id = %s", (source,)
        )
        assert world.json(of_instance("sakura", new_jid()), "evolution").json() == UNPARSED
    finally:
        world.connection.execute("update platform.source_secrets set valid_to = null where source_id = %s", (source,))
        set_secret(world.connection, source, STRANGERS)


def test_an_account_of_ours_at_another_gateway_is_foreign(world: World) -> None:
    assert world.json(of_instance("100200300400501", new_jid()), "evolution").json() == UNPARSED


def test_the_records_of_one_body_go_each_its_own_way(world: World) -> None:
    own, other, foreign = new_jid(), new_jid(), new_jid()
    accounts = {"100200300400501": own, "100200300400502": other, "100200300400999": foreign}
    bodies = [of_number(number, cloud_text(jid)) for number, jid in accounts.items()]
    whole = {**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]}

    response = world.signed(whole)

    assert response.json() == {**STORED, "stored": 2, "unparsed": 1}
    assert len(world.messages(own, world.desks["whatsapp_cloud"].id)) == 1
    assert len(world.messages(other, world.desks["whatsapp_cloud-2"].id)) == 1
    assert (world.messages(foreign), len(world.inbox(response))) == ([], 1)


def test_a_desk_whose_account_is_not_known_takes_what_its_source_brings(world: World) -> None:
    bot, jid = world.desks["evolution"].whatsapp_bot, new_jid()
    correct_account(world.connection, bot, "chatflow", "elsewhere")
    try:
        assert world.json(of_instance("whoever", jid), "evolution").json() == STORED
    finally:
        correct_account(world.connection, bot, *ACCOUNTS["evolution"])


def test_a_foreign_account_is_logged_once_and_not_for_each_message(world: World) -> None:
    for _ in range(3):
        world.json(of_instance("noisy-neighbour", new_jid()), "evolution")

    lines = [line for line in world.served.output.read_text().splitlines() if "noisy-neighbour" in line]
    assert len(lines) == 1
    assert '"foreign_account"' in lines[0]


async def test_what_was_set_aside_is_replayed_after_the_address_was_corrected(world: World) -> None:
    jid, bot = new_jid(), world.desks["evolution-2"].whatsapp_bot
    body = of_instance("lotos-new", jid)
    assert world.json(body, "evolution-2").json() == UNPARSED

    correct_account(world.connection, bot, "evolution", "lotos-new")
    try:
        settings = config.load({"DATABASE_URL": world.url, "SECRETS_KEY": arrange.SECRETS_KEY}, names=SETTINGS)
        since = datetime.now(UTC) - timedelta(hours=1)
        replayed = await asyncio.to_thread(replay, settings, since, "evolution-2")
    finally:
        correct_account(world.connection, bot, *ACCOUNTS["evolution-2"])

    assert replayed.parsed == 1
    assert [row["content"] for row in world.messages(jid, world.desks["evolution-2"].id)] != []
