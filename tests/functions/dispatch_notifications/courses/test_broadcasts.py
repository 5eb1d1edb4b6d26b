"""A broadcast from its confirmation to its end: frozen recipients, each at most once, counted at every moment."""

import json
from typing import Any

import pytest

from functions.dispatch_notifications.courses import broadcasts
from tests.functions.dispatch_notifications.courses.broadcasting import (
    AUTHOR_CHAT,
    FIRST_CHAT,
    Broadcasting,
    message,
)
from tests.functions.dispatch_notifications.delivery import Delivery


@pytest.fixture
def school(delivery: Delivery) -> Broadcasting:
    return Broadcasting(delivery, people=6)


async def test_everybody_who_agreed_gets_it_and_the_others_are_named(school: Broadcasting) -> None:
    school.execute("update courses.users set telegram_id = null where id = 1")
    school.execute("update courses.consents set withdrawn_at = now() where telegram_id = %s", FIRST_CHAT + 1)
    school.execute("insert into courses.user_flags (user_id, notify_enabled) values (3, false)")
    school.execute(
        "insert into platform.lanes (bot_id, lane, blocked_at, blocked_class) values (%s, %s, now(), 'blocked')",
        school.delivery.bot, str(FIRST_CHAT + 3),
    )  # fmt: skip
    of = school.broadcast("<b>Привет</b>")

    report = await school.delivery.tick()

    assert school.got() == [5, 6]
    assert school.stats(of) == {"sent": 2, "skipped": 4}
    assert school.reasons(of) == {1: "no_account", 2: "no_consent", 3: "notifications_off", 4: "unreachable"}
    found = school.of(of)
    assert (found["status"], found["is_open"], found["sent_at"] is not None) == ("done", False, True)
    assert report["remaining"] == 0
    [call, *_] = school.delivery.calls(chat=FIRST_CHAT + 4)
    assert call.params["text"].startswith("<b>Привет</b>\n\n<i>Рассылка школы «Школа», пишет Анна.")
    assert "mailings_off" in json.dumps(call.params["reply_markup"])


async def test_it_waits_for_its_time_and_reaches_those_of_that_moment(school: Broadcasting) -> None:
    of = school.broadcast(scheduled_at="2999-01-01")
    await school.delivery.tick()
    assert (school.of(of)["status"], school.got()) == ("pending", [])

    school.execute("update courses.users set role = 'curator' where id = 2")
    school.set(of, scheduled_at="2026-01-01")
    await school.delivery.tick()

    assert school.got() == [1, 3, 4, 5, 6]


@pytest.mark.parametrize(("audience", "expected"), [("cohort", [1, 3]), ("stream", [1])])
async def test_it_reaches_a_cohort_or_a_stream(school: Broadcasting, audience: str, expected: list[int]) -> None:
    school.execute("insert into courses.cohorts (id, name) values (1, 'к'), (2, 'л')")
    school.execute("insert into courses.streams (id, title) values (1, 'п')")
    school.execute("insert into courses.participants (user_id, cohort_id, stream_id) values (1, 1, 1), (2, 2, null)")
    school.execute("update courses.users set cohort_id = 1 where id in (2, 3)")
    place: dict[str, Any] = {f"{audience}_id": 1}

    school.broadcast(audience=audience, role=None, **place)
    await school.delivery.tick()

    assert school.got() == expected  # a person's cohort is that of their participation, else their own


async def test_what_changes_between_planning_and_sending_counts(school: Broadcasting) -> None:
    of = school.broadcast()
    async with school.delivery.database.transaction() as connection:
        assert await broadcasts.plan(connection, of)
        assert not await broadcasts.plan(connection, of)
    school.execute("insert into courses.users (id, telegram_id, full_name) values (77, 1, 'Новый')")
    await broadcasts.advance(school.delivery.database)
    school.execute("update courses.consents set withdrawn_at = now() where telegram_id = %s", FIRST_CHAT)
    school.execute("delete from courses.broadcast_recipients where user_id = 2")
    school.delivery.fault(
        status=403, description="Forbidden: bot was blocked by the user", times=1, chat_id=FIRST_CHAT + 2
    )

    await school.delivery.tick()

    assert school.stats(of) == {"sent": 3, "failed": 1, "skipped": 1}
    assert school.reasons(of) == {1: "no_consent", 3: "blocked"}


async def test_a_pause_keeps_back_what_is_on_its_way_until_it_goes_on(school: Broadcasting) -> None:
    of = school.broadcast()
    await broadcasts.advance(school.delivery.database)
    school.set(of, paused_at="2026-01-01")
    await school.delivery.tick()
    assert (school.got(), school.stats(of), school.of(of)["status"]) == ([], {"queued": 6}, "sending")

    school.set(of, paused_at=None)
    await school.delivery.tick()

    assert school.got() == [1, 2, 3, 4, 5, 6]
    assert school.stats(of) == {"sent": 6}


