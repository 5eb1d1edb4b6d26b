"""What mentors and admins read."""

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.dispatch_notifications.getcourse import texts
from functions.dispatch_notifications.getcourse.lesson_answer import LessonAnswer

TELEGRAMS_LIMIT = 4096  # UTF-16 units after parsing

ANSWER = LessonAnswer(
    event_id=1, source_id=1, event_date=datetime(2026, 1, 15, 11, 36, tzinfo=UTC), user_id="512000001", answer_id="501",
    training_id="911", lesson_id="334", answer_status="new", answer_text="Сделала всё, кроме <b>третьего</b> & пятого",
    correlation_id="c", created_at=datetime(2026, 1, 15, 11, 36, tzinfo=UTC), answer_hash="h", source="school",
    timezone="Europe/Moscow", language="ru", link_template=None, admin_chat_id=None, bot_id=1, student_id=2,
    first_name="Вера", last_name="Лугова", training_title="Основы", module_number=1, module_title="Старт",
    lesson_number=2, lesson_title="Цели", mentor_id=3, telegram_id=4, admin_notified=False,
)  # fmt: skip


def test_a_message_says_who_where_in_which_state_and_how_it_begins() -> None:
    assert texts.message([ANSWER])["text"] == (
        "📝 <b>Вера Лугова</b>: новый ответ на задание\n"
        "Курс: Основы\n"
        "Урок: 1.2 Старт → Цели\n"
        "Статус: ждёт проверки\n"
        "\n"
        "<blockquote>Сделала всё, кроме &lt;b&gt;третьего&lt;/b&gt; &amp; пятого</blockquote>"
    )


def test_what_is_not_known_is_left_out_and_not_written_as_none() -> None:
    bare = replace(
        ANSWER,
        first_name=None,
        last_name=None,
        training_title=None,
        lesson_title=None,
        answer_status=None,
        answer_text=None,
    )

    text = texts.message([bare])["text"]

    assert "None" not in text
    assert text.startswith("📝 <b>GetCourse 512000001</b>")
    assert "урок 334" in text
    assert "без текста" in text


def test_a_link_button_opens_the_answer() -> None:
    linked = replace(ANSWER, link_template="https://school.example/answer/{answer_id}?u={user_id}", answer_id="5 0/1")

    message = texts.message([linked])

    [[button]] = message["reply_markup"]["inline_keyboard"]
    assert button["url"] == "https://school.example/answer/5%200%2F1?u=512000001"


def test_several_answers_are_listed_with_numbers() -> None:
    group = [
        replace(ANSWER, answer_id=str(n), answer_text=f"ответ {n}", link_template="https://s.example/{answer_id}")
        for n in range(3)
    ]

    message = texts.message(group)

    assert message["text"].startswith("📝 <b>Вера Лугова</b>: 3 новых ответа")
    assert "3) 1.2 Старт → Цели (ждёт проверки)\n<blockquote>ответ 2</blockquote>" in message["text"]
    assert [row[0]["text"] for row in message["reply_markup"]["inline_keyboard"]] == [
        "Открыть 1",
        "Открыть 2",
        "Открыть 3",
    ]


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "новый ответ"), (2, "новых ответа"), (5, "новых ответов"), (11, "новых ответов"), (12, "новых ответов"),
     (21, "новый ответ"), (22, "новых ответа"), (112, "новых ответов")],
)  # fmt: skip
def test_russian_counts_right(count: int, words: str) -> None:
    assert texts.NEW_ANSWERS.form(count, "ru") == words


ENGLISH = replace(ANSWER, language="en")


def test_a_school_may_speak_english() -> None:
    assert texts.message([ENGLISH])["text"] == (
        "📝 <b>Вера Лугова</b>: a new answer\n"
        "Course: Основы\n"
        "Lesson: 1.2 Старт → Цели\n"
        "Status: to be checked\n"
        "\n"
        "<blockquote>Сделала всё, кроме &lt;b&gt;третьего&lt;/b&gt; &amp; пятого</blockquote>"
    )


def test_several_answers_in_english() -> None:
    group = [replace(ENGLISH, answer_text=None, link_template="https://s.example/")] * 7
    message = texts.message(group)

    assert message["text"].startswith("📝 <b>Вера Лугова</b>: 7 new answers\nCourse: Основы\n")
    assert "1) 1.2 Старт → Цели (to be checked)\n(no text: see the attachment in GetCourse)" in message["text"]
    assert message["text"].endswith("… and 1 more. All answers wait in GetCourse.")
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Open 1"
    assert texts.message(group[:1])["reply_markup"]["inline_keyboard"][0][0]["text"] == "Open the answer"


