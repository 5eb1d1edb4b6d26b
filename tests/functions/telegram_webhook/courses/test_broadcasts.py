"""Staff write a broadcast in the bot, see what people will get and who they are, and look after it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg.rows import DictRow

from functions.telegram_webhook.courses.screens.broadcast import broadcast_time
from tests.conftest import rows
from tests.functions.telegram_webhook.courses.world import NOON, TODAY, School, Somebody


@pytest.fixture
def author(school: School) -> Iterator[Somebody]:
    """An administrator without broadcasts."""
    yield school.person("admin", full_name="Анна <А>")
    school.connection.execute("delete from courses.broadcasts")


def broadcast(school: School) -> DictRow:
    """The one there is."""
    [found] = rows(school.connection, "select * from courses.broadcasts")
    row: DictRow = found
    return row


def written(school: School, author: Somebody, text: str = "Привет", **content: Any) -> DictRow:
    """A draft."""
    school.press(author, "courses:broadcast_text:open:")
    school.write(author, text, **content)
    return broadcast(school)


def screen(school: School, of: Somebody) -> DictRow:
    """The last screen."""
    shown = [message for message in school.messages(of) if message["kind"].startswith("courses/screen")]
    return shown[-1]


def press(school: School, author: Somebody, starts_with: str) -> str:
    """Press a button of the last screen; the toast."""
    keyboard = screen(school, author)["payload"]["reply_markup"]["inline_keyboard"]
    [data] = [button["callback_data"] for row in keyboard for button in row if button["text"].startswith(starts_with)]
    return school.press(author, data)


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
    assert "📎 и файл" in screen(school, author)["payload"]["text"]


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


def test_one_under_way_is_paused_goes_on_and_is_cancelled(school: School, author: Somebody) -> None:
    draft = written(school, author)
    school.connection.execute(
        "update courses.broadcasts set confirmed_at = now(), started_at = now(), status = 'sending', message = '{}'"
    )
    card = f"courses:broadcast:{{}}:{draft['id']}"

    assert school.press(author, card.format("pause")) == "На паузе"
    assert broadcast(school)["paused_at"] is not None
    assert school.press(author, card.format("pause")) == ""
    assert school.press(author, card.format("resume")) == "Продолжаем"
    assert broadcast(school)["paused_at"] is None
    press(school, author, "⏹ Остановить…")
    assert press(school, author, "Да") == "Остановлено"
    assert broadcast(school)["cancelled_at"] is not None
    assert school.press(author, card.format("resume")) == ""


def test_one_is_sent_again_to_those_of_whom_nobody_knows(school: School, author: Somebody) -> None:
    draft = written(school, author)
    school.connection.execute(
        "update courses.broadcasts set confirmed_at = now(), started_at = now(), status = 'sending', message = '{}'"
    )
    for error in ("unknown", "blocked"):
        school.insert(
            "broadcast_recipients", returning="user_id", broadcast_id=draft["id"], user_id=school.participant().user,
            status="failed", error=error,
        )  # fmt: skip
    school.press(author, f"courses:broadcast:open:{draft['id']}")
    assert "неизвестно, дошло ли: 1" in screen(school, author)["payload"]["text"]

    assert press(school, author, "🔁 Повторить") == "Отправляем ещё раз"

    found = broadcast(school)
    assert (found["status"], found["stats_json"]["queued"], found["stats_json"]["failed"]) == ("sending", 1, 1)


def test_what_was_sent_gets_a_new_text_once_confirmed_or_is_deleted(school: School, author: Somebody) -> None:
    draft = written(school, author)
    school.connection.execute("""update courses.broadcasts
        set confirmed_at = now(), started_at = now(), status = 'done',
            stats_json = '{"queued": 0, "sent": 2, "failed": 0, "skipped": 0}', message = '{}'""")
    school.press(author, f"courses:broadcast:open:{draft['id']}")
    press(school, author, "✏️ Изменить текст")
    school.write(author, "Новый")
    assert "Заменить текст?" in school.shown(author)
    assert broadcast(school)["body"] == "Привет"
    assert press(school, author, "Да") == "Меняем текст"

    changed = broadcast(school)
    assert (changed["body"], changed["new_body"], changed["is_open"]) == ("Новый", None, True)
    assert changed["revision"] == draft["revision"] + 1
    assert changed["message"]["payload"]["text"].startswith("Новый\n\n")
    press(school, author, "🗑 Удалить у всех")
    assert press(school, author, "Да") == "Удаляем"
    assert broadcast(school)["withdrawn_at"] is not None


def test_a_curator_looks_after_their_own_and_a_participant_after_none(school: School, author: Somebody) -> None:
    draft = written(school, author)
    curator, participant = school.person("curator"), school.participant()
    before = broadcast(school)

    for by in (curator, participant):
        for action in ("send", "delete", "pause", "cancel", "sample", "list", "withdraw", "replace"):
            school.press(by, f"courses:broadcast:{action}:{draft['id']}.1")
        school.press(by, f"courses:broadcast_to:all:{draft['id']}")
        school.press(by, f"courses:broadcast_time:now:{draft['id']}")
        assert "courses/broadcast-sample" not in {message["kind"] for message in school.messages(by)}
    school.press(curator, "courses:broadcasts:open:0")

    assert broadcast(school) == before
    assert "Рассылок ещё не было" in school.shown(curator)


def test_the_list_of_recipients_is_a_file_without_formulas(school: School, author: Somebody) -> None:
    draft = written(school, author)
    somebody = school.participant(full_name="=1+1")
    school.insert(
        "broadcast_recipients", returning="user_id", broadcast_id=draft["id"], user_id=somebody.user, status="skipped",
        error="no_consent",
    )  # fmt: skip

    school.press(author, f"courses:broadcast:list:{draft['id']}")

    file = school.messages(author)[-1]["payload"]["document"]
    head, line = file["text"].splitlines()
    assert head == "\ufeffuser_id,name,status,error,sent_at"
    assert line == f"{somebody.user},'=1+1,skipped,no_consent,"


def test_the_button_below_a_broadcast_switches_mailings_off_and_leaves_it_as_it_is(school: School) -> None:
    somebody = school.participant()

    assert school.press(somebody, "courses:mailings_off:stop:", 700) == "Рассылки выключены."

    last = school.messages(somebody)[-1]
    assert (last["method"], "message_id" in last["payload"]) == ("sendMessage", False)
    assert ("mailings", 1, False) in school.consents(somebody)
    stranger = school.stranger()
    school.press(stranger, "courses:mailings_off:stop:", 700)
    assert school.consents(stranger) == []


def test_a_draft_is_deleted(school: School, author: Somebody) -> None:
    written(school, author)
    press(school, author, "🗑 Удалить черновик…")
    assert press(school, author, "Да") == "Черновик удалён"

    assert rows(school.connection, "select from courses.broadcasts") == []
    assert json.dumps(screen(school, author)["payload"]).count("courses:broadcast_text:open:") == 1
