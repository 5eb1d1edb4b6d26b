"""carillon sources for WhatsApp gateways."""

import psycopg
import pytest

from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[object]

ADD = ("sources", "add", "whatsapp", "desk", "--gateway")
SIGNED = "--signing-secret-stdin"
APP_SECRET = canaries.CRON_SECRET  # must not be printed either


def signing_secret(connection: Connection) -> str | None:
    """What the source's gateway signs with, as ingest_webhook will open it."""
    (row,) = rows(connection, "select signing_secret_sealed as sealed from platform.webhook_sources")
    return row["sealed"] and secrets.unseal(arrange.SECRETS_KEY, row["sealed"], signing_secret_associated_data("desk"))


@pytest.mark.parametrize("gateway", ["chatflow", "evolution"])
def test_a_gateway_gets_an_address_with_its_secret_once(
    carillon: Carillon, connection: Connection, gateway: str
) -> None:
    added = carillon(*ADD, gateway, "--json").json

    assert added["path"] == f"/whatsapp/desk?secret={added['secret']}"
    (kept,) = rows(connection, "select * from platform.webhook_sources join platform.source_secrets on source_id = id")
    assert (kept["gateway"], kept["secret_hash"]) == (gateway, secrets.hash_secret(added["secret"]))
    assert signing_secret(connection) is None
    (listed,) = carillon("sources", "list", "--json").json
    assert (listed["gateway"], listed["secrets"]) == (gateway, 1)


def test_the_cloud_api_gets_a_bare_address_and_a_verify_token(carillon: Carillon, connection: Connection) -> None:
    added = carillon(*ADD, "whatsapp_cloud", SIGNED, stdin=f"{APP_SECRET}\n")

    assert (added.code, added.err) == (0, "")
    address, token = (
        next(line for line in added.out.splitlines() if part in line) for part in ("/whatsapp/desk", "Verify token: ")
    )
    assert address.strip() == "/whatsapp/desk"
    (kept,) = rows(connection, "select secret_hash from platform.source_secrets")
    assert kept["secret_hash"] == secrets.hash_secret(token.partition("Verify token: ")[2])
    assert signing_secret(connection) == APP_SECRET


@pytest.mark.parametrize(
    ("gateway", "wanted"),
    [
        ("evolution", "MESSAGES_UPSERT, MESSAGES_UPDATE, MESSAGES_EDITED, MESSAGES_DELETE, CALL"),
        ("whatsapp_cloud", "messages, smb_message_echoes, calls"),
    ],
)
def test_the_events_to_subscribe_to_are_named(carillon: Carillon, gateway: str, wanted: str) -> None:
    signed = (SIGNED,) if gateway == "whatsapp_cloud" else ()

    assert wanted in carillon(*ADD, gateway, *signed, stdin=f"{APP_SECRET}\n").out


def test_evolution_may_sign(carillon: Carillon, connection: Connection) -> None:
    assert carillon(*ADD, "evolution", SIGNED, stdin=APP_SECRET).code == 0
    assert signing_secret(connection) == APP_SECRET


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("whatsapp", "desk"), "--gateway"),
        (("getcourse", "desk", "--gateway", "chatflow"), "--gateway"),
        (("whatsapp", "desk", "--gateway", "telegram"), "--gateway"),
        (("whatsapp", "desk", "--gateway", "whatsapp_cloud"), SIGNED),
        (("whatsapp", "desk", "--gateway", "chatflow", SIGNED), SIGNED),
        (("getcourse", "desk", SIGNED), SIGNED),
        (("whatsapp", "desk", "--gateway", "chatflow", "--map", "answer_text=text"), "--map"),
        (("whatsapp", "desk", "--gateway", "chatflow", "--link", "https://school.example"), "--link"),
        (("whatsapp", "desk", "--gateway", "chatflow", "--admin-chat", "-1001234567890"), "--admin-chat"),
        (("whatsapp", "desk", "--gateway", "chatflow", "--collapse", "0"), "--collapse"),
    ],
)
def test_options_of_another_provider_are_a_usage_error(
    carillon: Carillon, connection: Connection, arguments: tuple[str, ...], names: str
) -> None:
    refused = carillon("sources", "add", *arguments, stdin=APP_SECRET)

    assert refused.code == 2
    assert names in refused.err
    assert rows(connection, "select from platform.webhook_sources") == []


@pytest.mark.parametrize("secret", ["", "short", "with a space in it", "кириллица-в-секрете"])
def test_what_is_no_signing_secret_is_a_usage_error(carillon: Carillon, secret: str) -> None:
    refused = carillon(*ADD, "whatsapp_cloud", SIGNED, stdin=secret)

    assert refused.code == 2
    assert not secret or secret not in refused.err


def test_the_address_is_rotated_without_what_the_gateway_signs_with(carillon: Carillon, connection: Connection) -> None:
    carillon(*ADD, "whatsapp_cloud", SIGNED, stdin=APP_SECRET)

    rotated = carillon("sources", "rotate", "desk", "--provider", "whatsapp", "--json").json

    assert rotated["path"] == "/whatsapp/desk"
    hashes = [row["secret_hash"] for row in rows(connection, "select secret_hash from platform.source_secrets")]
    assert len(hashes) == 2
    assert secrets.hash_secret(rotated["secret"]) in hashes
    assert signing_secret(connection) == APP_SECRET


def test_what_the_gateway_signs_with_is_replaced_alone(carillon: Carillon, connection: Connection) -> None:
    carillon(*ADD, "whatsapp_cloud", SIGNED, stdin="the-old-app-secret")

    replaced = carillon("sources", "rotate", "desk", "--provider", "whatsapp", SIGNED, stdin=APP_SECRET)

    assert replaced.code == 0
    assert signing_secret(connection) == APP_SECRET
    assert len(rows(connection, "select from platform.source_secrets")) == 1


def test_a_name_that_is_taken_leads_to_the_right_rotation(carillon: Carillon) -> None:
    carillon(*ADD, "chatflow")

    assert "carillon sources rotate desk --provider whatsapp" in carillon(*ADD, "chatflow").err
    assert carillon("sources", "add", "getcourse", "desk").code == 0


def test_the_last_event_of_a_whatsapp_source_is_the_last_message(carillon: Carillon, connection: Connection) -> None:
    carillon(*ADD, "chatflow")
    assert carillon("sources", "list", "--json").json[0]["last_event"] is None
    connection.execute(
        "with c as (insert into support.clients (name, source_id) select 'a', id from platform.webhook_sources"
        " returning id), u as (insert into support.users (client_id, remote_jid, last_active_at)"
        " select id, '77010000001@s.whatsapp.net', '2026-01-15 10:00+00' from c returning client_id, id)"
        " insert into support.conversations (client_id, user_id) select client_id, id from u"
    )

    assert carillon("sources", "list", "--json").json[0]["last_event"].startswith("2026-01-15T10:00")
