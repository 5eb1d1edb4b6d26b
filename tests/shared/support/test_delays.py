"""How late a message came, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.i18n.texts import Language
from shared.support import delays

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("delay", "language", "note"),
    [
        (timedelta(minutes=10), "ru", ""),
        (timedelta(seconds=-5), "ru", ""),
        (timedelta(minutes=11), "ru", "[писали 11 мин назад, 20.11 в 16:49] "),
        (timedelta(hours=2), "en", "[written 2 h ago, 20 Nov at 15:00] "),
        (timedelta(hours=30, seconds=2), "ru", "[писали 30 ч назад, 19.11 в 10:59] "),
        (timedelta(hours=30, seconds=-2), "ru", "[писали 30 ч назад, 19.11 в 11:00] "),
        (timedelta(days=2), "ru", "[писали 2 дня назад, 18.11 в 17:00] "),
        (timedelta(days=5), "en", "[written 5 days ago, 15 Nov at 17:00] "),
    ],
)
def test_a_late_message_says_when_it_was_written(delay: timedelta, language: Language, note: str) -> None:
    assert delays.note("text", NOON - delay, NOON, "Asia/Almaty", language) == note


def test_nobody_writes_a_call() -> None:
    note = delays.note("call", NOON - timedelta(hours=3), NOON, "UTC", "ru")

    assert note == "[звонили 3 ч назад, 20.11 в 09:00] "


def test_a_message_without_a_time_came_when_it_was_written() -> None:
    assert delays.note("text", None, NOON, "UTC", "ru") == ""
    assert not delays.is_backlog(None, NOON)


@pytest.mark.parametrize("zone", ["", "Middle/Earth", "asia/almaty", "Asia"])
def test_a_zone_that_nobody_knows_is_the_defaults(zone: str) -> None:
    written, now = NOON - timedelta(minutes=11), NOON

    assert delays.note("text", written, now, zone, "ru") == delays.note("text", written, now, "Asia/Almaty", "ru")
