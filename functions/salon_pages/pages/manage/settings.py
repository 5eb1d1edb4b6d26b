"""Settings: the salon's clock, when its digest comes, what is worth an alert, and when nobody is woken."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from functions.salon_pages.reports.manage import settings
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.manage import settings as texts
from shared.database import sql
from shared.database.pool import CheckViolation
from shared.i18n import numbers
from shared.i18n.texts import Text
from shared.payload import timezones

DEFAULTS: Mapping[str, Any] = {
    "timezone": timezones.OF_SALONS, "digest_hour": 9, "language": "ru", "low_conversion": 15.0, "high_drop_off": 60.0,
    "error_spike": 20.0, "stale_hours": 6, "minimum_sample": 10, "quiet_from": 22, "quiet_until": 8,
}  # fmt: skip
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Almaty", "Asia/Aqtau",
    "Asia/Tashkent", "Asia/Bishkek", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Baku", "Europe/Minsk", "Europe/Berlin",
)  # fmt: skip

_WHOLE, _DECIMAL = re.compile(r"[0-9]{1,6}"), re.compile(r"[0-9]{1,3}([.,][0-9]{1,3})?")
_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Number:
    """A setting that is a number between two others, both included."""

    minimum: int
    maximum: int
    is_whole: bool = True

    def read(self, value: str) -> float | int | None:
        """The number, with a point or a comma; None: it is none, or too small or large."""
        if not (_WHOLE if self.is_whole else _DECIMAL).fullmatch(value):
            return None
        number = int(value) if self.is_whole else float(value.replace(",", "."))
        return number if self.minimum <= number <= self.maximum else None


NUMBERS: Mapping[str, Number] = {
    "digest_hour": Number(0, 23),
    "low_conversion": Number(0, 100, is_whole=False),
    "high_drop_off": Number(0, 100, is_whole=False),
    "error_spike": Number(0, 100, is_whole=False),
    "stale_hours": Number(1, 168),
    "minimum_sample": Number(1, 100_000),
    "quiet_from": Number(0, 23),
    "quiet_until": Number(0, 23),
}
_READERS: Mapping[str, Callable[[str], Any]] = {
    "timezone": lambda value: value if timezones.is_known(value) else None,
    "language": lambda value: value if value in {"ru", "en"} else None,
    **{name: number.read for name, number in NUMBERS.items()},
}


async def page(visit: SalonVisit) -> Response:
    """The form, with the settings as they are."""
    async with visit.reading() as connection:
        current = await settings.read(connection, visit.salon.id)
    is_saved = visit.request.query_params.get("saved") == "1"
    return _form(visit, _written(visit, {**DEFAULTS, **(current or {})}), {}, is_saved=is_saved)


async def change(visit: SalonVisit) -> Response:
    """Check what was written, keep it, and record what it was before."""
    form = await visit.form()
    values = {name: _READERS[name](form.get(name, "")) for name in DEFAULTS}
    problems = {name: _problem(name) for name, value in values.items() if value is None}
    if problems:
        return _form(visit, {name: form.get(name, "") for name in DEFAULTS}, problems)
    try:
        await _write(visit, values)
    except CheckViolation:  # a zone that Postgres does not know
        return _form(visit, {name: form.get(name, "") for name in DEFAULTS}, {"timezone": texts.UNKNOWN_ZONE})
    return visit.go("/settings", saved=1)


async def _write(visit: SalonVisit, values: Mapping[str, Any]) -> None:
    async with visit.changing() as connection:
        await connection.execute(_SQL["ensure"], {"tenant": visit.salon.id})
        before = await sql.fetch_one(connection, _SQL["lock"], {"tenant": visit.salon.id})
        await connection.execute(_SQL["write"], {**values, "tenant": visit.salon.id})
        changed = {name: {"from": was, "to": values[name]} for name, was in before.items() if was != values[name]}
        if changed:
            await visit.audit(connection, Act("update_settings", f"settings: {', '.join(changed)}", changed))


def _form(
    visit: SalonVisit, values: Mapping[str, str], problems: Mapping[str, Text], *, is_saved: bool = False
) -> Response:
    return visit.page(
        "settings.html", texts, 422 if problems else 200, section="settings", values=values, numbers=NUMBERS,
        zones=ZONES, is_saved=is_saved, problems={name: text.in_(visit.language) for name, text in problems.items()},
        names={name: text.in_(visit.language) for name, text in texts.NAMES.items()},
        hints={name: text.in_(visit.language) for name, text in texts.HINTS.items()},
    )  # fmt: skip


def _problem(name: str) -> Text:
    if name not in NUMBERS:
        return texts.UNKNOWN_ZONE if name == "timezone" else texts.CHOOSE
    number = NUMBERS[name]
    text = texts.WHOLE_NUMBER if number.is_whole else texts.NUMBER
    bounds = {"minimum": number.minimum, "maximum": number.maximum}
    return Text(ru=text.ru.format(**bounds), en=text.en.format(**bounds))


def _written(visit: SalonVisit, values: Mapping[str, Any]) -> dict[str, str]:
    """As a form field has them: numbers with the language's own point."""
    shown = {name: numbers.number(value, visit.language, space="") for name, value in values.items() if name in NUMBERS}
    return {name: shown.get(name, str(values[name])) for name in DEFAULTS}
