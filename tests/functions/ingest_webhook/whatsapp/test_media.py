"""Clients' files that only a token opens are shown to managers under links of ours."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from shared.channels import media_links
from shared.channels.media_links import Reference
from tests.conftest import rows
from tests.functions.ingest_webhook.whatsapp.world import World, add_desk, cloud, cloud_text, evolution, new_id, new_jid
from tests.helpers import arrange
from tests.helpers.threads import serve_in_thread

MEDIA_URL = "https://files.example.com/media"


@pytest.fixture(scope="module")
def world(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[World]:
    """The function where files can be fetched, and a desk that answers by the gateway that brings them."""
    settings = {"SECRETS_KEY": arrange.SECRETS_KEY, "MEDIA_URL": MEDIA_URL, "DATABASE_URL": module_database_url}
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread("ingest_webhook", printed, **settings) as served,
        httpx.Client(timeout=120, trust_env=False) as http,
    ):
        gateways = ("chatflow", "evolution", "whatsapp_cloud")
        desks = {name: add_desk(connection, name, name) for name in gateways}
        for name, desk in desks.items():
            connection.execute(
                "update platform.bots set channel = %s, address = %s where id = %s", (name, "salon", desk.whatsapp_bot)
            )
        yield World(served, connection, desks, module_direct_url, http)


def stored(connection: psycopg.Connection[DictRow], message_id: str) -> dict[str, Any]:
    [row] = rows(connection, "select metadata from support.messages where external_id = %s", message_id)
    return dict(row["metadata"]["media"])


def reference(url: str) -> Reference:
    sealed = url.removeprefix(f"{MEDIA_URL}/").partition("/")[0]
    return media_links.read(arrange.SECRETS_KEY, sealed, datetime.now(UTC))


def test_a_cloud_photo_is_its_media_id_under_a_link(world: World) -> None:
    message_id = new_id()
    image = {"id": "1003383421387256", "mime_type": "image/jpeg", "url": "https://lookaside.fbsbx.com/x?mid=1"}
    photo = {**cloud_text(new_jid(), message_id), "type": "image", "image": image}

    world.signed(cloud(photo))

    media = stored(world.connection, message_id)
    bot = world.desks["whatsapp_cloud"].whatsapp_bot
    assert reference(media["url"]) == Reference(bot, "whatsapp_cloud", "1003383421387256")
    assert media["url"].endswith("/photo.jpg")


def test_an_evolution_photo_is_its_message_id_under_a_link(world: World) -> None:
    message_id = new_id()
    encrypted = {"imageMessage": {"url": "https://mmg.whatsapp.net/v/1.enc", "mimetype": "image/jpeg"}}

    world.json(evolution(new_jid(), encrypted, message_id), "evolution")

    bot = world.desks["evolution"].whatsapp_bot
    assert reference(stored(world.connection, message_id)["url"]) == Reference(bot, "evolution", message_id)


def test_an_evolution_photo_with_a_public_copy_keeps_its_address(world: World) -> None:
    message_id = new_id()
    copied = {"imageMessage": {"mimetype": "image/jpeg"}, "mediaUrl": "https://s3.example.com/1.jpg"}

    world.json(evolution(new_jid(), copied, message_id), "evolution")

    assert stored(world.connection, message_id)["url"] == "https://s3.example.com/1.jpg"