async def test_whoever_has_not_got_a_cancelled_one_is_skipped(school: Broadcasting) -> None:
    of = school.broadcast()
    async with school.delivery.database.transaction() as connection:
        await broadcasts.plan(connection, of)
    school.execute("update courses.broadcast_recipients set status = 'sent' where user_id < 3")
    school.set(of, cancelled_at="2026-01-01")

    await school.delivery.tick()

    assert (school.got(), school.of(of)["status"]) == ([], "error")
    assert school.stats(of) == {"sent": 2, "skipped": 4}
    assert set(school.reasons(of).values()) == {"cancelled"}


async def test_a_new_text_replaces_the_one_that_was_sent_and_a_withdrawn_one_goes(school: Broadcasting) -> None:
    of = school.broadcast("Старый")
    await school.delivery.tick()
    school.execute("update courses.broadcast_recipients set sent_at = now() - interval '49 hours' where user_id = 1")
    school.set(of, message=message("Новый"), revision=2, is_open=True)
    await school.delivery.tick()

    assert school.got("editMessageText") == [2, 3, 4, 5, 6]
    assert school.delivery.calls("editMessageText", FIRST_CHAT + 1)[0].params["text"].startswith("Новый\n\n<i>")
    assert not school.of(of)["is_open"]

    school.set(of, withdrawn_at="2026-01-01", is_open=True)
    await school.delivery.tick()
    await school.delivery.tick()

    assert school.got("deleteMessage") == [2, 3, 4, 5, 6]
    assert (school.stats(of), school.of(of)["is_open"]) == ({"sent": 6}, False)


async def test_an_album_goes_out_whole_gets_a_new_caption_and_is_deleted_whole(school: Broadcasting) -> None:
    of = school.broadcast("Фото", "AgAC1", "AgAC2", "BAAC3")
    await school.delivery.tick()

    assert school.got("sendMediaGroup") == [1, 2, 3, 4, 5, 6]
    [call] = school.delivery.calls("sendMediaGroup", FIRST_CHAT)
    first, *others = json.loads(call.params["media"]) if isinstance(call.params["media"], str) else call.params["media"]
    assert first["caption"].startswith("Фото\n\n<i>Рассылка школы «Школа», пишет Анна.")
    assert [(file["type"], file["media"]) for file in others] == [("photo", "AgAC2"), ("video", "BAAC3")]
    sent = [message["message_id"] for message in json.loads(call.raw or b"")["result"]]

    school.set(of, message=message("Новая подпись", "AgAC1", "AgAC2", "BAAC3"), revision=2, is_open=True)
    await school.delivery.tick()
    [edit] = school.delivery.calls("editMessageCaption", FIRST_CHAT)
    assert (edit.params["message_id"], edit.params["caption"].startswith("Новая подпись")) == (sent[0], True)

    school.set(of, withdrawn_at="2026-01-01", is_open=True)
    await school.delivery.tick()
    [gone] = school.delivery.calls("deleteMessages", FIRST_CHAT)
    assert gone.params["message_ids"] == sent
    assert school.stats(of) == {"sent": 6}


async def test_albums_follow_each_other_as_slowly_as_their_files_would(school: Broadcasting) -> None:
    school.delivery.set_bot(rate_per_second=4)  # of which broadcasts get two: an album of three files in 1.5 seconds
    school.broadcast("Фото", "AgAC1", "AgAC2", "AgAC3")

    await broadcasts.advance(school.delivery.database)

    query = """select extract(epoch from due_at - min(due_at) over ())::float8 as after
               from platform.outbox where method = 'sendMediaGroup' order by id"""
    after = [row["after"] for row in school.delivery.rows(query)]  # by a clock that goes on while rows are written
    assert len(after) == 6
    assert [late for place, late in enumerate(after) if late < place * 1.5] == []


async def test_the_author_sees_one_message_that_ends_with_the_result(school: Broadcasting) -> None:
    of = school.broadcast("Привет <всем>")
    await broadcasts.advance(school.delivery.database)

    await school.delivery.tick()

    first, *others = school.delivery.calls(None, AUTHOR_CHAT)
    assert first.method == "sendMessage"
    assert "📤 Рассылка идёт" in first.params["text"]
    assert "осталось 6" in first.params["text"]
    assert "Привет &lt;всем&gt;" in first.params["text"]
    assert {call.method for call in others} == {"editMessageText"}
    assert "✅ Рассылка завершена" in others[-1].params["text"]
    assert "Отправлено 6, не дошло 0, пропущено 0, осталось 0" in others[-1].params["text"]
    assert not school.of(of)["has_progress"]


async def test_one_without_recipients_is_over_at_once(school: Broadcasting) -> None:
    of = school.broadcast(role="curator")

    await school.delivery.tick()

    assert (school.of(of)["status"], school.stats(of), school.of(of)["is_open"]) == ("done", {}, False)


async def test_one_that_telegram_refuses_ends_with_an_error(school: Broadcasting) -> None:
    of = school.broadcast()
    for user in range(6):
        school.delivery.fault(
            status=400, description="Bad Request: wrong file identifier", times=1, chat_id=FIRST_CHAT + user
        )

    await school.delivery.tick()

    assert (school.of(of)["status"], school.stats(of)) == ("error", {"failed": 6})
    assert "не дошла ни до кого" in school.delivery.calls(None, AUTHOR_CHAT)[-1].params["text"]
    assert school.delivery.rows("select from platform.outbox where kind = 'platform/alert'") == []
