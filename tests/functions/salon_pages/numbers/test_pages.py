"""The pages with numbers, as a salon's people see them, and their files."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.salon_pages.pages.numbers.download import FILES
from tests.conftest import rows
from tests.functions.salon_pages.numbers import reading
from tests.functions.salon_pages.world import Browser, Plain
from tests.helpers.worlds.salon import Salon
from tests.helpers.worlds.support import insert

NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)  # noon in Almaty
DAYS = "?from=2026-03-01&to=2026-03-31"
PAGES = ("today", "funnel", "services", "sessions", "bookings", "waiting")
FORMULA = '=HYPERLINK("http://example.com")'
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def lotus(plain: Plain, lotus: Salon) -> Salon:
    """With 4 dialogs in March 2026, 2 of them booked, and 1 in February; a visit missed."""
    booked = lotus.session(NOON, booking_id="1", booking_amount=9000, booking_currency="KZT", summary=FORMULA,
                           meta={"services_mentioned": ["Маникюр", "Педикюр"]}, channel="whatsapp")  # fmt: skip
    lotus.answered(booked, NOON, 4)
    lotus.session(NOON + timedelta(hours=1), booking_id="2", booking_amount=1000, booking_currency="KZT")
    lotus.session(NOON + timedelta(hours=2), final_status="dropped", meta={"drop_off_stage": "time_selection"})
    lotus.session(NOON + timedelta(days=9), final_status="escalated")
    lotus.session(NOON - timedelta(days=20), booking_id="0")
    lotus.message(booked, "user", NOON + timedelta(minutes=1))
    plain.execute("update public.recent_history_v2 set message = %s where role = 'assistant'", (SCRIPT,))
    visit = {"tenant_id": lotus.id, "client_id": str(lotus.client), "verified_at": NOON}
    insert(plain, "dashboard.bookings", external_id="1", start_at=NOON + timedelta(days=1), status="no_show", **visit)
    insert(
        plain, "dashboard.bookings", external_id="2", start_at=NOON + timedelta(hours=3), status="completed", **visit
    )
    return lotus


def wish(plain: Plain, of: Salon, **columns: Any) -> int:
    values = {"tenant_id": of.id, "user_id": of.client, "item_type": "service", "item_id": "7", **columns}
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    query = f"insert into public.wishlist_v2 ({names}) values ({marks}) returning id"
    return int(rows(plain, query, *values.values())[0]["id"])


def test_a_figure_leads_to_the_rows_that_it_is_made_of(owner: Browser, lotus: Salon) -> None:
    shown = reading.page(owner, f"/salons/{lotus.id}/today{DAYS}")

    assert shown.figures == {
        "Диалоги": "4", "Записи": "2", "Конверсия": "50 %", "Ответ бота": "4 с", "Не пришли": "1",
        "Сумма записей": "10 000 ₸", "Ждут сейчас": "0",
    }  # fmt: skip
    for name, caption in {"Диалоги": "Диалоги", "Записи": "Диалоги", "Не пришли": "Визиты этих дней"}.items():
        [lines] = [reading.page(owner, shown.places[name]).tables[caption]]
        assert str(len(lines)) == shown.figures[name]
    assert reading.page(owner, shown.places["Сумма записей"]).tables["Что бронировали"][-1]["Сумма"] == "10 000 ₸"
    assert len(reading.page(owner, shown.places["Ответ бота"]).tables["Диалоги"]) == 1


def test_days_add_up_to_their_figures(owner: Browser, lotus: Salon) -> None:
    lines = reading.page(owner, f"/salons/{lotus.id}/today{DAYS}").tables["По дням"]

    assert len(lines) == 32
    for name in ("Диалоги", "Записи", "Не пришли"):
        assert sum(int(line[name]) for line in lines[:-1]) == int(lines[-1][name])


def test_figures_are_compared_with_as_many_days_before(owner: Browser, lotus: Salon) -> None:
    text = owner.get(f"/salons/{lotus.id}/today?from=2026-03-01&to=2026-03-31").text

    assert "29 января 2026 – 28 февраля 2026" in text
    assert "+300 %, было 1" in text.replace("\xa0", " ")  # dialogs
    assert "−50 п. п., было 100 %" in text.replace("\xa0", " ")  # conversion


@pytest.mark.parametrize("name", ["sessions", "bookings", "services"])
def test_a_file_has_the_rows_of_its_page(owner: Browser, lotus: Salon, name: str) -> None:
    [lines] = [lines for caption, lines in reading.page(owner, f"/salons/{lotus.id}/{name}{DAYS}").tables.items()
               if caption != "По месяцам визита"]  # fmt: skip

    written = reading.file(owner, f"/salons/{lotus.id}/files/{name}.csv{DAYS}")

    assert len(written) == len(lines) > 0
    assert [reading.digits("".join(line.values())) for line in written] == [
        reading.digits("".join(line.values()).replace("—", "")) for line in lines
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_one_that_excel_opens(owner: Browser, lotus: Salon, name: str) -> None:
    answer = owner.get(f"/salons/{lotus.id}/files/{name}{DAYS}")

    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    stem = name.removesuffix(".csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="{stem}_2026-03-01_2026-03-31.csv"'


def test_a_text_of_a_client_is_no_formula_of_the_file(owner: Browser, lotus: Salon) -> None:
    written = reading.file(owner, f"/salons/{lotus.id}/files/sessions.csv{DAYS}")

    assert [line["Кратко"] for line in written] == ["", "", "", f"'{FORMULA}"]
    assert [(line["Начало: дата"], line["Начало: время"]) for line in written][-1] == ("10.03.2026", "12:00")


def test_the_filters_are_those_of_the_address_on_the_page_and_in_the_file(owner: Browser, lotus: Salon) -> None:
    for query, count in {
        "ending=lost": 1, "step=time_selection": 1, "booked=yes": 2, "booked=no": 2, "channel=whatsapp": 1,
        "service=Педикюр": 1, "ending=nonsense": 4, "booked=yes&channel=telegram": 1, "page=2": 0,
    }.items():  # fmt: skip
        shown = reading.page(owner, f"/salons/{lotus.id}/sessions{DAYS}&{query}").tables.get("Диалоги", [])
        assert len(shown) == count, query
        if "page" not in query:
            assert len(reading.file(owner, f"/salons/{lotus.id}/files/sessions.csv{DAYS}&{query}")) == count


def test_a_dialog_is_shown_with_its_messages_and_who_read_it_is_recorded(
    owner: Browser, plain: Plain, lotus: Salon
) -> None:
    number = rows(plain, "select id from public.conversation_sessions_v2 where booking_id = '1'")[0]["id"]

    page = owner.get(f"/salons/{lotus.id}/sessions/{number}")

    assert (page.status_code, page.text.count('<li class="assistant"')) == (200, 1)
    assert SCRIPT not in page.text
    assert "&lt;script&gt;" in page.text
    recorded = rows(plain, "select metadata from dashboard.audits where action = 'view_session'")
    assert recorded == [{"metadata": {"session": number}}]


@pytest.mark.parametrize("number", ["0", "999999999", "-1", "1e3", "9" * 30, "x"])
def test_a_dialog_that_is_not_there(owner: Browser, lotus: Salon, number: str) -> None:
    assert owner.get(f"/salons/{lotus.id}/sessions/{number}").status_code == 404


def test_staff_see_no_money(employee: Browser, lotus: Salon) -> None:
    for name in PAGES:
        text = employee.get(f"/salons/{lotus.id}/{name}{DAYS}").text
        assert ("Сумма" in text, "₸" in text, "9 000" in text.replace("\xa0", " ")) == (False, False, False), name
    for name in FILES:
        text = employee.get(f"/salons/{lotus.id}/files/{name}{DAYS}").text
        assert ("Сумма" in text, "9000" in text, "10000" in text) == (False, False, False), name


def test_a_wish_is_marked_as_done_here_and_stays_in_the_bots_list(
    employee: Browser, plain: Plain, lotus: Salon
) -> None:
    number = wish(plain, lotus, comment="Позвоните")
    before = rows(plain, "select * from public.wishlist_v2")
    lines = reading.page(employee, f"/salons/{lotus.id}/waiting").tables["Ждут"]
    assert [line["Комментарий"] for line in lines] == ["Позвоните"]

    for _ in range(2):
        assert employee.post(f"/salons/{lotus.id}/waiting/{number}/done").status_code == 303

    shown = reading.page(employee, f"/salons/{lotus.id}/waiting")
    assert ("Ждут" in shown.tables, len(shown.tables["Отмечено как сделанное"])) == (False, 1)
    assert reading.page(employee, f"/salons/{lotus.id}/today").figures["Ждут сейчас"] == "0"
    assert rows(plain, "select * from public.wishlist_v2") == before
    assert employee.post(f"/salons/{lotus.id}/waiting/{number}/undo").status_code == 303
    assert reading.page(employee, f"/salons/{lotus.id}/today").figures["Ждут сейчас"] == "1"
    recorded = rows(plain, "select metadata from dashboard.audits where action = 'convert_wishlist' order by id")
    assert [row["metadata"] for row in recorded] == [{"wish": number, "done": True}, {"wish": number, "done": False}]
    plain.execute("delete from public.wishlist_v2")


def test_a_wish_of_another_salon_is_none(owner: Browser, plain: Plain, lotus: Salon, neighbour: Salon) -> None:
    number = wish(plain, neighbour)

    assert owner.post(f"/salons/{lotus.id}/waiting/{number}/done").status_code == 404
    assert rows(plain, "select from dashboard.wishlist_marks") == []
    plain.execute("delete from public.wishlist_v2")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-03-32", "Выберите дни в календаре"),
        ("from=tomorrow", "Выберите дни в календаре"),
        ("from=٢٠٢٦-03-01", "Выберите дни в календаре"),
        ("from=2026-03-10&to=2026-03-09", "Первый день должен быть не позже последнего"),
        ("to=0001-01-01", "Первый день должен быть не позже последнего"),
        ("from=2026-03-01&to=9999-12-31", "последний — не дальше года вперёд"),
        ("from=2020-01-01", "Выберите не больше года"),
    ],
)
@pytest.mark.parametrize("path", ["today", "files/days.csv"])
def test_days_that_cannot_be_shown_are_refused_in_words(
    owner: Browser, lotus: Salon, path: str, query: str, words: str
) -> None:
    answer = owner.get(f"/salons/{lotus.id}/{path}?{query}")

    assert (answer.status_code, "text/html" in answer.headers["content-type"]) == (400, True)
    assert words in answer.text


@pytest.mark.parametrize("name", PAGES)
def test_a_salon_without_anything_has_pages_that_say_so(
    owner: Browser, operator: Browser, neighbour: Salon, name: str
) -> None:
    assert owner.get(f"/salons/{neighbour.id}/{name}{DAYS}").status_code == 404

    page = operator.get(f"/salons/{neighbour.id}/{name}{DAYS}", **{"accept-language": "en"})

    assert (page.status_code, 'lang="en"' in page.text) == (200, True)
    assert name == "today" or 'class="empty"' in page.text
