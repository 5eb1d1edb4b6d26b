"""What mentors read of a lesson's form and test."""

import json
import time
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dispatch_notifications.getcourse import form, texts
from tests.functions.dispatch_notifications.conftest import MENTOR_CHAT, School
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.getcourse.test_texts import ANSWER, ENGLISH, TELEGRAMS_LIMIT

HARDEST = "Что было самым трудным?"
TEST = {"status": "complete", "points_sum": 4, "answers_count": 10, "questions_count": 10, "right_answers_count": 4}


def field(value: Any, **changes: Any) -> dict[str, Any]:
    """A field of a form, as GetCourse sends it."""
    return {"id": 1, "title": HARDEST, "type": "text", "required": "1", "hidden": False, "value": value, **changes}


def read(fields: Any = (), test: Any = (), text: str | None = None) -> str:
    """What the mentor reads after the blank line."""
    answer = replace(ANSWER, answer_text=text, additional_fields=fields, questionary=test)
    return str(texts.message([answer])["text"]).partition("\n\n")[2]


def test_the_fields_and_the_test_are_the_answer() -> None:
    assert read([field("Не поняла <JOIN> & LEFT JOIN"), field(5, title="Оценка урока")], TEST) == (
        "<blockquote>Что было самым трудным? Не поняла &lt;JOIN&gt; &amp; LEFT JOIN\nОценка урока: 5</blockquote>\n"
        "тест 4 из 10"
    )


def test_a_text_stands_before_the_fields() -> None:
    assert read([field("Циклы")], TEST, "Сделала\nвсё") == (
        f"<blockquote>Сделала всё\n{HARDEST} Циклы</blockquote>\nтест 4 из 10"
    )


def test_a_test_alone_is_no_answer_without_text() -> None:
    assert read([], TEST) == "тест 4 из 10"
    assert texts.message([replace(ENGLISH, answer_text=None, questionary=TEST)])["text"].endswith("\n\ntest 4 of 10")
    assert read([], {"status": "complete", "points_sum": 8, "answers_count": 10}) == "тест: баллов 8"


@pytest.mark.parametrize("required", [True, False, "1", None])
@pytest.mark.parametrize(
    ("value", "shown"),
    [("Циклы ", "Циклы"), (7, "7"), (7.0, "7"), (2.5, "2.5"), (0, "0"), (["а", "б", None], "а, б"), ("а\n б", "а б")],
)
def test_a_value_of_any_type_is_read(required: object, value: Any, shown: str) -> None:
    assert read([field(value, required=required)]) == f"<blockquote>{HARDEST} {shown}</blockquote>"


@pytest.mark.parametrize(
    "nothing",
    [
        field(None),
        field(""),
        field("  "),
        field({"_useHardDelete": True}),
        field({"_useHardDelete": False}),
        field('{"_useHardDelete":true}'),
        field([{"_useHardDelete": True}]),
        field({"_useHardDelete": True}, type="file"),
        field("Тверь", hidden=True),
        field("Тверь", hidden="1"),
        field("Тверь", hidden=1),
        *(field(value, type="checkbox", title="Согласие") for value in (1, 0, "1", True, "on", "да")),
        field(1, type="goal_12"),
        {"title": HARDEST},
        "text",
        5,
        None,
        [],
    ],
)
def test_what_is_no_answer_of_a_person_stays_out(nothing: Any) -> None:
    assert read([nothing]) == "(без текста: смотрите вложение в GetCourse)"
    assert read([nothing], text="Готово") == "<blockquote>Готово</blockquote>"


@pytest.mark.parametrize("nothing", [[], {}, None, "", "[]", "x", 5, {"status": "complete"}, {"questions_count": 0}])
def test_a_lesson_without_form_and_test_reads_as_before(nothing: Any) -> None:
    assert read(nothing, nothing, "Готово") == "<blockquote>Готово</blockquote>"


