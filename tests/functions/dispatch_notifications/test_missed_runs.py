"""A scheduled function that nobody calls is noticed by the dispatcher, which is called."""

import json

import pytest

from tests.functions.dispatch_notifications.delivery import Delivery

DUTY = -1_001_500_000_701
SWEEP, DIGEST = "handover_reminder_sweep", "daily_metrics_digest"


@pytest.fixture(autouse=True)
def runs(delivery: Delivery) -> None:
    """A sweep that is absent for four of its periods, and a digest for two."""
    delivery.set_bot(alert_chat_id=DUTY)
    delivery.connection.execute(
        "insert into platform.job_runs (function, started_at, finished_at, period_seconds)"
        " values (%s, now() - interval '4 minutes', now(), 60), (%s, now() - interval '30 minutes', now(), 900)",
        (SWEEP, DIGEST),
    )


def logged(delivery: Delivery) -> list[str]:
    return [json.loads(line)["missed"] for line in delivery.log().splitlines() if '"schedule_missed"' in line]


async def test_whoever_looks_after_a_bot_hears_once_that_a_sweep_is_absent(delivery: Delivery) -> None:
    for _ in range(3):
        await delivery.tick()

    [alert] = delivery.sent(DUTY)
    assert SWEEP in alert
    assert "carillon doctor" in alert
    assert logged(delivery) == [SWEEP] * 3


async def test_where_nobody_looks_after_a_bot_the_log_says_it(delivery: Delivery) -> None:
    delivery.set_bot(alert_chat_id=None)
    await delivery.tick()

    assert logged(delivery) == [SWEEP]


async def test_its_return_ends_the_absence_and_the_next_one_is_told_again(delivery: Delivery) -> None:
    set_back = "update platform.job_runs set started_at = now() - %s::interval where function = %s"
    for age in ("4 minutes", "10 seconds", "5 minutes"):
        delivery.connection.execute(set_back, (age, SWEEP))
        await delivery.tick()
        await delivery.tick()

    assert len(delivery.sent(DUTY)) == 2
