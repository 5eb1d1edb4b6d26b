"""What gateways sign with: missing, sealed with another key, rotated."""

import json
import time

from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.functions.ingest_webhook.whatsapp.world import (
    STORED,
    World,
    chatflow,
    cloud,
    cloud_text,
    evolution,
    new_jid,
    signature,
)
from tests.helpers import arrange, canaries

GOOD = canaries.SOURCE_SECRET
SUBSCRIBE = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="


def body(jid: str = "", gateway: str = "chatflow") -> bytes:
    make = {"chatflow": chatflow, "evolution": evolution}[gateway]
    return json.dumps(make(jid or new_jid())).encode()


def test_a_cloud_source_without_a_signing_secret_refuses_all_and_says_what_to_do(world: World) -> None:
    unsigned = world.add_desk("unsigned", "whatsapp_cloud")
    world.connection.execute(
        "update platform.webhook_sources set signing_secret_sealed = null where id = %s", (unsigned.source,)
    )
    content = json.dumps(cloud(cloud_text(new_jid()))).encode()

    for secret in ("", canaries.SIGNING_SECRET):
        assert world.call(path="unsigned", content=content, headers=signature(content, secret)).status_code == 404
    assert (
        "carillon sources rotate unsigned --provider whatsapp --signing-secret-stdin" in world.served.output.read_text()
    )


def test_a_signing_secret_that_secrets_key_does_not_open_refuses_all_and_says_what_to_do(world: World) -> None:
    locked = world.add_desk("locked", "whatsapp_cloud")
    elsewhere = secrets.seal(arrange.SECRETS_KEY, canaries.SIGNING_SECRET, signing_secret_associated_data("elsewhere"))
    world.connection.execute(
        "update platform.webhook_sources set signing_secret_sealed = %s where id = %s", (elsewhere, locked.source)
    )
    time.sleep(0.3)

    assert world.signed(cloud(cloud_text(new_jid())), "locked").status_code == 404
    assert '"signing_secret_not_opened"' in world.served.output.read_text()


def test_a_rotated_signing_secret_is_valid_at_once(world: World) -> None:
    rotating = world.add_desk("rotating", "whatsapp_cloud")
    assert world.signed(cloud(cloud_text(new_jid())), "rotating").json() == STORED
    new = f"new-{canaries.SIGNING_SECRET}"
    world.connection.execute(
        "update platform.webhook_sources set signing_secret_sealed = %s where id = %s",
        (secrets.seal(arrange.SECRETS_KEY, new, signing_secret_associated_data("rotating")), rotating.source),
    )
    time.sleep(0.3)
    content = json.dumps(cloud(cloud_text(new_jid()))).encode()

    assert world.call(path="rotating", content=content, headers=signature(content, new)).json() == STORED
    assert world.signed(cloud(cloud_text(new_jid())), "rotating").status_code == 404


def test_during_a_rotation_both_secrets_and_both_verify_tokens_are_valid(world: World) -> None:
    new = f"new-{GOOD}"
    for name in ("chatflow", "whatsapp_cloud"):
        world.connection.execute(
            "insert into platform.source_secrets (source_id, slot, secret_hash) values (%s, 2, %s)",
            (world.desks[name].source, secrets.hash_secret(new)),
        )
    time.sleep(0.3)

    for secret in (GOOD, new):
        assert world.call(content=body(), query=f"secret={secret}").json() == STORED
        assert world.call("GET", "whatsapp_cloud", query=SUBSCRIBE + secret).text == "1158201444"
