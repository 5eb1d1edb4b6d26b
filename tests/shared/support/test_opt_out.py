"""What a «нет» is, and what follows from it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support.mute import UNMUTED, Bot
from shared.support.opt_out import AfterOptOut, Mutes, OptOutState, after_opt_out, is_opt_out, with_opt_out_counted

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
USUAL = Mutes()


def ago(**units: float) -> datetime:
    return NOW - timedelta(**units)


def muted(minutes: int) -> Bot:
    return Bot("muted", NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "text",
    [
        "нет",
        "Нет.",
        "НЕТ!!!",
        " нет) ",
        "нет 🙏",
        "❌ Нет ❌",
        "нееет",
        "нет нет нет",
        "не надо",
        "Не  надо!",
        "не\nнадо",
        "ненадо",
        "не нужно",
        "Мне не нужно",
        "Ничего не нужно, спасибо.",
        "Нет, спасибо 😊",
        "спасибо, не надо",
        "Нет. Больше не пишите",
        "не интересно",
        "Уже не актуально, извините",
        "неа",
        "стоп",
        "no",
        "No!",
        "NO THANKS",
        "no, thank you",
        "stop",
        "жоқ",
        "жок, рахмет",
        "Керек емес",
    ],
)
def test_nothing_but_refusing_is_a_refusal(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙅",
        "да",
        "спасибо",
        "нет времени, подскажите сразу цену",
        "нет, я хочу записаться на пятницу",
        "нет, нужно на завтра",
        "нет, надо",
        "нет?",
        "А скидок нет?",
        "не надо ли взять паспорт",
        "не нужно звонить, напишите адрес",
        "не могу оплатить",
        "не пришло письмо",
        "у меня нет ссылки",
        "интернет",
        "нетбук",
        "кабинет 5",
        "не",
        "надо",
        "нужно",
        "November",
        "no problem, book me for Friday",
        "нет 2",
        "остановка",
    ],
)
def test_a_message_with_content_is_none(text: str) -> None:
    assert not is_opt_out(text)


@given(st.sampled_from(["нет", "не надо", "не нужно", "no"]), st.text("., !…🙏😊()-\n\t", max_size=10))
def test_punctuation_and_case_change_nothing(text: str, noise: str) -> None:
    assert is_opt_out(noise + text.upper() + noise)
    assert is_opt_out(text.capitalize() + noise)


@given(st.text())
def test_words_that_are_no_refusal_undo_one(text: str) -> None:
    assert not is_opt_out(f"нет {text} подскажите")


def test_a_long_message_is_read_at_once() -> None:
    assert is_opt_out("не надо мне больше " * 3000)
    assert not is_opt_out("не надо мне больше " * 3000 + "звонить")


def test_the_first_mutes_for_half_an_hour_the_second_and_later_ones_for_a_day() -> None:
    first = after_opt_out(OptOutState(UNMUTED, 0, ago(minutes=1)), NOW, USUAL)
    second = after_opt_out(OptOutState(first.bot, first.no_count, ago(minutes=1)), NOW, USUAL)
    third = after_opt_out(OptOutState(second.bot, second.no_count, ago(minutes=1)), NOW, USUAL)

    assert first == AfterOptOut(muted(30), 1)
    assert second == AfterOptOut(muted(1440), 2)
    assert third == AfterOptOut(muted(1440), 3)


def test_how_long_is_a_setting() -> None:
    settings = Mutes(first_mute_minutes=5, second_mute_minutes=90, no_count_reset_minutes=10)

    assert after_opt_out(OptOutState(UNMUTED), NOW, settings).bot == muted(5)
    assert after_opt_out(OptOutState(UNMUTED, 1, ago(minutes=9)), NOW, settings).bot == muted(90)
    assert after_opt_out(OptOutState(UNMUTED, 1, ago(minutes=10)), NOW, settings).bot == muted(5)


@pytest.mark.parametrize(
    ("last_message_at", "count"),
    [(None, 0), (ago(hours=24), 0), (ago(hours=30), 0), (ago(hours=24, seconds=-1), 2), (NOW, 2), (ago(hours=-1), 2)],
)
def test_a_day_of_silence_resets_the_counter(last_message_at: datetime | None, count: int) -> None:
    assert with_opt_out_counted(OptOutState(UNMUTED, 2, last_message_at), NOW, USUAL) == count


def test_it_is_the_silence_that_resets_the_counter_not_the_age_of_the_last_refusal() -> None:
    """«Нет» on Monday, a question each evening: on Thursday it still counts. It does not after a day without any."""
    conversation = OptOutState(UNMUTED, 1, NOW)
    for hours in (20, 40, 60):
        now = NOW + timedelta(hours=hours)
        conversation = replace(
            conversation, no_count=with_opt_out_counted(conversation, now, USUAL), last_message_at=now
        )
    assert conversation.no_count == 1

    now += timedelta(hours=25)
    greeted = replace(conversation, no_count=with_opt_out_counted(conversation, now, USUAL), last_message_at=now)
    assert after_opt_out(greeted, now + timedelta(minutes=1), USUAL).no_count == 1


def test_with_a_waiting_request_it_cancels_the_request_and_mutes_nobody() -> None:
    conversation = OptOutState(UNMUTED, 1, ago(minutes=1), handover="pending")

    assert after_opt_out(conversation, NOW, USUAL) == AfterOptOut(UNMUTED, 1, "bot_handling")


def test_said_to_a_manager_it_is_an_answer_and_changes_nothing() -> None:
    conversation = OptOutState(muted(60), 1, ago(minutes=1), handover="active")

    assert after_opt_out(conversation, NOW, USUAL) == AfterOptOut(muted(60), 1)


@pytest.mark.parametrize("handover", ["resolved", "bot_handling", "timeout"])
def test_a_handover_that_is_over_protects_nobody(handover: str) -> None:
    conversation = OptOutState(UNMUTED, handover=handover)  # type: ignore[arg-type]

    assert after_opt_out(conversation, NOW, USUAL) == AfterOptOut(muted(30), 1)


@given(st.lists(st.integers(0, 3000), max_size=20))
def test_no_refusal_shortens_a_mute(pauses: list[int]) -> None:
    conversation, now = OptOutState(UNMUTED), NOW
    for pause in pauses:
        now += timedelta(minutes=pause)
        followed = after_opt_out(conversation, now, USUAL)
        assert followed.bot.bot_muted_until
        assert followed.bot.bot_muted_until >= (conversation.bot.bot_muted_until or now)
        assert followed.no_count == (1 if pause >= 1440 or conversation.no_count == 0 else conversation.no_count + 1)
        conversation = OptOutState(followed.bot, followed.no_count, now)
