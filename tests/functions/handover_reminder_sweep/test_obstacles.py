"""A client that cannot be served keeps nobody else waiting, and is looked at again in ten minutes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from functions.handover_reminder_sweep import texts
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import Request, Waiting
from tests.helpers import arrange
from tests.helpers.worlds import support as desks
from tests.helpers.worlds.support import Desk, Plain

Break = Callable[[Plain, Desk], object]


def another(connection: Plain, number: int) -> Waiting:
    """One more desk, with a group and bots of its own."""
    token = f"70000090{number}:canary-another-token-aaaaaaaaaaaaaaa"
    return Waiting(connection, desks.desk(connection, f"desk-{number}", desks.CHAT - number, token))


def three(waiting: Waiting, minutes: float) -> list[tuple[Waiting, Request]]:
    """A desk between two good ones, each with a request; the middle one's is due for longest."""
    all_three = [waiting, another(waiting.connection, 1), another(waiting.connection, 2)]
    requests = [(world, world.request(minutes)) for world in all_three]
    waiting.connection.execute(
        "update support.handovers set remind_at = now() - interval '1 hour' where id = %s", (requests[1][1].id,)
    )
    return requests


def without_settings(connection: Plain, desk: Desk) -> None:
    connection.execute("delete from support.client_settings where client_id = %s", (desk.id,))


def settings(**values: Any) -> Break:
    def change(connection: Plain, desk: Desk) -> None:
        for name, value in values.items():
            statement = f"update support.client_settings set {name} = %s where client_id = %s"
            connection.execute(statement.encode(), (value, desk.id))

    return change


