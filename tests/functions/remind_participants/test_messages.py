"""What a reminder says, and where its buttons lead."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from functions.remind_participants import messages, texts
from functions.remind_participants.reminders import Reminder, School
from functions.telegram_webhook.courses.dialog import buttons, registry
from shared.i18n.texts import Language
from tests.functions.remind_participants.world import DAY, MOSCOW, NOON, TEN, at

SCHOOL = School(1, "ru", "Europe/Moscow", NOON, NOON, at(DAY, NOON))
SESSION = Reminder(
    "session", "day", 7, 8, 9, "Опоры & <сны>", None, DAY, None, TEN, at(DAY, TEN), "courses/reminder/session/day/7/8/1"
)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("ru", ["🗓 <b>Скоро занятие</b>", "", "<b>Опоры &amp; &lt;сны&gt;</b>", "пт, 7 марта, 10:00", "",
                "<i>Время школы: Europe/Moscow, UTC+3</i>"]),
        ("en", ["🗓 <b>A session is coming up</b>", "", "<b>Опоры &amp; &lt;сны&gt;</b>", "Fr, 7 March, 10:00", "",
                "<i>The school's time: Europe/Moscow, UTC+3</i>"]),
    ],
)  # fmt: skip
def test_a_reminder_says_what_when_and_whose_time_that_is(language: Language, lines: list[str]) -> None:
    assert messages.text(SESSION, replace(SCHOOL, language=language)).split("\n") == lines


def test_an_assignment_has_a_day_until_which_and_no_clock() -> None:
    due = replace(
        SESSION, kind="assignment", title="Эссе", start_time=None, happens_at=at(DAY + timedelta(days=1), NOON)
    )

    assert messages.text(due, SCHOOL).split("\n")[2:] == ["<b>Эссе</b>", "Сдать до: пт, 7 марта"]
    assert "Срок был: пт, 7 марта" in messages.text(replace(due, kind="homework"), SCHOOL)


def test_a_session_without_a_name_and_a_long_note_is_fine() -> None:
    text = messages.text(replace(SESSION, title=None, note="<слово> " * 500), SCHOOL)

    assert len(text) < 2000
    assert "<b></b>" not in text
    assert "&lt;слово&gt;" in text


@pytest.mark.parametrize("kind", get_args(texts.Kind))
def test_buttons_lead_to_screens_that_there_are(kind: texts.Kind) -> None:
    message = messages.message(replace(SESSION, kind=kind), SCHOOL, "c" * 32)

    [row] = message.payload["reply_markup"]["inline_keyboard"]
    pressed = [buttons.parse(button["callback_data"]) for button in row]
    assert all(found and found.screen in registry.NAMES and found.action == "open" for found in pressed)
    assert MOSCOW.key in message.payload["text"]


def test_who_is_reminded_of_a_session_may_say_at_once_that_they_will_not_come() -> None:
    [row] = messages.message(SESSION, SCHOOL, "c" * 32).payload["reply_markup"]["inline_keyboard"]

    assert row[0] == {"text": "🙅 Не приду", "callback_data": "courses:absence:open:s7"}
