"""Staff write a broadcast in the bot, see what people will get and who they are, and confirm it."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.telegram_webhook.courses.screens.broadcast import broadcast_time
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.broadcast_writing import broadcast, press, screen, written
from tests.functions.telegram_webhook.courses.world import NOON, TODAY, School, Somebody


def test_what_is_written_is_shown_as_people_will_see_it(school: School, author: Somebody) -> None:
    draft = written(school, author, "Важно: <b>", entities=[{"type": "bold", "offset": 0, "length": 6}])

    sample = school.messages(author)[-1]
    text = sample["payload"]["text"]
    assert draft["body"] == "<b>Важно:</b> &lt;b&gt;"
    assert draft["title"] == "Важно: <b>"
    assert sample["kind"] == "courses/broadcast-sample"
    assert text.startswith("<b>Важно:</b> &lt;b&gt;\n\n<i>Рассылка школы «Школа &lt;Свет&gt;», пишет Анна &lt;А&gt;.")
    assert text in screen(school, author)["payload"]["text"]


def test_a_file_goes_with_its_caption_by_the_method_of_its_kind(school: School, author: Somebody) -> None:
    photo = [{"file_id": "AgACsmall"}, {"file_id": "AgACbig", "file_size": 10**8}]
    written(school, author, "", photo=photo, caption="Подпись")
    sample = school.messages(author)[-1]

    assert (sample["method"], sample["payload"]["photo"]) == ("sendPhoto", "AgACbig")
    assert sample["payload"]["caption"].startswith("Подпись\n\n<i>")
    assert "📎 1 файл" in screen(school, author)["payload"]["text"]


def test_an_album_goes_with_all_of_its_files_until_another_message_replaces_it(
    school: School, author: Somebody
) -> None:
    school.press(author, "courses:broadcast_text:open:")
    for number in range(12):
        caption = "" if number else "Фото <недели>"
        school.write(author, photo=[{"file_id": f"AgAC{number}"}], media_group_id="888001", caption=caption)
    assert "Это альбом" in screen(school, author)["payload"]["text"]

    press(school, author, "👁")
    sample = school.messages(author)[-1]
    album = sample["payload"]["media"]
    assert (sample["method"], [file["media"] for file in album]) == ("sendMediaGroup", [f"AgAC{n}" for n in range(10)])
    assert album[0]["caption"].startswith("Фото &lt;недели&gt;\n\n<i>")
    assert "caption" not in album[1]
    assert "📎 10 файлов" in screen(school, author)["payload"]["text"]

    written(school, author, "Только слова")
    found = broadcast(school)
    assert (found["attachment_file_id"], found["further_file_ids"]) == (None, [])


@pytest.mark.parametrize(("content", "refusal"), [
    ({"text": "я" * 4000}, "слишком длинно"),
    ({"text": "", "photo": [{"file_id": "AgAC"}], "caption": "я" * 1000}, "слишком длинно"),
    ({"text": "", "sticker": {"file_id": "CAAC", "emoji": "👍"}}, "Такое разослать нельзя"),
    ({"text": "", "dice": {"value": 3, "emoji": "🎲"}}, "Такое разослать нельзя"),
])  # fmt: skip
def test_what_cannot_be_sent_is_refused(
    school: School, author: Somebody, content: dict[str, Any], refusal: str
) -> None:
    school.press(author, "courses:broadcast_text:open:")
    school.write(author, **content)

    assert refusal in school.shown(author)
    assert rows(school.connection, "select from courses.broadcasts") == []


def test_the_card_says_who_gets_it_who_does_not_and_why(school: School, author: Somebody) -> None:
    cohort = school.insert("cohorts", name="Когорта <1>")
    people = [school.participant(cohort=cohort) for _ in range(3)]
    school.participant(cohort=cohort, agreed=False)
    school.participant(cohort=cohort, telegram_id=None)
    school.insert("user_flags", returning="user_id", user_id=people[0].user, notify_enabled=False)
    written(school, author)

    press(school, author, "👥")
    press(school, author, "Когорта…")
    press(school, author, "Когорта <1>")

    shown = screen(school, author)["payload"]["text"]
    assert "Кому: когорта «Когорта &lt;1&gt;»" in shown
    assert "Получат: 2." in shown
    assert "Не получат: не согласились на рассылки — 1; выключили уведомления — 1; нет аккаунта Telegram — 1." in shown
    assert "меньше минуты" in shown


def test_one_is_confirmed_as_it_was_seen(school: School, author: Somebody) -> None:
    draft = written(school, author)
    seen = f"courses:broadcast:send:{draft['id']}.{draft['revision']}"
    written(school, author, "Другое")
    assert broadcast(school)["id"] == draft["id"]  # one draft each

    assert "изменился" in school.press(author, seen)
    assert broadcast(school)["confirmed_at"] is None
    school.press(author, f"courses:broadcast:open:{draft['id']}")
    press(school, author, "📤 Отправить…")
    assert "Отправить? Получат:" in screen(school, author)["payload"]["text"]
    assert "Принято" in press(school, author, "Да")

    confirmed = broadcast(school)
    assert (confirmed["confirmed_at"] is not None, confirmed["is_open"], confirmed["status"]) == (True, True, "pending")
    assert confirmed["message"]["payload"]["text"].startswith("Другое\n\n<i>")
    assert "изменился" in school.press(author, f"courses:broadcast:send:{draft['id']}.{confirmed['revision']}")


def test_a_time_is_written_or_picked_in_the_schools_zone(school: School, author: Somebody) -> None:
    draft = written(school, author)
    press(school, author, "🕒 Когда")
    school.write(author, "вчера 10:00")
    assert "Не понял время" in school.shown(author)
    school.write(author, "завтра 10:00")
    at = broadcast(school)["scheduled_at"].astimezone(NOON)
    assert (at.date(), at.hour) == (TODAY + timedelta(days=1), 10)

    day = f"{TODAY + timedelta(days=1):%Y%m%d}"
    school.press(author, f"courses:broadcast_time:open:{draft['id']}.{day}")
    press(school, author, "18:00")
    assert broadcast(school)["scheduled_at"].astimezone(NOON).hour == 18
    assert "18:00" in screen(school, author)["payload"]["text"]

    press(school, author, "🕒 Когда")
    press(school, author, "Сразу")
    assert broadcast(school)["scheduled_at"] is None


def test_one_that_would_go_out_in_quiet_hours_may_wait_for_the_morning(school: School, author: Somebody) -> None:
    written(school, author)
    assert "тихие часы" not in screen(school, author)["payload"]["text"]
    press(school, author, "🕒 Когда")
    school.write(author, "завтра 23:30")
    assert "🌙 Это тихие часы школы" in screen(school, author)["payload"]["text"]
    press(school, author, "📤 Отправить…")

    assert "Время изменено" in press(school, author, "🌅 Перенести")

    at = broadcast(school)["scheduled_at"].astimezone(NOON)
    assert (at.date(), at.hour, at.minute) == (TODAY + timedelta(days=2), 9, 0)
    assert broadcast(school)["confirmed_at"] is None
    assert "тихие часы" not in screen(school, author)["payload"]["text"]
    assert "не действует" in school.press(author, f"courses:broadcast:morning:{broadcast(school)['id']}")


@pytest.mark.parametrize(("text", "expected"), [
    ("завтра 10:00", "2026-03-08 10:00"), ("Завтра в 9", "2026-03-08 09:00"), ("сегодня 18:30", "2026-03-07 18:30"),
    ("18:30", "2026-03-07 18:30"), ("tomorrow at 10:00", "2026-03-08 10:00"), ("05.12 18:30", "2026-12-05 18:30"),
    ("5.12.2026 1830", "2026-12-05 18:30"), ("06.03 18:30", "2027-03-06 18:30"), ("29.03 02:30", "2026-03-29 03:30"),
    ("сегодня 11:59", None), ("11:59", None), ("завтра", None), ("", None), ("35.12 10:00", None),
    ("07.03.2028 10:00", None),
])  # fmt: skip
def test_a_written_time_is_understood(text: str, expected: str | None) -> None:
    zone = ZoneInfo("Europe/Berlin")

    moment = broadcast_time.parse(text, datetime(2026, 3, 7, 12, tzinfo=zone))

    assert (f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else None) == expected


def test_a_draft_is_deleted(school: School, author: Somebody) -> None:
    written(school, author)
    press(school, author, "🗑 Удалить черновик…")
    assert press(school, author, "Да") == "Черновик удалён"

    assert rows(school.connection, "select from courses.broadcasts") == []
    assert json.dumps(screen(school, author)["payload"]).count("courses:broadcast_text:open:") == 1
