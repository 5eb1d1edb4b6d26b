"""What waits costs a look nothing, and an answer that is due costs the same however many there are."""

import psycopg
import pytest
from psycopg.rows import DictRow

from tests.functions.dispatch_notifications.getcourse.crowd import LIMITS, STATEMENTS, add_answers, buffers
from tests.helpers import arrange

Plain = psycopg.Connection[DictRow]


@pytest.mark.parametrize("statistics", ["fresh", "none"])
def test_answers_that_wait_cost_a_look_nothing(connection: Plain, statistics: str) -> None:
    schools = [arrange.source(connection, name=f"school-{n}", secret=f"secret {n}") for n in range(3)]
    for source in schools:
        add_answers(connection, 1500, name=f"waiting {source}", source=source, reason="no_mentor")
    if statistics == "fresh":
        connection.execute("analyze getcourse.webhook_events")

    assert buffers(connection, STATEMENTS["find_due"], **LIMITS) < 40
    assert buffers(connection, STATEMENTS["next_due_in"]) < 40


def test_a_burst_costs_what_is_taken_of_it_though_statistics_are_of_a_quiet_time(connection: Plain) -> None:
    """They say that nothing is pending: then an index without a condition looks as good as the right one."""
    add_answers(connection, 5000, name="processed", processed=True)
    add_answers(connection, 1500, name="waiting", reason="no_mentor", students=1500)
    connection.execute("update getcourse.webhook_events set processed = true where not processed")
    connection.execute("vacuum analyze getcourse.webhook_events")
    connection.execute("update getcourse.webhook_events set processed = false where error_message is not null")
    add_answers(connection, 2000, students=500)

    found = connection.execute(STATEMENTS["find_due"], LIMITS).fetchall()
    events = {"events": [row["id"] for row in found]}

    assert len(found) == 500
    assert buffers(connection, STATEMENTS["find_due"], **LIMITS) < 10 * len(found)
    assert buffers(connection, STATEMENTS["lock"], **events) < 10 * len(found)
    assert buffers(connection, STATEMENTS["load"], **events, most=4000) < 40 * len(found)
