"""The digest, the page and the file say the same, to the last digit, in every zone and when its clocks change."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from psycopg.types.json import Jsonb

from functions.daily_metrics_digest.digest import caption, metrics
from functions.daily_metrics_digest.digest.facts import Facts, load_facts
from shared.database.pool import Database
from shared.i18n import numbers
from shared.salon.texts import STAGES
from tests.functions.salon_pages.numbers import reading
from tests.functions.salon_pages.world import Browser, Plain, session, user
from tests.helpers.worlds.salon import Salon, salon

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/Havana", "America/Los_Angeles",
    "America/New_York", "America/Santiago", "America/St_Johns", "Antarctica/Troll", "Asia/Almaty", "Asia/Beirut",
    "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe",
    "Europe/Berlin", "Europe/Chisinau", "Europe/Kyiv", "Europe/Moscow", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Kiritimati", "Pacific/Norfolk",
)  # fmt: skip
STATUSES = ("done", "done", "dropped", "escalated", "abandoned", "auto_closed", "перезвонить")
SERVICES = ("Маникюр", "Педикюр", " Стрижка ", "Окрашивание; тонирование", "=1+1")
SESSIONS = 24  # around each change
VERDICTS = ("created", "confirmed", "completed", "cancelled", "no_show")


def changes(zone: ZoneInfo, year: int) -> list[date]:
    """The days of a year on which the clocks change; two days where they do not."""
    noons = [datetime(year, 1, 1, 12, tzinfo=zone) + timedelta(days=n) for n in range(365)]
    found = [after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset()]
    return [found[0], found[-1]] if found else [date(year, 3, 30), date(year, 10, 26)]


def fill(connection: Plain, of: Salon, zone: ZoneInfo, day: date, chance: random.Random) -> None:
    """Two days before the change to two days after it."""
    begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - timedelta(days=1)
    sessions: list[tuple[Any, ...]] = []
    lines: list[tuple[Any, ...]] = []
    bookings: list[tuple[Any, ...]] = []
    for number in range(SESSIONS):
        started = begins + timedelta(seconds=chance.randint(0, 3 * 86400))
        booked, number_of = chance.random() < 0.4, f"{day:%m}{number:03}"
        meta = {"services_mentioned": chance.sample(SERVICES, chance.randint(0, 3)),
                "drop_off_stage": chance.choice([None, "elsewhere", *STAGES])}  # fmt: skip
        money = (chance.choice([None, 9000, 4500.5, 10000]), "KZT") if booked else (None, None)
        row = (uuid4(), started, chance.choice(STATUSES), number_of if booked else None, *money, Jsonb(meta))
        sessions += [row] * (2 if chance.random() < 0.1 else 1)
        lines += _lines(row[0], started, chance)
        if booked and chance.random() < 0.8:
            is_verified = chance.random() < 0.7
            bookings.append((
                number_of, started + timedelta(days=1), chance.choice(VERDICTS) if is_verified else "created",
                started if is_verified else None, 0 if is_verified else chance.randint(0, 1),
            ))  # fmt: skip
    _insert(connection, of, sessions, lines, bookings)


def _lines(session_id: UUID, at: datetime, chance: random.Random) -> Iterator[tuple[Any, ...]]:
    for _ in range(chance.randint(0, 5)):
        yield session_id, chance.choice(["user", "user", "assistant"]), at
        at += timedelta(microseconds=chance.randint(1, 300_000_000))


def _insert(
    connection: Plain, of: Salon, sessions: list[tuple[Any, ...]], lines: list[tuple[Any, ...]],
    bookings: list[tuple[Any, ...]],
) -> None:  # fmt: skip
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "insert into public.conversation_sessions_v2 (tenant_id, user_id, channel, session_id, started_at,"
            " final_status, booking_id, booking_amount, booking_currency, meta)"
            " values (%s, %s, 'telegram', %s, %s, %s, %s, %s, %s, %s)",
            [(of.id, of.client, *row) for row in sessions],
        )
        cursor.executemany(
            "insert into public.recent_history_v2 (tenant_id, user_id, message, session_id, role, created_at)"
            " values (%s, %s, '…', %s, %s, %s)",
            [(of.id, of.client, *line) for line in lines],
        )
        cursor.executemany(
            "insert into dashboard.bookings"
            " (tenant_id, client_id, external_id, start_at, status, verified_at, attempts)"
            " values (%s, 'c', %s, %s, %s, %s, %s)",
            [(of.id, *booking) for booking in bookings],
        )


@pytest.fixture
async def digests(module_database_url: str) -> Any:
    """What a salon's digest about a day has in it."""
    database = Database(module_database_url)

    async def load(of: Salon, timezone: str, day: date) -> Facts:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(timezone)) + timedelta(days=1)
        asked = [metrics.Salon(of.id, timezone, day)]
        async with database.transaction() as connection:
            await metrics.compute(connection, asked, noon)
            [facts] = await load_facts(connection, asked, noon)
        return facts

    yield load
    await database.close()


