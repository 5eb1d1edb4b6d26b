"""carillon doctor's lines about each client of the support desk, against the stand-ins."""

import asyncio
from functools import partial

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from tests.helpers import canaries
from tests.helpers.worlds.support import CHAT, conversation, desk, insert
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.doctor.desks import findings, sandbox, wrong

__all__ = ["sandbox"]

Connection = psycopg.Connection[DictRow]

NUMBER = int(canaries.BOT_TOKEN.split(":")[0])


async def test_a_desk_that_is_complete_is_in_order(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    desk(connection)

    lines = await findings(carillon, sandbox)

    assert wrong(lines) == []
    assert [finding for _, finding, _ in lines] == [
        "echo has all its settings",
        f"echo: group {CHAT} is a forum, and bot echo-tg manages its topics",
        "echo writes as echo-wa: a ChatFlow account cannot be checked without sending",
        "there is no model: keywords and handovers only (LLM_API_URL is empty)",
    ]
    assert await findings(carillon, sandbox, "sources") == [
        ("ok", "whatsapp/echo has 1 secret(s) and speaks with bot echo-wa", "")
    ]


async def test_a_desk_near_its_budget_and_a_conversation_that_cannot_be_handed_over_are_named(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    of = desk(connection, daily_tokens=1_000_000, customer_daily_tokens=900_000)
    talking = conversation(connection, of, attempts=5, answer_due_at="2026-01-16")
    connection.execute(
        "insert into support.token_usage (conversation_id, client_id, day, tokens, calls)"
        " values (%s, %s, (now() at time zone 'UTC')::date, 800000, 100)",
        (talking, of.id),
    )

    settings = "wait for midnight, UTC, or: carillon support settings 'echo'"
    assert wrong(await findings(carillon, sandbox)) == [
        (
            "warning",
            "echo has used about 800000 of 1000000 tokens of the model today; beyond them people answer",
            f"{settings} --daily-tokens N",
        ),
        (
            "warning",
            "echo: customers who have used nearly all of their 900000 tokens of the model today: 1",
            f"{settings} --customer-daily-tokens N",
        ),
        (
            "problem",
            "echo: conversations that fail again and again, as does calling a person: 1",
            "look for conversation_failed in the logs of answer_conversations",
        ),
    ]


async def test_without_a_desk_there_is_nothing_to_say(carillon: Carillon, sandbox: SandboxServer) -> None:
    assert await findings(carillon, sandbox) == []


async def test_a_desk_that_is_paused_is_left_alone(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    desk(connection)
    connection.execute("update support.clients set status = 'paused'")

    assert await findings(carillon, sandbox) == []


async def test_a_client_without_anything_gets_a_step_for_each_setting(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    insert(connection, "support.clients", name="Ромашка")

    lines = wrong(await findings(carillon, sandbox))

    assert [what.removeprefix("Ромашка has no ") for _, what, _ in lines] == [
        "WhatsApp source",
        "WhatsApp account",
        "Telegram bot",
        "managers' group",
    ]
    assert {level for level, _, _ in lines} == {"problem"}
    assert "carillon support settings 'Ромашка' --chat" in lines[3][2]


@pytest.mark.parametrize(
    ("column", "nonsense", "finding"),
    [
        ("working_hours", '{"mon": [["9", "18"]]}', "mon: '9' is no time"),
        ("keywords", "{ок*}", "three letters"),
    ],
)
async def test_nonsense_that_was_written_by_hand_is_found(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection, column: str, nonsense: str, finding: str
) -> None:
    desk(connection)
    connection.execute(f"update support.client_settings set {column} = %s".encode(), (nonsense,))

    ((level, what, step),) = wrong(await findings(carillon, sandbox))

    assert (level, finding in what) == ("problem", True)
    assert "carillon support settings 'echo'" in step


async def test_offline_nobody_is_asked(carillon: Carillon, sandbox: SandboxServer, connection: Connection) -> None:
    desk(connection)
    report = await asyncio.to_thread(partial(carillon, "doctor", "--offline", "--json", TELEGRAM_API_URL=sandbox.url))

    assert [line["message"] for line in report.json["findings"] if line["area"] == "support"] == [
        "echo has all its settings",
        "there is no model: keywords and handovers only (LLM_API_URL is empty)",
    ]
    assert len(sandbox.telegram.journal) == 0


async def test_another_clients_trouble_is_reported_with_its_name(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    desk(connection)
    desk(connection, "second", CHAT - 1, "7000000002:" + "x" * 35)
    sandbox.telegram.configure(CHAT - 1, None, {"is_forum": True, "manages_topics": False})

    ((_, finding, _),) = wrong(await findings(carillon, sandbox))

    assert finding.startswith(f"second: group {CHAT - 1}")
    members = sandbox.telegram.journal.find(method="getChatMember")
    # Both groups are asked at the same time: which answer comes first is chance.
    asked = sorted((call.bot, call.params["user_id"]) for call in members)
    assert asked == [(NUMBER, NUMBER), (7000000002, 7000000002)]
