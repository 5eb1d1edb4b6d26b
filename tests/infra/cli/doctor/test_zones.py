"""carillon doctor's lines about time zones that nobody knows, and the tables that take no such zone."""

import psycopg
import pytest
from psycopg.errors import CheckViolation
from psycopg.rows import DictRow

from infra.admin.doctor import courses, platform, salon, support
from infra.admin.doctor.finding import Finding
from tests.helpers import arrange
from tests.helpers.worlds import salon as salons
from tests.helpers.worlds import support as desks

Connection = psycopg.Connection[DictRow]
TABLES = ("platform.webhook_sources", "courses.school", "support.client_settings", "dashboard.tenant_settings")


@pytest.fixture
def everybody(connection: Connection) -> None:
    """Two schools, a desk and a salon."""
    arrange.source(connection)
    connection.execute("insert into courses.school (name) values ('Школа')")
    desks.desk(connection)
    salons.salon(connection)


def about_zones(connection: Connection) -> list[str]:
    checks = (platform.sources, courses.school, support.desks, salon.salons)
    lines = [line for check in checks for line in check(connection)]
    return [line.message for line in lines if isinstance(line, Finding) and "time zone" in line.message]


@pytest.mark.usefixtures("everybody")
@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "europe/moscow", "UTC+3", " Asia/Almaty"])
def test_a_wrong_zone_is_refused_where_it_is_written_and_named_where_it_was_there_before(
    connection: Connection, zone: str
) -> None:
    assert about_zones(connection) == []
    for table in TABLES:
        with pytest.raises(CheckViolation, match="is no time zone"):
            connection.execute(f"update {table} set timezone = %s".encode(), (zone,))

    with arrange.unchecked(connection):
        for table in TABLES:
            connection.execute(f"update {table} set timezone = %s".encode(), (zone,))

    assert [message.partition(", ")[0].partition(" ")[2] for message in about_zones(connection)].count(
        "has an unknown time zone"
    ) == len(about_zones(connection))
    assert [message.rpartition("; ")[2].split()[0] for message in about_zones(connection)][-1] == "Asia/Almaty"
    assert "Europe/Moscow stands in for it" in about_zones(connection)[0]
    for table in TABLES:  # whoever changes something else is not stopped
        connection.execute(f"update {table} set timezone = timezone".encode())


@pytest.mark.usefixtures("everybody")
def test_zones_that_there_are_can_be_written(connection: Connection) -> None:
    for table in TABLES:
        for zone in ("UTC", "America/Argentina/Buenos_Aires", "Asia/Almaty"):
            connection.execute(f"update {table} set timezone = %s".encode(), (zone,))


def test_one_desks_wrong_zone_does_not_end_the_views_of_all(connection: Connection) -> None:
    desk = desks.desk(connection)
    conversation = desks.conversation(connection, desk)
    connection.execute(
        "insert into support.handovers (conversation_id, client_id, trigger_type) values (%s, %s, 'manual')",
        (conversation, desk.id),
    )
    with arrange.unchecked(connection):
        connection.execute("update support.client_settings set timezone = 'Mars/Olympus'")

    for view in ("v_handover_numbers", "v_manager_numbers"):
        [row] = connection.execute(f"select * from support.{view}".encode()).fetchall()
        assert row["handovers"] == 1
