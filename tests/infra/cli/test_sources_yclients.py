"""carillon sources for YClients."""

import psycopg
import pytest

from shared.credentials import secrets
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[object]

TENANT = "6F1c2a70-0000-4000-8000-00000000000a"
SLUG = "aurora"
ADD = ("sources", "add", "yclients", "echo")


@pytest.fixture(autouse=True)
def aurora(connection: Connection) -> None:
    """A salon."""
    connection.execute("insert into public.tenants_v2 (id, name, slug) values (%s, 'Аврора', %s)", (TENANT, SLUG))


@pytest.mark.parametrize("tenant", [TENANT, SLUG])
def test_a_salon_gets_an_address_with_its_secret_once(carillon: Carillon, connection: Connection, tenant: str) -> None:
    added = carillon(*ADD, "--tenant", tenant, "--json").json

    assert added["path"] == f"/yclients/echo?secret={added['secret']}"
    (kept,) = rows(connection, "select * from platform.webhook_sources join platform.source_secrets on source_id = id")
    assert (kept["provider"], kept["field_map"]) == ("yclients", {"tenant_id": TENANT.lower()})
    assert kept["secret_hash"] == secrets.hash_secret(added["secret"])
    (listed,) = carillon("sources", "list", "--json").json
    assert (listed["provider"], listed["secrets"]) == ("yclients", 1)


def test_it_says_where_the_address_belongs(carillon: Carillon) -> None:
    added = carillon(*ADD, "--tenant", TENANT)
    assert added.code == 0
    assert "In YClients:" in added.out


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((*ADD,), "--tenant"),
        ((*ADD, "--tenant", TENANT, "--map", "answer_text=text"), "--map"),
        ((*ADD, "--tenant", TENANT, "--gateway", "chatflow"), "--gateway"),
        (("sources", "add", "getcourse", "school", "--tenant", TENANT), "--tenant"),
    ],
)
def test_options_that_do_not_belong_together_are_named(
    carillon: Carillon, connection: Connection, arguments: tuple[str, ...], names: str
) -> None:
    refused = carillon(*arguments)

    assert refused.code == 2
    assert names in refused.err
    assert rows(connection, "select from platform.webhook_sources") == []


@pytest.mark.parametrize("tenant", ["echo", "6f1c2a70-0000-4000-8000-00000000000b"])
def test_a_salon_that_does_not_exist_gets_none(carillon: Carillon, connection: Connection, tenant: str) -> None:
    refused = carillon(*ADD, "--tenant", tenant)

    assert (refused.code, "carillon salon tenants" in refused.err) == (1, True)
    assert rows(connection, "select from platform.webhook_sources") == []
