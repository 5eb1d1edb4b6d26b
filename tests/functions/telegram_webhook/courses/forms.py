"""How staff fill in a form."""

from typing import Any

from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import TODAY, School, Somebody


def press(school: School, by: Somebody, start: str) -> str:
    """Press the button of the last screen that begins so; the toast."""
    return school.press(by, next(data for text, data in school.buttons(by).items() if text.startswith(start)))


def last(school: School, table: str) -> dict[str, Any]:
    [row] = rows(school.connection, f"select * from courses.{table} order by id desc limit 1")
    return dict(row)


def pick(school: School, by: Somebody, day: Any) -> str:
    """Press a day of the calendar, turning the month if need be."""
    if f":{TODAY:%Y%m%d}" not in str(school.buttons(by)) or day.month != TODAY.month:
        [key] = {data.rsplit(".", 1)[0].split(":")[-1] for data in school.buttons(by).values() if ":month:" in data}
        school.press(by, f"courses:form:month:{key}.{day:%Y%m}")
    return school.press(by, next(d for d in school.buttons(by).values() if d.endswith(f".{day:%Y%m%d}")))