@pytest.mark.parametrize("timezone", ZONES)
async def test_digest_page_and_file_agree(pages: str, plain: Plain, digests: Any, timezone: str) -> None:
    chance, zone = random.Random(timezone), ZoneInfo(timezone)  # noqa: S311
    of = salon(plain, f"{timezone} & сыновья", timezone)
    owner = Browser(pages, session(plain, user(plain, "admin", of.id).id))
    for change in changes(zone, 2025):
        fill(plain, of, zone, change, chance)
        day = change + timedelta(days=chance.choice([-1, 0, 1]))
        days = f"?from={day}&to={day}"
        before = reading.page(owner, f"/salons/{of.id}/today{days}")
        facts = await digests(of, timezone, day)

        shown = reading.page(owner, f"/salons/{of.id}/today{days}")
        assert shown == before  # whether the digest has counted the day yet or not
        _check_figures(shown, facts)
        assert facts.days[-1].dialogs > 0
        _check_files(owner, of, days, shown)
        _check_funnel(reading.page(owner, f"/salons/{of.id}/funnel{days}"), facts)
        _check_services(reading.page(owner, f"/salons/{of.id}/services{days}"), facts)


def _check_figures(shown: reading.Shown, facts: Facts) -> None:
    """Those that the digest's caption has, as it writes them."""
    text = caption.digest(facts).replace(numbers.NO_BREAK_SPACE, " ")
    told = {name: rf"^{name}: <b>(.*?)</b>" for name in ("Диалоги", "Записи", "Конверсия")}
    for ours, theirs in {**told, "Ответ бота": r"^Бот отвечал за (.*?) \("}.items():
        found = re.search(theirs, text, re.MULTILINE)
        assert shown.figures[ours] == (found[1] if found else "—")
    assert shown.figures["Ждут сейчас"] == str(facts.waiting)


def _check_files(owner: Browser, of: Salon, days: str, today: reading.Shown) -> None:
    pages = {
        "days": today.tables["По дням"],
        "services": reading.page(owner, f"/salons/{of.id}/services{days}").tables.get("Что бронировали", []),
    }
    for name, lines in pages.items():
        if not lines:
            continue
        written = reading.file(owner, f"/salons/{of.id}/files/{name}.csv{days}")
        assert [[reading.digits(value) for value in list(line.values())[1:]] for line in lines] == [
            [reading.digits(value) for value in list(line.values())[1:]] for line in written
        ]


def _check_funnel(shown: reading.Shown, facts: Facts) -> None:
    lost = {line["Шаг"]: int(line["Диалоги"]) for line in shown.tables.get("На каком шаге теряли", [])}
    assert {stage: lost.get(text.ru, 0) for stage, text in STAGES.items()} == {
        stage: facts.lost.get(stage, 0) for stage in STAGES
    }
    kept = {line["YClients"]: int(line["Записи"]) for line in shown.tables.get("Что стало с записями", [])}
    named = [kept.get(name, 0) for name in ("отменена", "клиент не пришёл", "не найдена")]
    assert named == [facts.cancelled, facts.no_show, facts.unconfirmed]
    ends = shown.tables["Чем закончились диалоги"]
    assert sum(int(line["Диалоги"]) for line in ends[:-1]) == int(ends[-1]["Диалоги"]) == facts.days[-1].dialogs


def _check_services(shown: reading.Shown, facts: Facts) -> None:
    lines = shown.tables.get("Что бронировали", [])
    assert [(service.name, service.bookings, _amount(service)) for service in facts.top] == [
        (line["Услуга"], int(line["Записи"]), line["Сумма"])
        for line in lines
        if line["Услуга"] not in {"услуга не названа", "Всего"}
    ][:3]


def _amount(service: Any) -> str:
    if service.revenue is None or service.currency is None:
        return "—"
    return numbers.money(service.revenue, service.currency, "ru").replace(numbers.NO_BREAK_SPACE, " ")
