"""Messages that were enqueued with facts: sent while these hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.delivery.kinds import DEADLINE_APPROACHING, Kind
from tests.functions.dispatch_notifications.delivery import Delivery

NEWER = Kind("support/newer")  # a kind of a later deployment
SOON = datetime.now(UTC) + timedelta(hours=3)

Plain = psycopg.Connection[DictRow]


def lesson(delivery: Delivery, deadline: datetime = SOON, **columns: Any) -> None:
    """A lesson, valid since 2020."""
    values = {"getcourse_id": "77", "training_id": "9", "lesson_title": "Гаммы", "deadline_at": deadline,
              "valid_from": "2020-01-01", "valid_to": None, **columns}  # fmt: skip
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    delivery.connection.execute(
        f"insert into getcourse.lesson_versions ({names}) values ({marks})",
        tuple(values.values()),
    )


def facts(deadline: datetime = SOON) -> dict[str, str]:
    return {"lesson_id": "77", "deadline_at": deadline.isoformat()}


async def test_a_reminder_whose_deadline_stands_is_sent(delivery: Delivery) -> None:
    lesson(delivery)
    await delivery.enqueue(delivery.message("reminder", kind=DEADLINE_APPROACHING, guard=facts()))

    await delivery.tick()

    assert delivery.sent() == ["reminder"]


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
    delivery: Delivery, deadline: datetime, columns: dict[str, Any]
) -> None:
    lesson(delivery, deadline, **columns)
    await delivery.enqueue(
        delivery.message("reminder", kind=DEADLINE_APPROACHING, guard=facts()),
        delivery.message("without facts", kind=DEADLINE_APPROACHING),
    )

    await delivery.tick()

    found = delivery.row("reminder")
    assert (found["state"], found["error_class"], found["attempt"]) == ("cancelled", "guard", 0)
    assert delivery.sent() == ["without facts"]


async def test_a_reminder_of_a_deadline_that_has_passed_is_cancelled(delivery: Delivery) -> None:
    passed = SOON - timedelta(hours=4)
    lesson(delivery, passed)
    await delivery.enqueue(delivery.message("reminder", kind=DEADLINE_APPROACHING, guard=facts(passed)))

    await delivery.tick()

    assert delivery.states("reminder") == ["cancelled"]
    assert delivery.requests() == 0


async def test_facts_of_a_kind_without_a_known_guard_wait_beside_their_chat_and_count_as_no_attempt(
    delivery: Delivery,
) -> None:
    await delivery.enqueue(delivery.message("newer", kind=NEWER, guard={"conversation": 7}), "behind it")
    for _ in range(3):
        await delivery.tick(seconds=2)
        delivery.bring_forward()

    found = delivery.row("newer")
    assert (found["state"], found["attempt"], found["out_of_order"]) == ("queued", 0, True)
    assert found["error_class"] == "unknown_kind"
    assert delivery.sent() == ["behind it"]
    await delivery.tick(seconds=2)
    wait = delivery.rows(
        "select due_at > clock_timestamp() + interval '9 minutes' as long from platform.outbox where state = 'queued'"
    )
    assert wait == [{"long": True}]


async def test_facts_of_a_kind_without_a_known_guard_do_not_outlive_their_message(delivery: Delivery) -> None:
    await delivery.enqueue(delivery.message("newer", kind=NEWER, guard={"conversation": 7}))
    delivery.connection.execute("update platform.outbox set expires_at = clock_timestamp() - interval '1 minute'")

    await delivery.tick()

    found = delivery.row("newer")
    assert (found["state"], found["error_class"]) == ("cancelled", "expired")


@pytest.mark.parametrize("guard", [{"lesson_id": "77", "deadline_at": "soon"}, ["77"]])
async def test_facts_of_a_wrong_shape_end_their_message_and_not_the_run(delivery: Delivery, guard: Any) -> None:
    lesson(delivery)
    await delivery.enqueue(
        delivery.message("poison", kind=DEADLINE_APPROACHING, guard=guard),
        delivery.message("good", 700_000_303, kind=DEADLINE_APPROACHING, guard=facts()),
        delivery.message("other", 700_000_304),
    )

    await delivery.tick()

    assert delivery.states("poison", "good", "other") == ["dead", "sent", "sent"]
    assert delivery.row("poison")["error_class"] == "poison"
