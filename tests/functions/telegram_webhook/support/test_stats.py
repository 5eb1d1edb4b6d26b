"""/stats: the numbers of the group's clients, where they were asked for."""

from decimal import Decimal
from typing import Any

import pytest

from functions.telegram_webhook.support import stats
from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import IVAN, Managers
from tests.helpers import arrange
from tests.helpers.worlds import support
from tests.helpers.worlds.support import Desk

TOKEN = "7001{:06}:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


@pytest.fixture
def group(managers: Managers) -> tuple[str, Desk]:
    """A desk that nobody else counts in; its name."""
    number = next(managers.numbers)
    name = f"desk{number}"
    return name, support.desk(managers.connection, name, -1_001_910_000_000 - number, TOKEN.format(number))


def ask(managers: Managers, name: str, of: Desk, text: str = "/stats", **place: Any) -> list[dict[str, Any]]:
    """Ask for the numbers; what is then said in the group."""
    chat = {"id": of.chat, "type": "supergroup", "is_forum": True}
    number = 1_000_000 + next(managers.numbers)
    message = {"message_id": number, "date": 1, "chat": chat, "from": IVAN, "text": text, **place}
    answer = managers.post({"update_id": number, "message": message}, f"{name}-tg")
    assert (answer.status_code, answer.text) == (200, "{}")
    return rows(managers.connection, "select * from platform.outbox where chat_id = %s order by id", of.chat)


def happened(managers: Managers, of: Desk, days_ago: int, answered_after: float | None, **columns: Any) -> None:
    """A handover of a day, at ten in the morning of Almaty, answered so many minutes later or closed by the clock."""
    number = next(managers.numbers)
    conversation = support.conversation(managers.connection, of, f"7702{number:07}@s.whatsapp.net")
    handover = support.insert(
        managers.connection, "support.handovers", conversation_id=conversation, client_id=of.id,
        trigger_type="keyword", resolved_at="now", status="resolved" if answered_after is not None else "timeout",
        **columns,
    )  # fmt: skip
    managers.connection.execute(
        """
        update support.handovers
        set created_at = ((now() at time zone 'Asia/Almaty')::date - %s + time '10:00') at time zone 'Asia/Almaty'
        where id = %s
        """,
        (days_ago, handover),
    )
    managers.connection.execute(
        "update support.handovers set first_response_at = created_at + make_interval(secs => 60 * %s) where id = %s",
        (answered_after, handover),
    )


def test_the_numbers_of_today_yesterday_and_seven_days(managers: Managers, group: tuple[str, Desk]) -> None:
    name, of = group
    for days_ago, minutes in ((0, 2), (0, 4), (1, 10), (6, 30)):
        happened(managers, of, days_ago, minutes, assigned_to_name="Иван <b>" if minutes < 5 else "Ольга")
    happened(managers, of, 0, None, reminder_1_sent_at="now", reminder_2_sent_at="now")
    happened(managers, of, 7, 500, assigned_to_name="Давно")

    [said] = ask(managers, name, of, message_thread_id=31, is_topic_message=True)

    assert said["payload"]["text"].splitlines() == [
        f"📊 {name}",
        "Сегодня: заявок 3, закрыто по таймауту 1 (33,3 %), первый ответ за 3 мин (9 из 10 за 3,8 мин), напоминаний 2",
        "Вчера: заявок 1, закрыто по таймауту 0 (0 %), первый ответ за 10 мин (9 из 10 за 10 мин), напоминаний 0",
        "7 дней: заявок 5, закрыто по таймауту 1 (20 %), первый ответ за 7 мин (9 из 10 за 24 мин), напоминаний 2",
        "Кто брал за 7 дней:",
        "Иван <b>: взято 2, отвечает обычно за 3 мин",
        "Ольга: взято 2, отвечает обычно за 20 мин",
    ]
    assert "parse_mode" not in said["payload"]
    assert (said["kind"], said["payload"]["message_thread_id"]) == ("support/stats", 31)


