"""A scheduled function is nobody's but the scheduler's."""

from importlib import import_module

import pytest

from shared import config
from shared.errors import ConfigError
from tests.conventions import tree

URL = "postgresql://nobody@127.0.0.1:1/none"
BY_SCHEDULE = (
    "answer_conversations", "daily_metrics_digest", "dispatch_notifications", "handover_reminder_sweep", "housekeeping",
    "remind_deadlines", "remind_participants", "verify_bookings",
)  # fmt: skip


@pytest.mark.parametrize("function", tree.FUNCTIONS)
def test_no_scheduled_function_starts_open_to_everybody(function: str) -> None:
    create = import_module(f"functions.{function}.main").create
    if function in BY_SCHEDULE:
        with pytest.raises(ConfigError, match=f"CRON_SECRET is not set, and anybody could call {function}: "):
            create(config.load({"DATABASE_URL": URL}))
    else:
        create(config.load({"DATABASE_URL": URL}))
    create(config.load({"DATABASE_URL": URL, "CRON_SECRET_IS_PLATFORM": "1"}))
