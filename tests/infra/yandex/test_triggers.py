"""Yandex Cloud's triggers: a timer is a scheduled run, a message of the queue a poke."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import arrange, canaries
from tests.infra.aws.test_handler import home_of_echo, invoke

__all__ = ["home_of_echo"]
HANDLER = "infra.yandex.handler"
SETTINGS = {
    "DATABASE_URL": "postgresql://u@127.0.0.1:1/x", "CRON_SECRET": canaries.CRON_SECRET,
    "SECRETS_KEY": arrange.SECRETS_KEY, "handler": HANDLER,
}  # fmt: skip


def triggered(kind: str, *details: dict[str, Any]) -> dict[str, Any]:
    """What a trigger of this kind calls a function with."""
    metadata = {"event_id": "1", "event_type": f"yandex.cloud.events.{kind}", "created_at": "2026-01-15T12:00:00Z"}
    return {"messages": [{"event_metadata": metadata, "details": detail} for detail in details]}


def poked(*bots: int | None) -> dict[str, Any]:
    messages = [{"message_id": str(n), "body": json.dumps({"bot": bot})} for n, bot in enumerate(bots)]
    return triggered("messagequeue.QueueMessage", *({"queue_id": "q", "message": message} for message in messages))


def test_a_timer_is_a_scheduled_run_and_a_message_a_poke(home_of_echo: Path) -> None:
    timer = triggered("serverless.triggers.TimerMessage", {"trigger_id": "t"})

    calls = invoke("echo", [timer, poked(7, 7, None)], home_of_echo, printed="ECHO ", **SETTINGS)

    assert [(call["method"], call["path"], call["query"]) for call in calls] == [
        ("POST", "/", ""), ("POST", "/", "bot=7"), ("POST", "/", ""),
    ]  # fmt: skip
    assert [call["headers"] for call in calls] == [{"x-cron-secret": canaries.CRON_SECRET}] * 3


def test_messages_whose_run_failed_stay_in_the_queue(home_of_echo: Path) -> None:
    answers = invoke("echo", [poked(13), poked(7)], home_of_echo, **SETTINGS)

    assert answers == [{"raised": "a run for a poke failed"}, {}]


def test_a_trigger_that_nothing_is_done_for_fails_where_it_is_seen(home_of_echo: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        invoke("echo", [triggered("storage.ObjectCreate", {})], home_of_echo, **SETTINGS)

    assert "nothing is done for yandex.cloud.events.storage.ObjectCreate" in failed.value.stderr