def logged(capsys: pytest.CaptureFixture[str], event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


@pytest.mark.parametrize(
    ("spoil", "event"),
    [
        (without_settings, "client_without_settings"),
        (settings(working_hours=Jsonb({"someday": "often"})), "working_hours_not_understood"),
        (settings(telegram_chat_id=None), "client_without_group"),
        (settings(telegram_bot_id=None), "client_without_group"),
    ],
    ids=["no settings", "nonsense for hours", "no group", "no bot"],
)
async def test_the_others_are_reminded_and_the_log_says_whom_it_concerns(
    waiting: Waiting, tick: Tick, capsys: pytest.CaptureFixture[str], spoil: Break, event: str
) -> None:
    (first, good), (middle, spoiled), (last, fine) = three(waiting, minutes=40)
    spoil(waiting.connection, middle.desk)

    report = await tick()

    assert (report["reminders"], report["remaining"]) == (2, 0)
    assert first.events(good) == last.events(fine) == ["reminder_1"]
    row = middle.row(spoiled)
    assert (middle.events(spoiled), row["status"]) == ([], "pending")
    assert row["looks_in"] == pytest.approx(10, abs=0.2)
    [line] = logged(capsys, event)
    assert (line["client_id"], line["handovers"]) == (str(middle.desk.id), 1)
    assert line["next_step"] == "carillon support settings"


async def test_what_was_mended_goes_on(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=40)
    waiting.settings(telegram_chat_id=None)
    assert (await tick())["done"] == 0

    waiting.settings(telegram_chat_id=str(waiting.desk.chat))
    waiting.older(10)
    assert (await tick())["reminders"] == 1

    assert waiting.texts()[0].startswith(f"⏰ Заявка № {request.number} ждёт 50 мин.")


async def test_without_a_group_a_request_is_closed_all_the_same(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=121)
    waiting.settings(telegram_chat_id=None)

    assert (await tick())["closed"] == 1

    assert waiting.row(request)["status"] == "timeout"
    [reply] = waiting.outgoing("support/bot-reply")
    assert (reply["recipient"], reply["payload"]["text"]) == (request.jid, texts.NOBODY_AVAILABLE_ONLY.ru)
    assert waiting.outgoing("support/card-edit") == []


async def test_the_apology_names_no_words_that_would_call_nobody(waiting: Waiting, tick: Tick) -> None:
    waiting.request(minutes=121)
    waiting.settings(keywords=["директор"])

    await tick()

    assert waiting.texts("support/bot-reply") == [texts.NOBODY_AVAILABLE_ONLY.ru]


async def test_without_whatsapp_a_request_is_closed_and_nothing_is_said_to_have_been_said(
    waiting: Waiting, tick: Tick, capsys: pytest.CaptureFixture[str]
) -> None:
    request = waiting.request(minutes=121)
    waiting.settings(whatsapp_bot_id=None)

    assert (await tick())["closed"] == 1

    assert waiting.row(request)["status"] == "timeout"
    assert waiting.outgoing("support/bot-reply") == []
    assert waiting.texts("support/card-edit")[0].endswith("Клиенту ничего не ушло: нет WhatsApp.")
    assert waiting.connection.execute("select from support.messages").rowcount == 0
    [line] = logged(capsys, "client_without_whatsapp")
    assert line["client_id"] == str(waiting.desk.id)


async def test_a_handover_that_nobody_can_settle_costs_its_neighbours_nothing(
    waiting: Waiting, tick: Tick, capsys: pytest.CaptureFixture[str]
) -> None:
    good, poison, fine = (waiting.request(minutes) for minutes in (40, 39, 121))
    waiting.connection.execute(f"""
        create function support.refuse() returns trigger language plpgsql as $$
        begin
            if new.handover_id = '{poison.id}' then raise exception 'not this one'; end if;
            return new;
        end $$;
        create trigger refuse before insert on support.handover_events for each row execute function support.refuse()
    """)

    report = await tick()

    assert (report["reminders"], report["closed"], report["remaining"]) == (1, 1, 0)
    assert (waiting.events(good), waiting.events(fine)) == (["reminder_1"], ["timeout"])
    row = waiting.row(poison)
    assert (row["status"], row["reminder_1_sent_at"]) == ("pending", None)
    assert row["looks_in"] == pytest.approx(10, abs=0.2)
    [line] = logged(capsys, "handover_failed")
    assert (line["handover_id"], line["client_id"]) == (str(poison.id), str(waiting.desk.id))
    assert "not this one" not in str(line)


async def test_a_request_that_a_newer_one_of_the_conversation_hides_does_not_come_back_all_the_time(
    waiting: Waiting, tick: Tick
) -> None:
    """Nothing of ours makes that; an import or a clock that was set back may."""
    request = waiting.request(minutes=40)
    waiting.connection.execute(
        "insert into support.handovers (conversation_id, client_id, trigger_type, status, resolved_at)"
        " values (%s, %s, 'keyword', 'timeout', now())",
        (request.conversation, waiting.desk.id),
    )

    assert await tick() == {"done": 0, "remaining": 0, "reminders": 0, "closed": 0, "unmuted": 0}

    assert waiting.row(request)["looks_in"] == pytest.approx(10, abs=0.2)


async def test_a_desk_whose_zone_nobody_knows_is_reminded_by_the_defaults_clock(waiting: Waiting, tick: Tick) -> None:
    request = waiting.request(minutes=40)
    with arrange.unchecked(waiting.connection):
        waiting.settings(timezone="Middle/Earth")

    assert (await tick())["reminders"] == 1
    assert waiting.events(request) == ["reminder_1"]


async def test_the_group_of_a_desk_with_an_unknown_time_zone_hears_so_once(waiting: Waiting, tick: Tick) -> None:
    with arrange.unchecked(waiting.connection):
        waiting.settings(timezone="Mars/Olympus <1>")
    waiting.request(31)
    waiting.request(31)
    await tick()
    waiting.request(31)
    await tick()

    [alert] = waiting.outgoing("platform/alert")
    assert (alert["bot_id"], alert["chat_id"]) == (waiting.desk.telegram_bot, desks.CHAT)
    assert "«Mars/Olympus &lt;1&gt;»" in alert["payload"]["text"]
    assert "Asia/Almaty" in alert["payload"]["text"]
    assert len(waiting.texts()) == 3
