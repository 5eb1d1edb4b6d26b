"""Every screen with example data, in both languages: no name breaks it, and Telegram takes it."""

import re
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from functions.telegram_webhook.courses.data.consents import ConsentText
from functions.telegram_webhook.courses.data.rosters import Entry, HeldSession
from functions.telegram_webhook.courses.data.sessions import Session
from functions.telegram_webhook.courses.dialog import buttons, registry
from functions.telegram_webhook.courses.dialog.screen import View
from functions.telegram_webhook.courses.screens.entry import consent, home, join
from functions.telegram_webhook.courses.screens.participant import (
    about_me,
    assignments,
    events,
    materials,
    my_record,
    notifications,
    schedule,
)
from functions.telegram_webhook.courses.screens.staff import attendance, find_person, held_sessions, payments, unmarked
from shared.channels import telegram_html
from shared.i18n.texts import Language, Text

NAME = 'A&B <i> "C"'
NOW, DAY = datetime(2026, 3, 1, 9, tzinfo=UTC), date(2026, 3, 7)
CONSENT = ConsentText("mailings", 3, Text(ru=NAME, en=NAME))
SESSION = Session(10**9, DAY, date(2026, 3, 8), time(10), NAME, is_cancelled=True)
HELD = HeldSession(10**9, DAY, None, None, NAME, NAME, people=40, present=30, late=1, absent=2)
ENTRIES = [Entry(10**9 + n, NAME, "late", 15, paid=True, last=["present", None, "late", "absent"]) for n in range(40)]
NOTE: dict[str, Any] = {
    "start_date": DAY, "end_date": None, "title": NAME, "status": "late", "minutes_late": 5, "paid": False,
    "homework": "https://example.com/?a=1&b=2",
}  # fmt: skip
EVENT = events.Event(NAME, DAY, None, time(10), NAME, is_cancelled=False)
FOUND = find_person.Found(10**9, NAME, "user", NAME, has_account=False)
EXAMPLES: list[tuple[str, Any]] = [
    ("about_me", about_me.Data(is_leaving=False, is_staff=False)),
    ("about_me", about_me.Data(is_leaving=True, is_staff=False)),
    ("assignments", assignments.Data([assignments.Assignment(NAME, NAME, DAY, 10**9)], 1, has_next=True)),
    ("attendance", attendance.Data(HELD, ENTRIES, 1, asked=10**9)),
    ("attendance", attendance.Data(HELD, ENTRIES, 0, is_confirming=True)),
    ("consent", consent.Data(NAME, CONSENT)),
    ("consent", consent.Data(NAME, None)),
    ("events", events.Data([EVENT], 1, has_next=True, timezone="Etc/UTC", now=NOW)),
    ("find_person", find_person.Data(NAME, [FOUND] * 11)),
    ("find_person", find_person.Data("", [FOUND], is_open=True, link="https://t.me/b?start=a-_")),
    ("held_sessions", held_sessions.Data([HELD], 1, has_next=True)),
    ("home", home.Data(NAME, NAME, "admin")),
    ("join", join.Data(NAME)),
    ("materials", materials.Data([materials.Material(10**9, NAME)], 1, has_next=True)),
    ("materials", materials.Data([materials.Material(10**9, NAME, NAME, "BQAC")], is_open=True)),
    ("my_record", my_record.Data([NOTE], 1, has_next=True)),
    ("notifications", notifications.Data(has_reminders=True, has_mailings=False, mailings_text=CONSENT)),
    ("payments", payments.Data(HELD, ENTRIES, 1)),
    ("schedule", schedule.Data([SESSION], 1, has_next=True, timezone="Etc/UTC", now=NOW)),
    ("unmarked", unmarked.Data([HELD])),
]  # fmt: skip
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def view(name: str, data: Any, language: Language) -> View:
    screen = registry.find(name)
    assert screen
    return screen.view(data, language)


def test_there_is_an_example_of_every_screen() -> None:
    assert {name for name, _ in EXAMPLES} == registry.NAMES


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("name", "data"), EXAMPLES)
def test_a_screen_is_valid_html_with_buttons_that_telegram_takes(name: str, data: Any, language: Language) -> None:
    shown = view(name, data, language)

    pressed = [button for row in shown.rows for button in row]
    assert 0 < telegram_html.length(shown.text) <= telegram_html.MAX_TEXT
    assert [button.text for button in pressed if not 0 < len(button.text) <= 120] == []
    assert [
        button for button in pressed if not (parsed := buttons.parse(button.data)) or not registry.find(parsed.screen)
    ] == []
    assert len(pressed) <= 100
    for tag in ("b", "i", "s", "a"):
        assert len(re.findall(rf"<{tag}[ >]", shown.text)) == shown.text.count(f"</{tag}>")
    assert re.findall(r"&(?!(amp|lt|gt|quot|#x27);)", shown.text) == []
    assert "<i> " not in shown.text  # the name's own


@pytest.mark.parametrize(("name", "data"), EXAMPLES)
def test_an_english_screen_has_no_russian_in_it(name: str, data: Any) -> None:
    shown = view(name, data, "en")

    words = [shown.text, shown.contact, *(button.text for row in shown.rows for button in row)]
    assert [text for text in words if CYRILLIC.search(text)] == []
