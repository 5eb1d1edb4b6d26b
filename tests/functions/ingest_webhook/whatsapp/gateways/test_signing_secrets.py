"""What gateways sign with: missing, sealed with another key, rotated."""

import json
import time

from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.functions.ingest_webhook.whatsapp.gate import (
    STORED,
    Gate,
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


def test_a_cloud_source_without_a_signing_secret_refuses_all_and_says_what_to_do(gate: Gate) -> None:
    unsigned = gate.add_desk("unsigned", "whatsapp_cloud")
    gate.connection.execute(
        "update platform.webhook_sources set signing_secret_sealed = null where id = %s", (unsigned.source,)
    )
    content = json.dumps(cloud(cloud_text(new_jid()))).encode()

    for secret in ("", canaries.SIGNING_SECRET):
        assert gate.call(path="unsigned", content=content, headers=signature(content, secret)).status_code == 404
    assert (
        "carillon sources rotate unsigned --provider whatsapp --signing-secret-stdin" in gate.served.output.read_text()
    )


def test_a_signing_secret_that_secrets_key_does_not_open_refuses_all_and_says_what_to_do(gate: Gate) -> None:
    locked = gate.add_desk("locked", "whatsapp_cloud")
    elsewhere = secrets.seal(arrange.SECRETS_KEY, canaries.SIGNING_SECRET, signing_secret_associated_data("elsewhere"))
    gate.connection.execute(
        "update platform.webhook_sources set signing_secret_sealed = %s where id = %s", (elsewhere, locked.source)
    )
    time.sleep(0.3)

    assert gate.signed(cloud(cloud_text(new_jid())), "locked").status_code == 404
    assert '"signing_secret_not_opened"' in gate.served.output.read_text()


def test_a_rotated_signing_secret_is_taken_at_once(gate: Gate) -> None:
    rotating = gate.add_desk("rotating", "whatsapp_cloud")
    assert gate.signed(cloud(cloud_text(new_jid())), "rotating").json() == STORED
    new = f"new-{canaries.SIGNING_SECRET}"
    gate.connection.execute(
        "update platform.webhook_sources set signing_secret_sealed = %s where id = %s",
        (secrets.seal(arrange.SECRETS_KEY, new, signing_secret_associated_data("rotating")), rotating.source),
    )
    time.sleep(0.3)
    content = json.dumps(cloud(cloud_text(new_jid()))).encode()

    assert gate.call(path="rotating", content=content, headers=signature(content, new)).json() == STORED
    assert gate.signed(cloud(cloud_text(new_jid())), "rotating").status_code == 404


def test_during_a_rotation_both_secrets_and_both_verify_tokens_open_the_door(gate: Gate) -> None:
    new = f"new-{GOOD}"
    for name in ("chatflow", "whatsapp_cloud"):
        gate.connection.execute(
            "insert into platform.source_secrets (source_id, slot, secret_hash) values (%s, 2, %s)",
            (gate.desks[name].source, secrets.hash_secret(new)),
        )
    time.sleep(0.3)

    for secret in (GOOD, new):
        assert gate.call(content=body(), query=f"secret={secret}").json() == STORED
        assert gate.call("GET", "whatsapp_cloud", query=SUBSCRIBE + secret).text == "1158201444"
