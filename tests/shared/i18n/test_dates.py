"""Days and times as each language writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.i18n import dates
from shared.i18n.texts import Language

MOMENT = datetime(2026, 1, 5, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "short_day", "moment", "weekday", "short_weekday"),
    [
        ("ru", "5 января", "05.01", "05.01.2026 09:07", "понедельник", "пн"),
        ("en", "5 January", "5 Jan", "5 Jan 2026 09:07", "Monday", "Mo"),
    ],
)
def test_a_day_and_a_moment(
    language: Language, day: str, short_day: str, moment: str, weekday: str, short_weekday: str
) -> None:
    assert dates.day(MOMENT, language) == day
    assert dates.short_day(MOMENT, language) == short_day
    assert dates.moment(MOMENT, language) == moment
    assert dates.weekday(MOMENT, language) == weekday
    assert dates.short_weekday(MOMENT, language) == short_weekday
    assert dates.clock(MOMENT) == "09:07"


def test_day_and_month_may_be_kept_on_one_line() -> None:
    assert dates.day(MOMENT, "ru", "\N{NO-BREAK SPACE}") == "5\N{NO-BREAK SPACE}января"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_month_and_every_weekday_has_its_own_name(language: Language) -> None:
    months = {dates.day(date(2026, month, 1), language) for month in range(1, 13)}
    week = [date(2026, 1, 5) + timedelta(days=days) for days in range(7)]

    assert len(months) == 12
    assert len({dates.weekday(day, language) for day in week}) == 7
    assert len({dates.short_weekday(day, language) for day in week}) == 7
