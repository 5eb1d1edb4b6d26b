"""carillon terms."""

import json

import psycopg
from psycopg.rows import DictRow

from tests.conftest import rows
from tests.helpers.worlds import salon
from tests.infra.cli.conftest import Carillon


def test_it_counts_what_is_due_behind_row_level_security_too_and_deletes_nothing(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    tenant = salon.salon(connection).id
    connection.execute(
        "insert into dashboard.bookings (tenant_id, external_id, client_id, created_at)"
        " values (%s, '1', '1', now() - interval '3 years')",
        (tenant,),
    )

    printed, as_json = carillon("terms"), carillon("terms", "--json")

    assert (printed.code, "1 rows are due" in printed.out) == (0, True)
    due = {(term["table"], term["days"]): term["due"] for term in json.loads(as_json.out)}
    assert {key: count for key, count in due.items() if count} == {("dashboard.bookings", 730): 1}
    assert len(rows(connection, "select from dashboard.bookings")) == 1
