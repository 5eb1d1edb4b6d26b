"""What the owner reads, to the letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from functions.daily_metrics_digest.digest.caption import digest, week_before
from functions.daily_metrics_digest.digest.facts import Day, Facts, Service
from shared.channels.telegram_html import MAX_CAPTION
from shared.i18n.texts import Language

YESTERDAY = date(2026, 11, 20)
COUNTS = [(9, 2), (10, 3), (12, 4), (15, 5), (16, 5), (14, 6), (21, 7), (18, 6)]
DAYS = [
    Day(YESTERDAY - timedelta(days=7 - n), dialogs, bookings, round(100 * bookings / dialogs, 2), 5000 + 100 * n)
    for n, (dialogs, bookings) in enumerate(COUNTS)
]
FACTS = Facts(
    tenant_id=UUID(int=1), name="Лотос & Ко", language="ru", bot_id=1, chat_id=-1, day=YESTERDAY,
    now=datetime(2026, 11, 21, 9, 0, tzinfo=UTC), days=DAYS, lost={"time_selection": 5, "staff_selection": 3},
    top=[Service("Маникюр <гель>", 3, 36000.0, "KZT"), Service("Педикюр", 2)], waiting=4, cancelled=1, no_show=0,
    unconfirmed=2, alerts=["low_conversion", "data_stale"],
    bot_wrote_at=datetime(2026, 11, 21, 8, 50, tzinfo=UTC), is_stale=False,
)  # fmt: skip


def plain(facts: Facts) -> str:
    return digest(facts).replace("\N{NO-BREAK SPACE}", " ")


def test_a_usual_morning() -> None:
    assert plain(FACTS) == (
        "<b>Лотос &amp; Ко</b>: вчера, 20 ноября\n"
        "\n"
        "Диалоги: <b>18</b> (в среднем за 7 дней 13,9: +30 %)\n"
        "Записи: <b>6</b> (в среднем за 7 дней 4,6: +31 %)\n"
        "Конверсия: <b>33,33 %</b>, 6 из 18 (за 7 дней 32,99 %, 32 из 97)\n"
        "Бот отвечал за 5,7 с (в среднем 5,3 с)\n"
        "\n"
        "Открытые тревоги: низкая конверсия, нет новых данных\n"
        "Где теряли клиентов (диалогов всего: 18): выбор времени — 5, выбор мастера — 3\n"
        "YClients о записях за вчера (6): отменено 1, не подтверждено 2\n"
        "Чаще всего записывались: Маникюр &lt;гель&gt; — 3 из 6 (36 000 ₸), Педикюр — 2 из 6\n"
        "В листе ожидания сейчас: 4"
    )


def test_the_same_in_english() -> None:
    assert plain(replace(FACTS, language="en")) == (
        "<b>Лотос &amp; Ко</b>: yesterday, 20 November\n"
        "\n"
        "Dialogs: <b>18</b> (7 days average 13.9: +30%)\n"
        "Bookings: <b>6</b> (7 days average 4.6: +31%)\n"
        "Conversion: <b>33.33%</b>, 6 of 18 (over 7 days 32.99%, 32 of 97)\n"
        "The bot answered in 5.7 s (average 5.3 s)\n"
        "\n"
        "Open alerts: low conversion, no new data\n"
        "Where clients were lost (dialogs in all: 18): choosing a time — 5, choosing a specialist — 3\n"
        "YClients on yesterday's bookings (6): 1 cancelled, 2 not confirmed\n"
        "Booked most: Маникюр &lt;гель&gt; — 3 of 6 (36,000 ₸), Педикюр — 2 of 6\n"
        "On the waiting list now: 4"
    )


QUIET = replace(
    FACTS, days=[*DAYS[:-1], Day(YESTERDAY, 0, 0, 0.0, 0)], lost={}, top=[], waiting=0, cancelled=0, unconfirmed=0,
    alerts=[],
)  # fmt: skip
SILENT = replace(QUIET, is_stale=True, bot_wrote_at=datetime(2026, 11, 20, 14, 0, tzinfo=UTC))


def test_nobody_wrote() -> None:
    assert plain(QUIET) == (
        "<b>Лотос &amp; Ко</b>: вчера, 20 ноября\n\nВчера никто не писал: 0 диалогов (в среднем за 7 дней 13,9)."
    )


def test_the_bot_was_silent_which_is_not_the_same() -> None:
    assert plain(SILENT) == (
        "<b>Лотос &amp; Ко</b>: вчера, 20 ноября\n"
        "\n"
        "⚠️ Похоже, бот молчит: таблицы бота не обновлялись с 14:00 (20 ноября). Проверьте, работает ли он.\n"
        "Сколько людей писало вчера, неизвестно."
    )


def test_silence_in_english() -> None:
    head = "<b>Лотос &amp; Ко</b>: yesterday, 20 November\n\n"
    never = plain(replace(SILENT, language="en", bot_wrote_at=None))

    assert plain(replace(QUIET, language="en")) == (f"{head}Nobody wrote yesterday: 0 dialogs (7 days average 13.9).")
    assert plain(replace(SILENT, language="en")) == (
        f"{head}⚠️ The bot seems silent: its tables have not changed since 14:00 (20 November). "
        "Please check that it runs.\nHow many people wrote yesterday is unknown."
    )
    assert "its tables have not changed ever." in never
    assert "Yesterday's numbers may be incomplete." in plain(replace(SILENT, language="en", days=DAYS))


def test_the_bot_fell_silent_this_morning_after_a_day_without_anybody() -> None:
    said = plain(
        replace(
            SILENT,
            now=datetime(2026, 11, 21, 21, 0, tzinfo=UTC),
            bot_wrote_at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        )
    )

    assert "не обновлялись с 08:30. " in said
    assert "Вчера никто не писал: 0 диалогов" in said


def test_the_bot_fell_silent_during_the_day() -> None:
    said = plain(replace(SILENT, days=DAYS))

    assert "Числа за вчера могут быть неполными." in said
    assert "Диалоги: <b>18</b>" in said


def test_a_bot_that_never_wrote() -> None:
    assert "таблицы бота не обновлялись ни разу" in plain(replace(SILENT, bot_wrote_at=None))


def test_late_sessions_are_told_with_what_they_changed() -> None:
    days = [replace(day, revised=day.day < YESTERDAY) for day in DAYS[-3:]]

    assert (
        "Дошли поздние диалоги, уточнено: 18 ноября 14 диалогов, 6 записей; позавчера 21 диалог, 7 записей."
        in plain(replace(FACTS, days=days))
    )


def test_late_sessions_and_a_first_day_in_english() -> None:
    days = [replace(day, revised=day.day < YESTERDAY) for day in DAYS[-3:]]
    late = plain(replace(FACTS, language="en", days=days))
    first = plain(replace(FACTS, language="en", days=[DAYS[-1]]))

    assert (
        "Late dialogs came in, corrected: 18 November 14 dialogs, 6 bookings; "
        "the day before yesterday 21 dialogs, 7 bookings." in late
    )
    assert "Dialogs: <b>18</b> (nothing to compare with yet)" in first


def test_the_first_day_has_nothing_to_compare_with() -> None:
    before = [Day(YESTERDAY - timedelta(days=n), 0, 0, 0.0, 0) for n in range(13, 0, -1)]
    said = plain(replace(FACTS, days=[*before, DAYS[-1]]))

    assert "Диалоги: <b>18</b> (сравнить пока не с чем)" in said
    assert "6 из 18 (сравнить пока не с чем)" in said


def test_the_average_counts_the_days_since_the_first_dialog() -> None:
    before = [Day(YESTERDAY - timedelta(days=n), 0, 0, 0.0, 0) for n in range(13, 3, -1)]
    facts = replace(FACTS, days=[*before, *(replace(day, dialogs=max(day.dialogs, 1)) for day in DAYS[-4:])])

    assert len(week_before(facts)) == 3
    assert "в среднем за 3 дня 17: +6 %" in plain(facts)


def test_a_fall_has_a_minus_and_equal_days_a_plus_of_nothing() -> None:
    low = [*DAYS[:-1], Day(YESTERDAY, 7, 1, 14.29, 0)]
    flat = [replace(day, dialogs=10, bookings=0) for day in DAYS]

    assert "<b>7</b> (в среднем за 7 дней 13,9: −49 %)" in plain(replace(FACTS, days=low))
    assert "<b>10</b> (в среднем за 7 дней 10: +0 %)" in plain(replace(FACTS, days=flat))
    assert "<b>0</b> (в среднем за 7 дней 0)" in plain(replace(FACTS, days=flat))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_fits_under_a_picture_whatever_people_call_things(language: Language) -> None:
    huge = "&" * 300
    days = [replace(day, revised=True, dialogs=10**6, bookings=10**6) for day in DAYS]
    said = digest(
        replace(
            SILENT, language=language, name=huge, days=days, lost=dict.fromkeys(FACTS.lost, 10**6), no_show=10**6,
            top=[Service(huge, 10**6, 1e12, "KZT")] * 3, waiting=10**9, alerts=FACTS.alerts,
        )
    )  # fmt: skip

    assert len(said.encode("utf-16-le")) // 2 <= MAX_CAPTION
    assert said.count("<b>") == said.count("</b>")
    assert said.count("&") == said.count("&amp;")