def test_one_days_figures_are_those_of_the_views(managers: Managers, group: tuple[str, Desk]) -> None:
    name, of = group
    for minutes in (1, 2.5, 7, 40):
        happened(managers, of, 1, minutes, assigned_to_name="Иван")
    happened(managers, of, 1, None, reminder_1_sent_at="now")

    [said] = ask(managers, name, of)

    [view] = rows(managers.connection, "select * from support.v_handover_numbers where client_id = %s", of.id)
    by_manager = "select * from support.v_manager_numbers where client_id = %s and manager = 'Иван'"
    [ivan] = rows(managers.connection, by_manager, of.id)
    yesterday = {
        "handovers": view["handovers"], "timeouts": view["timeouts"], "timeout_percent": view["timeout_percent"],
        "reminders": view["reminders"], "p50": view["first_response_p50_minutes"],
        "p90": view["first_response_p90_minutes"],
    }  # fmt: skip
    head = {"client_id": of.id, "name": name, "language": "ru"}
    empty = dict.fromkeys(yesterday, 0)
    periods = [{**head, "place": 0, **empty}, {**head, "place": 1, **yesterday}, {**head, "place": 2, **yesterday}]
    managers_row = {"client_id": of.id, "manager": "Иван", "handovers": ivan["handovers"],
                    "p50": ivan["first_response_p50_minutes"]}  # fmt: skip
    assert said["payload"]["text"] == stats.text(periods, [managers_row])
    assert view["timeout_percent"] == Decimal("20.0")


@pytest.mark.parametrize("zone", ["Asia/Almaty", "", "Mars/Olympus"])
def test_the_day_is_the_clients_own(managers: Managers, zone: str) -> None:
    """A minute after midnight in Almaty is today there, wherever the database is; also where nobody knows the zone."""
    number = next(managers.numbers)
    of = support.desk(managers.connection, f"zone{number}", -1_001_920_000_000 - number, TOKEN.format(number))
    happened(managers, of, 0, 3)
    with arrange.unchecked(managers.connection):
        managers.connection.execute(
            "update support.client_settings set timezone = %s where client_id = %s", (zone, of.id)
        )
    managers.connection.execute(
        """
        update support.handovers
        set created_at = ((now() at time zone 'Asia/Almaty')::date + time '00:01') at time zone 'Asia/Almaty'
        where client_id = %s
        """,
        (of.id,),
    )

    [said] = ask(managers, f"zone{number}", of)

    assert "Сегодня: заявок 1" in said["payload"]["text"]
    assert "Вчера: заявок не было" in said["payload"]["text"]


def test_without_any_request_it_says_so(managers: Managers, group: tuple[str, Desk]) -> None:
    name, of = group
    happened(managers, of, 8, 5)

    [said] = ask(managers, name, of, f"/stats@{name}_bot")

    assert said["payload"] == {"text": f"📊 {name}\nЗаявок за 7 дней не было."}


def test_two_clients_of_one_group_are_told_apart(managers: Managers, group: tuple[str, Desk]) -> None:
    name, of = group
    second = support.insert(managers.connection, "support.clients", name=f"{name}-two")
    managers.connection.execute(
        "insert into support.client_settings (client_id, telegram_bot_id, telegram_chat_id) values (%s, %s, %s)",
        (second, of.telegram_bot, str(of.chat)),
    )
    happened(managers, of, 0, 5, assigned_to_name="Иван")

    [said] = ask(managers, name, of)

    first, other = said["payload"]["text"].split("\n\n")
    assert first.startswith(f"📊 {name}\nСегодня: заявок 1")
    assert other == f"📊 {name}-two\nЗаявок за 7 дней не было."


def test_a_repeated_question_is_answered_once_and_strange_groups_never(
    managers: Managers, group: tuple[str, Desk]
) -> None:
    name, of = group
    chat = {"id": of.chat, "type": "supergroup"}
    update = {"update_id": 5_000_000 + next(managers.numbers)}
    update |= {"message": {"message_id": 1, "date": 1, "chat": chat, "from": IVAN, "text": "/stats"}}  # type: ignore[dict-item]
    managers.post(update, f"{name}-tg")
    managers.post(update, f"{name}-tg")
    managers.post({**update, "update_id": 6_000_000_000}, "echo-tg")  # in the group, but not its client's bot

    assert len(rows(managers.connection, "select id from platform.outbox where chat_id = %s", of.chat)) == 1


def test_seven_days_are_today_and_six_before(managers: Managers, group: tuple[str, Desk]) -> None:
    name, of = group
    for days_ago in range(10):
        happened(managers, of, days_ago, 5)

    [said] = ask(managers, name, of)

    assert "7 дней: заявок 7," in said["payload"]["text"]
