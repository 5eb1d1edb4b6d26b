"""What becomes of a broadcast that was confirmed: its author pauses, cancels, repeats and changes it."""

from tests.functions.telegram_webhook.courses.broadcast_writing import broadcast, press, screen, written
from tests.functions.telegram_webhook.courses.world import School, Somebody


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