@pytest.mark.parametrize(
    ("status", "russian", "english"),
    [("accepted", "ответ принят", "answer accepted"), ("declined", "ответ отклонён", "answer declined"),
     ("viewed", "ответ просмотрен", "answer viewed")],
)  # fmt: skip
def test_a_verdict_in_both_languages(status: str, russian: str, english: str) -> None:
    for answer, text in ((ANSWER, russian), (ENGLISH, english)):
        assert texts.message([replace(answer, answer_status=status)])["text"].startswith(
            f"📝 <b>Вера Лугова</b>: {text}\n"
        )


def test_what_is_not_known_in_english() -> None:
    bare = replace(ENGLISH, lesson_title=None)

    assert "Lesson: lesson 334" in texts.message([bare])["text"]
    assert "1) answer (to be checked)" in texts.message([replace(bare, lesson_id=None)] * 2)["text"]


@pytest.mark.parametrize(
    ("columns", "russian", "english"),
    [
        ({"student_id": None}, "студента нет в таблице students", "the student is not in students"),
        ({"mentor_id": None}, "нет наставника в таблице mapping", "no mentor in mapping"),
        ({"mentor_id": None, "training_id": None, "training_title": None}, "в ответе не указан курс",
         "the answer names no course"),
        ({"telegram_id": None}, "у наставника не указан telegram_id", "the mentor has no telegram_id"),
    ],
)  # fmt: skip
def test_admins_read_why_in_both_languages(columns: dict[str, Any], russian: str, english: str) -> None:
    course = "training_title" not in columns
    expected = (
        (ANSWER, f"• Вера Лугова{', курс Основы' if course else ''}: {russian} (ответ от 15.01.2026 14:36)"),
        (ENGLISH, f"• Вера Лугова{', course Основы' if course else ''}: {english} (answered 15 Jan 2026 14:36)"),
    )
    for answer, line in expected:
        assert line in texts.nobody_responsible([replace(answer, **columns)])["text"].split("\n")


def test_admins_read_the_next_step_in_english() -> None:
    group = [replace(ENGLISH, student_id=None, first_name=f"Student {number}") for number in range(8)]
    text = texts.nobody_responsible(group)["text"]

    assert text.startswith("⚠️ <b>Answers that nobody can be told of</b>\n\n")
    assert "… and 2 more." in text
    assert text.endswith("The messages will then go out by themselves; nothing is lost.")


def test_a_status_that_is_not_known_is_shown_as_it_came() -> None:
    assert "Статус: one&lt;\n" in texts.message([replace(ANSWER, answer_status="one<")])["text"]
    assert f"Статус: {'ж' * 50}…\n" in texts.message([replace(ANSWER, answer_status="ж" * 50)])["text"]


def test_a_status_picks_no_text_but_a_status() -> None:
    """Whoever answers a lesson writes it."""
    names = {name for name in vars(texts) if not name.startswith("_")} | {"many", "nobody"}
    for name in names | {name.lower() for name in names}:
        assert f"Статус: {name}\n" in texts.message([replace(ANSWER, answer_status=name)])["text"]


def test_the_admins_read_what_is_missing_and_what_to_do() -> None:
    group = [
        replace(ANSWER, mentor_id=None),
        replace(ANSWER, mentor_id=None),
        replace(ANSWER, student_id=None, user_id="7"),
    ]

    text = texts.nobody_responsible(group)["text"]

    assert text.count("Вера Лугова") == 2  # the twin line is said once
    assert "нет наставника в таблице mapping" in text
    assert "15.01.2026 14:36" in text
    assert "ничего не потеряно" in text


@example(["😀" * 6000] * 30, "😀" * 600)
@given(st.lists(st.text(max_size=6000), min_size=1, max_size=30), st.text(max_size=600))
def test_no_message_is_too_long_for_telegram(answers: list[str], name: str) -> None:
    group = [
        replace(
            ANSWER,
            answer_text=text,
            last_name=name,
            lesson_title=name,
            module_title=name,
            training_title=name,
            answer_id=str(n),
        )
        for n, text in enumerate(answers)
    ]

    for text in (texts.message(group)["text"], texts.nobody_responsible(group)["text"]):
        assert len(unescape(text).encode("utf-16-le")) // 2 <= TELEGRAMS_LIMIT


def test_a_verdict_is_not_announced_as_a_new_answer() -> None:
    text = texts.message([replace(ANSWER, answer_status="accepted")])["text"]

    assert text.startswith("📝 <b>Вера Лугова</b>: ответ принят\n")
    assert "Статус" not in text


def test_an_answer_without_a_course_is_announced_without_question_marks() -> None:
    bare = replace(ANSWER, training_id=None, training_title=None, lesson_id=None, lesson_title=None, mentor_id=None)

    alert = texts.nobody_responsible([bare])["text"]

    assert "?" not in alert
    assert "в ответе не указан курс" in alert
    assert "?" not in texts.message([bare, bare])["text"]
