"""What a salon's bot keeps in clear: sealed by connect, named by doctor, removed by whose the table is."""

from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from infra.admin.doctor import platform
from infra.admin.doctor.salon import salons
from shared.credentials import secrets
from shared.salon.tenant_secrets import YCLIENTS_TOKEN, associated_data
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.salon.test_connect import CONNECT, OTHER_TOKEN, salon
from tests.migrations.tenant_isolation import AURORA, BREEZE

Connection = psycopg.Connection[DictRow]

TOKEN = canaries.SOURCE_SECRET


def opened(connection: Connection, tenant: UUID = AURORA) -> str | None:
    found = rows(connection, "select sealed from platform.tenant_secrets where tenant_id = %s", tenant)
    place = associated_data(tenant, YCLIENTS_TOKEN)
    return secrets.unseal(arrange.SECRETS_KEY, found[0]["sealed"], place) if found else None


def in_clear(connection: Connection) -> list[tuple[str, str]]:
    return [(f.message, f.next_step) for f in salons(connection) if "in clear" in f.message]


def test_connect_seals_the_token_and_says_how_its_owner_removes_it(carillon: Carillon, connection: Connection) -> None:
    salon(connection, yclients_token=TOKEN)
    [(before, step)] = in_clear(connection)
    assert "telegram_bot_token and yclients_token" in before
    assert step == "run: carillon salon connect aurora"

    done = carillon(*CONNECT, "aurora")

    assert (done.code, opened(connection)) == (0, TOKEN)
    statement = done.out.partition("run: ")[2].strip()
    assert in_clear(connection)[0][1].endswith(statement)
    connection.execute(statement.encode())
    assert in_clear(connection) == []
    assert TOKEN not in done.out + done.err + str(rows(connection, "select a::text from dashboard.audits a"))


def test_all_seals_the_tokens_of_salons_that_are_connected_already(carillon: Carillon, connection: Connection) -> None:
    salon(connection)
    salon(connection, BREEZE, "breeze", telegram_bot_token=OTHER_TOKEN, yclients_token=TOKEN)
    carillon(*CONNECT, "--all")
    connection.execute("update public.tenants_v2 set metadata = metadata || %s", (f'{{"yclients_token": "{TOKEN}"}}',))
    connection.execute("update dashboard.tenant_settings set chat_id = -1009")

    done = carillon(*CONNECT, "--all")

    assert (done.code, "Салон aurora: its YClients token is sealed" in done.out) == (0, True)
    assert opened(connection) == opened(connection, BREEZE) == TOKEN
    assert rows(connection, "select distinct chat_id from dashboard.tenant_settings") == [{"chat_id": -1009}]


def test_a_new_token_is_given_without_the_bots_table(carillon: Carillon, connection: Connection) -> None:
    salon(connection)

    given = carillon("salon", "settings", "aurora", "--yclients-token-stdin", stdin=f"{TOKEN}\n")

    assert (given.code, opened(connection)) == (0, TOKEN)
    assert TOKEN not in given.out + given.err
    refused = carillon("salon", "settings", "aurora", "--yclients-token-stdin", stdin="two words\n")
    assert (refused.code, opened(connection)) == (1, TOKEN)


def test_doctor_names_tables_of_ours_that_others_may_change(connection: Connection) -> None:
    assert platform.exposed(connection) == []

    with connection.transaction(force_rollback=True):
        connection.execute("grant select on public.carillon_version to anon")
        connection.execute("grant truncate on public.clients_v2 to authenticated")
        connection.execute("alter table public.wishlist_v2 disable row level security")
        found = {finding.message.split()[2]: finding for finding in platform.exposed(connection)}

    assert set(found) == {"public.carillon_version", "public.clients_v2", "public.wishlist_v2"}
    assert found["public.carillon_version"].next_step.startswith("run: carillon db upgrade")
    assert "alter table public.clients_v2" in found["public.clients_v2"].next_step
