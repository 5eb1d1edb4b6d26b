"""carillon people list: who is written to by a bot, and who never opened a chat with it."""

from typing import Any

import psycopg
import pytest

from tests.helpers import arrange
from tests.helpers.worlds import salon as salons
from tests.infra.cli.conftest import Carillon

Plain = psycopg.Connection[Any]
STARTED, REACHED, SILENT, LEFT = 7_300_000_001, 7_300_000_002, 7_300_000_003, 7_300_000_004


@pytest.fixture
def school(connection: Plain) -> int:
    """A school's bot with three mentors of whom one never opened the chat, and one who left."""
    bot = arrange.bot(connection, "school-tg")
    arrange.source(connection, "school", bot_id=bot)
    _, reached, _ = (
        arrange.mentor(connection, getcourse_id=str(number), telegram_id=person, first_name=name, last_name="Ким")
        for number, (person, name) in enumerate(((STARTED, "Анна"), (REACHED, "Борис"), (SILENT, "Вера")))
    )
    arrange.mentor(connection, getcourse_id="9", telegram_id=LEFT, first_name="Глеб", valid_to="2026-01-01")
    connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", (bot, STARTED))
    connection.execute(
        """
        insert into getcourse.notifications (mentor_id, type, message, status, message_hash, sent_at)
        values (%s, 'answerToLesson', '', 'sent', 'h', now())
        """,
        (reached,),
    )
    return bot


@pytest.mark.usefixtures("school")
def test_everybody_is_shown_with_the_time_since_which_they_can_be_written_to(carillon: Carillon) -> None:
    people = carillon("people", "list", "--json").json

    assert [(row["role"], row["name"], row["telegram_id"], row["bot"]) for row in people] == [
        ("mentor", "Анна Ким", STARTED, "school-tg"),
        ("mentor", "Борис Ким", REACHED, "school-tg"),
        ("mentor", "Вера Ким", SILENT, "school-tg"),
    ]
    assert [row["started"] is not None for row in people] == [True, True, False]


def test_those_without_a_start_are_named_here_and_by_doctor(school: int, carillon: Carillon, connection: Plain) -> None:
    owner, keeper = 7_300_000_010, 7_300_000_011
    salons.salon(connection, "Лотос").settings(chat_id=owner)
    connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (keeper, school))
    connection.execute("update platform.webhook_sources set admin_chat_id = -1001900000001")  # a group needs no Start

    people = carillon("people", "list", "--without-start", "--json").json

    assert [(row["role"], row["name"], row["telegram_id"]) for row in people] == [
        ("alerts", "school-tg", keeper),
        ("mentor", "Вера Ким", SILENT),
        ("salon", "Лотос", owner),
    ]
    assert (
        "3 of 5 never pressed Start, so the bot cannot write to them: school-tg, Вера Ким, Лотос"
        in carillon("doctor", "--offline").out
    )


def test_with_nobody_to_write_to_it_says_so(carillon: Carillon) -> None:
    assert "nobody is written to by id yet" in carillon("people", "list").out
    assert "everybody has pressed Start" in carillon("people", "list", "--without-start").out