def test_fields_may_come_as_text_or_under_numbers() -> None:
    for fields in (json.dumps([field("Циклы")]), {"0": field("Циклы")}, {"3": field("Циклы")}, field("Циклы")):
        assert read(fields, json.dumps(TEST)) == f"<blockquote>{HARDEST} Циклы</blockquote>\nтест 4 из 10"


def test_a_chosen_option_is_an_answer_and_a_file_is_named_by_its_title() -> None:
    assert read([field("Вариант Б", type="checkbox"), field("a1b2c3", type="file", title="Файл")]) == (
        f"<blockquote>{HARDEST} Вариант Б\n📎 Файл</blockquote>"
    )


@pytest.mark.parametrize(
    ("title", "shown"), [("Город", "Город: Тверь"), ("Город:", "Город: Тверь"), ("", "Тверь"), (None, "Тверь")]
)
def test_a_title_ends_as_it_should(title: str | None, shown: str) -> None:
    assert form.answers([field("Тверь", title=title)]) == [shown]


def test_in_a_list_of_answers_the_fields_are_shown_too() -> None:
    both = replace(ANSWER, answer_text=None, additional_fields=[field("Циклы")], questionary=TEST)

    text = texts.message([ANSWER, both])["text"]

    assert f"2) 1.2 Старт → Цели (ждёт проверки)\n<blockquote>{HARDEST} Циклы</blockquote>\nтест 4 из 10" in text


def test_long_answers_are_shortened_and_none_hides_the_other() -> None:
    shown = read([field("слово " * 500)], TEST, "другое " * 500)

    assert shown.startswith("<blockquote>другое другое")
    assert f"другое…\n{HARDEST} слово слово" in shown
    assert shown.endswith("слово…</blockquote>\nтест 4 из 10")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=2000),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["title", "type", "value", "hidden", "points_sum"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(fields=json_values, test=json_values)
def test_no_form_whatsoever_breaks_a_message(fields: Any, test: Any) -> None:
    answers = [replace(ANSWER, additional_fields=fields, questionary=test, answer_text="😀" * 2000)] * 7

    for group in (answers, answers[:1]):
        text = unescape(texts.message(group)["text"])
        assert len(text.encode("utf-16-le", "surrogatepass")) // 2 <= TELEGRAMS_LIMIT


async def test_the_mentor_of_a_subscription_reads_the_form(school: School, delivery: Delivery) -> None:
    answer = {"additional_fields": [field("Циклы & <b>")], "questionary": TEST}
    school.answer("1", answer_text=None, raw_payload=json.dumps({"answer": answer}))

    await delivery.tick()

    [message] = delivery.sent(MENTOR_CHAT)
    assert f"{HARDEST} Циклы &amp; &lt;b&gt;" in message
    assert message.endswith("тест 4 из 10")


async def test_two_answers_that_look_alike_where_something_was_replaced_are_both_told(
    school: School, delivery: Delivery
) -> None:
    for key in ("0" * 32, "1" * 32):
        school.answer("1", answer_text="\ufffd\ufffd", answer_key=key)
        await delivery.tick()

    assert len(delivery.sent(MENTOR_CHAT)) == 2


def _nested(depth: int) -> Any:
    value: Any = "глубоко"
    for _ in range(depth):
        value = [value]
    return value


def test_the_largest_answers_of_a_school_cost_its_neighbours_nothing() -> None:
    heavy = [
        replace(ANSWER, answer_text="а " * 125_000),
        replace(ANSWER, additional_fields=[{"title": "поле", "value": "ответ"}] * 12_000),
        replace(ANSWER, additional_fields=[{"title": "поле", "value": ["да, нет"] * 20_000}]),
        replace(ANSWER, additional_fields=[{"title": "поле", "value": _nested(900)}]),
    ]
    before = time.process_time()
    written = [texts.message([answer])["text"] for answer in heavy * 25]

    assert time.process_time() - before < 1  # 3.6 when all of it was read
    assert max(map(len, written)) < TELEGRAMS_LIMIT
