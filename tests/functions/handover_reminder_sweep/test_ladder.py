"""Reminded once, reminded again with the owner, closed: one action a look, the latest that is due."""

import pytest

from functions.handover_reminder_sweep import texts
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import CARD, Waiting
from tests.helpers.worlds import support as desks

NOTHING = {"done": 0, "remaining": 0, "reminders": 0, "closed": 0, "unmuted": 0}


async def test_a_request_is_reminded_of_twice_and_closed_as_time_goes_by(waiting: Waiting, tick: Tick) -> None:
    waiting.settings(owner_telegram_id="vera_owner")
    request = waiting.request(minutes=30)

    assert await tick() == {**NOTHING, "done": 1, "reminders": 1}
    assert await tick() == NOTHING
    assert waiting.row(request)["looks_in"] == pytest.approx(30, abs=0.2)
    waiting.older(30)
    assert await tick() == {**NOTHING, "done": 1, "reminders": 1}
    assert await tick() == NOTHING
    assert waiting.row(request)["looks_in"] == pytest.approx(60, abs=0.2)
    waiting.older(60)
    assert await tick() == {**NOTHING, "done": 1, "closed": 1}
    assert await tick() == NOTHING

    assert waiting.events(request) == ["reminder_1", "reminder_2", "timeout"]
    assert waiting.texts() == [
        f"⏰ Заявка № {request.number} ждёт 30 мин. Возьмите: нажмите «Беру» на карточке или ответьте здесь.",
        f"🔥 Заявка № {request.number} ждёт уже 60 мин. @vera_owner, клиент без ответа.",
    ]
    closed = waiting.row(request)
    assert (closed["status"], closed["remind_at"], closed["resolved_at"] is not None) == ("timeout", None, True)
    assert closed["reminder_1_sent_at"] is not None
    assert closed["reminder_2_sent_at"] is not None


async def test_a_reminder_answers_the_card_and_says_what_must_still_be_true(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=31)

    await tick()

    [row] = waiting.outgoing("support/reminder")
    assert row["dedup_key"] == f"support/handover/{request.id}/reminder-1"
    assert row["guard"] == {"handover_id": str(request.id)}
    assert row["payload"]["reply_parameters"] == {"message_id": CARD, "allow_sending_without_reply": True}
    assert row["payload"]["parse_mode"] == "HTML"
    assert row["topic"] is not None
    assert (row["chat_id"], row["bot_id"]) == (waiting.desk.chat, waiting.desk.telegram_bot)


async def test_a_reminder_whose_card_has_not_arrived_answers_nothing(waiting: Waiting, tick: Tick) -> None:
    waiting.request(minutes=31, telegram_message_id=None)

    await tick()

    [row] = waiting.outgoing("support/reminder")
    assert "reply_parameters" not in row["payload"]


async def test_after_five_hours_without_a_sweep_a_request_is_closed_and_nobody_is_reminded(
    waiting: Waiting, tick: Tick
) -> None:
    request = waiting.request(minutes=300)

    assert await tick() == {**NOTHING, "done": 1, "closed": 1}

    assert waiting.events(request) == ["timeout"]
    assert waiting.texts() == []


async def test_after_seventy_minutes_without_a_sweep_only_the_second_reminder_is_sent_and_says_seventy(
    waiting: Waiting, tick: Tick
) -> None:
    request = waiting.request(minutes=70)

    await tick()

    assert waiting.texts() == [f"🔥 Заявка № {request.number} ждёт уже 70 мин. Клиент без ответа."]
    assert waiting.row(request)["looks_in"] == pytest.approx(50, abs=0.2)


