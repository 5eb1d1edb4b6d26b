"""Messages that were enqueued with facts: sent while these hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from shared.database.pool import Database
from shared.delivery.kinds import DEADLINE_APPROACHING, Kind
from tests.functions.dispatch_notifications.conftest import Dispatcher
from tests.functions.dispatch_notifications.outgoing import (
    arrived,
    asked,
    bring_forward,
    hand_over,
    message,
    patient_bot,
    row,
    states,
)

NEWER = Kind("support/newer")  # a kind of a later deployment
SOON = datetime.now(UTC) + timedelta(hours=3)

Plain = psycopg.Connection[DictRow]


@pytest.fixture
def bot(connection: Plain) -> int:
    return patient_bot(connection)


def lesson(connection: Plain, deadline: datetime = SOON, **columns: Any) -> None:
    """A lesson, valid since 2020."""
    values = {"getcourse_id": "77", "training_id": "9", "lesson_title": "Гаммы", "deadline_at": deadline,
              "valid_from": "2020-01-01", "valid_to": None, **columns}  # fmt: skip
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    connection.execute(
        f"insert into getcourse.lesson_versions ({names}) values ({marks})",
        tuple(values.values()),
    )


def facts(deadline: datetime = SOON) -> dict[str, str]:
    return {"lesson_id": "77", "deadline_at": deadline.isoformat()}


async def test_a_reminder_whose_deadline_stands_is_sent(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    lesson(connection)
    await hand_over(database, message(bot, "reminder", kind=DEADLINE_APPROACHING, guard=facts()))

    await dispatcher.tick()

    assert arrived(telegram) == ["reminder"]


@pytest.mark.parametrize(
    ("deadline", "columns"),
    [
        (SOON + timedelta(minutes=1), {}),
        (SOON, {"getcourse_id": "78"}),
        (SOON, {"valid_to": "2021-01-01"}),
    ],
    ids=["moved", "another lesson's", "no longer valid"],
)
async def test_a_reminder_whose_deadline_is_another_now_is_cancelled_without_a_request(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher,
    deadline: datetime, columns: dict[str, Any],
) -> None:  # fmt: skip
    lesson(connection, deadline, **columns)
    await hand_over(
        database,
        message(bot, "reminder", kind=DEADLINE_APPROACHING, guard=facts()),
        message(bot, "without facts", kind=DEADLINE_APPROACHING),
    )

    await dispatcher.tick()

    found = row(connection, "reminder")
    assert (found["state"], found["error_class"], found["attempt"]) == ("cancelled", "guard", 0)
    assert arrived(telegram) == ["without facts"]


async def test_a_reminder_of_a_deadline_that_has_passed_is_cancelled(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    passed = SOON - timedelta(hours=4)
    lesson(connection, passed)
    await hand_over(database, message(bot, "reminder", kind=DEADLINE_APPROACHING, guard=facts(passed)))

    await dispatcher.tick()

    assert states(connection, "reminder") == ["cancelled"]
    assert asked(telegram) == 0


async def test_facts_that_nobody_here_can_look_at_wait_beside_their_chat_and_burn_nothing(
    connection: Plain, bot: int, database: Database, telegram: SandboxServer, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "newer", kind=NEWER, guard={"conversation": 7}), message(bot, "behind it"))
    for _ in range(3):
        await dispatcher.tick(seconds=2)
        bring_forward(connection)

    found = row(connection, "newer")
    assert (found["state"], found["attempt"], found["out_of_order"]) == ("queued", 0, True)
    assert found["error_class"] == "unknown_kind"
    assert arrived(telegram) == ["behind it"]
    await dispatcher.tick(seconds=2)
    wait = connection.execute(
        "select due_at > clock_timestamp() + interval '9 minutes' as long from platform.outbox where state = 'queued'"
    ).fetchall()
    assert wait == [{"long": True}]


async def test_facts_that_nobody_can_look_at_do_not_outlive_their_message(
    connection: Plain, bot: int, database: Database, dispatcher: Dispatcher
) -> None:
    await hand_over(database, message(bot, "newer", kind=NEWER, guard={"conversation": 7}))
    connection.execute("update platform.outbox set expires_at = clock_timestamp() - interval '1 minute'")

    await dispatcher.tick()

    found = row(connection, "newer")
    assert (found["state"], found["error_class"]) == ("cancelled", "expired")


@pytest.mark.parametrize("guard", [{"lesson_id": "77", "deadline_at": "soon"}, ["77"]])
async def test_facts_of_a_wrong_shape_end_their_message_and_not_the_run(
    connection: Plain, bot: int, database: Database, dispatcher: Dispatcher, guard: Any
) -> None:
    lesson(connection)
    await hand_over(
        database,
        message(bot, "poison", kind=DEADLINE_APPROACHING, guard=guard),
        message(bot, "good", 700_000_303, kind=DEADLINE_APPROACHING, guard=facts()),
        message(bot, "other", 700_000_304),
    )

    await dispatcher.tick()

    assert states(connection, "poison", "good", "other") == ["dead", "sent", "sent"]
    assert row(connection, "poison")["error_class"] == "poison"
