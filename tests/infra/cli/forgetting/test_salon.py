"""carillon salon forget."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.worlds.salon import Salon, salon
from tests.helpers.worlds.support import insert
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.forgetting.leftovers import archived, tables_with

Plain = psycopg.Connection[DictRow]

PHONE, CHAT = f"{canaries.CLIENT_PHONES}0001", 700_000_401


@pytest.fixture
def of(connection: Plain) -> Salon:
    """A salon with two clients, both with two dialogs and a booking."""
    of = salon(connection)
    other = insert(connection, "public.clients_v2", tenant_id=of.id, full_name="Другая", phone="+70000000000")
    connection.execute(
        "update public.clients_v2 set phone = %s, telegram_chat_id = %s, yclients_client_id = 900001 where id = %s",
        (f"+{PHONE}", CHAT, of.client),
    )
    for session, client in enumerate((of.client, other, other, of.client)):
        connection.execute(
            "insert into dashboard.conversations (session, tenant_id, client_id, escalation_reason, last_message_at)"
            " values (%s, %s, %s, 'words', now())",
            (session, of.id, str(client)),
        )
    for client in (of.client, other):
        connection.execute(
            "insert into dashboard.bookings (tenant_id, external_id, client_id) values (%s, %s, %s)",
            (of.id, str(client)[:8], str(client)),
        )
    source = arrange.source(connection, "hints", provider="yclients")
    insert(connection, "platform.inbox", source_id=source, reason="r", correlation_id="c", body=PHONE.encode(),
           delivery_hash=bytes(32))  # fmt: skip
    return of


@pytest.mark.parametrize("address", [f"+{PHONE}", str(CHAT), "900001", "id"])
def test_a_client_goes_from_the_copies_and_the_copying_goes_on(
    carillon: Carillon, connection: Plain, of: Salon, address: str
) -> None:
    address = str(of.client) if address == "id" else address
    for table in ("dashboard.conversations", "dashboard.bookings", "platform.inbox"):
        archived(connection, table)

    done = carillon("salon", "forget", address, "--yes")

    assert (done.code, done.err) == (0, "")
    assert "dashboard.conversations: 2 rows went" in done.out
    assert "dashboard.bookings: 1 row went" in done.out
    assert "platform.archive_queue: 4 rows went" in done.out
    assert tables_with(connection, str(of.client), PHONE) == []
    kept = rows(connection, "select session, client_id = '' as is_empty from dashboard.conversations order by session")
    assert [(row["session"], row["is_empty"]) for row in kept] == [(1, False), (2, False), (3, True)]


def test_a_client_of_another_salon_is_not_found(carillon: Carillon, connection: Plain, of: Salon) -> None:
    other = salon(connection, "Роза")

    nobody = carillon("salon", "forget", f"+{PHONE}", "--tenant", str(other.id), "--yes")

    assert (nobody.code, "no client has this address" in nobody.err) == (1, True)
    assert len(rows(connection, "select from dashboard.conversations where client_id = %s", str(of.client))) == 2