async def test_closing_tells_the_client_once_and_takes_the_buttons_off_the_card(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=121, bot_status="muted")

    await tick()
    await tick()

    apology = (
        "Извините, менеджеры сейчас заняты и не смогли ответить. Если вопрос ещё актуален, напишите: "
        "«позовите менеджера», и я передам его ещё раз."
    )
    [row] = waiting.outgoing("support/bot-reply")
    assert (row["recipient"], row["bot_id"], row["payload"]) == (
        request.jid, waiting.desk.whatsapp_bot, {"text": apology},
    )  # fmt: skip
    [said] = waiting.connection.execute("select role, content, outbox_id from support.messages").fetchall()
    assert said == {"role": "assistant", "content": apology, "outbox_id": row["id"]}
    [edit] = waiting.outgoing("support/card-edit")
    assert (edit["method"], edit["payload"]["message_id"]) == ("editMessageText", CARD)
    assert edit["payload"]["reply_markup"] == {"inline_keyboard": []}
    assert "никто не взял за 120 мин" in edit["payload"]["text"]
    [conversation] = waiting.connection.execute(
        "select bot_status, bot_muted_until from support.conversations"
    ).fetchall()
    assert conversation == {"bot_status": "active", "bot_muted_until": None}


@pytest.mark.parametrize("owner", ["vera_owner", "@vera_owner"])
def test_the_owner_is_tagged_with_one_at_sign(owner: str) -> None:
    assert texts.second(7, 60, owner, "ru") == "🔥 Заявка № 7 ждёт уже 60 мин. @vera_owner, клиент без ответа."


def test_without_an_owner_nobody_is_tagged() -> None:
    assert texts.second(7, 60, None, "ru") == "🔥 Заявка № 7 ждёт уже 60 мин. Клиент без ответа."
    assert "@" not in texts.first(7, 30, "ru")


async def test_each_desk_has_its_own_minutes(waiting: Waiting, tick: Tick) -> None:
    hasty = desks.desk(
        waiting.connection, "hasty", -1001900000888, "700000888:canary-another-token-aaaaaaaaaaaaaaa",
        reminder_timeout_1=5, reminder_timeout_2=10, auto_close_timeout=60,
    )  # fmt: skip
    other = Waiting(waiting.connection, hasty)
    slow, quick = waiting.request(minutes=12), other.request(minutes=12)

    assert await tick() == {**NOTHING, "done": 1, "reminders": 1}

    assert waiting.events(slow) == []
    assert waiting.row(slow)["looks_in"] == pytest.approx(18, abs=0.2)
    assert waiting.events(quick) == ["reminder_2"]
    assert [row["chat_id"] for row in waiting.outgoing("support/reminder")] == [hasty.chat]


async def test_a_reminder_that_was_not_delivered_is_not_made_up_for(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=30)
    await tick()
    waiting.connection.execute("update support.handovers set reminder_1_sent_at = null")  # as the sender writes back

    assert await tick() == NOTHING
    waiting.older(30)
    await tick()

    assert waiting.events(request) == ["reminder_1", "reminder_2"]


async def test_a_request_whose_client_a_person_talks_to_is_left_alone_for_good(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=300)
    waiting.connection.execute(
        "insert into support.messages (conversation_id, client_id, role, content) values (%s, %s, 'manager', 'да')",
        (request.conversation, waiting.desk.id),
    )

    assert await tick() == NOTHING

    row = waiting.row(request)
    assert (row["status"], row["remind_at"], waiting.events(request)) == ("pending", None, [])


@pytest.mark.parametrize("metadata", ['{"kind": "text", "late": true}', '{"kind": "reaction"}'])
async def test_an_old_message_of_a_sync_and_a_reaction_are_no_reply(
    waiting: Waiting, tick: Tick, metadata: str
) -> None:
    request = waiting.request(minutes=31)
    waiting.connection.execute(
        "insert into support.messages (conversation_id, client_id, role, content, metadata)"
        " values (%s, %s, 'manager', 'да', %s)",
        (request.conversation, waiting.desk.id, metadata),
    )

    assert (await tick())["reminders"] == 1


@pytest.mark.parametrize("status", ["active", "resolved", "bot_handling", "timeout"])
async def test_what_somebody_took_or_ended_is_never_touched(waiting: Waiting, tick: Tick, status: str) -> None:
    request = waiting.request(minutes=300)
    for state in ("active", "resolved") if status == "resolved" else (status,):
        waiting.connection.execute(
            "update support.handovers set remind_at = null, status = %(status)s, assigned_to_name = 'Вера',"
            " resolved_at = case when %(status)s <> 'active' then now() end",
            {"status": state},
        )

    assert await tick() == NOTHING

    assert (waiting.row(request)["status"], waiting.events(request)) == (status, [])
    assert waiting.connection.execute("select from platform.outbox").rowcount == 0
