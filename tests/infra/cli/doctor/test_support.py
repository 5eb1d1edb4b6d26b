"""carillon doctor's lines about each client of the support desk, against the stand-ins."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer, running
from infra.sandbox.whatsapp.models import Webhook
from tests.helpers import arrange, canaries
from tests.helpers.worlds.support import CHAT, conversation, desk, insert
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]
Line = tuple[str, str, str]

NUMBER = int(canaries.BOT_TOKEN.split(":")[0])


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxServer]:
    """The stand-ins, with the managers' forum."""
    async with running() as server:
        server.telegram.configure(CHAT, None, {"is_forum": True})
        yield server


async def findings(carillon: Carillon, sandbox: SandboxServer, check: str = "support", **settings: str) -> list[Line]:
    """Level, finding and next step of each line about the support desk."""
    addresses = {
        "TELEGRAM_API_URL": sandbox.url,
        "EVOLUTION_API_URL": f"{sandbox.url}/evolution",
        "WHATSAPP_CLOUD_API_URL": f"{sandbox.url}/whatsapp_cloud",
    }
    report = (await asyncio.to_thread(partial(carillon, "doctor", "--json", **{**addresses, **settings}))).json[
        "findings"
    ]
    lines = [line for line in report if line["area"] == check]
    assert all(line["next_step"] for line in lines if line["status"] != "ok")
    return [(line["status"], line["message"], line["next_step"]) for line in lines]


def wrong(lines: list[Line]) -> list[Line]:
    """What is not in order."""
    return [line for line in lines if line[0] != "ok"]


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


@pytest.mark.parametrize(
    ("chat", "finding", "step"),
    [
        ({"is_forum": False}, "has no topics", "turn on Topics"),
        ({"bot_status": "member"}, "bot echo-tg is no administrator", "make bot echo-tg an administrator"),
        ({"bot_status": "left"}, "bot echo-tg is no administrator", "make bot echo-tg an administrator"),
        ({"manages_topics": False}, "bot echo-tg may not manage topics", "right to manage topics"),
        ({"known": False}, "chat not found", "correct"),
    ],
)
async def test_a_group_where_no_topic_can_be_opened_is_a_problem(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection, chat: dict[str, Any], finding: str, step: str
) -> None:
    desk(connection)
    sandbox.telegram.configure(CHAT, None, chat)

    ((level, what, then),) = wrong(await findings(carillon, sandbox))

    assert (level, finding in what, step in then) == ("problem", True, True)


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


async def test_a_source_without_a_client_speaks_with_nobody(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    arrange.bot(connection, "desk", system="support")
    arrange.source(connection, "romashka", provider="whatsapp", gateway="chatflow")

    ((level, finding, step),) = await findings(carillon, sandbox, "sources")

    assert (level, finding) == ("problem", "whatsapp/romashka has no bot to speak with")
    assert "carillon support add-client NAME --source romashka" in step


@pytest.mark.parametrize(("channel", "address"), [("evolution", "echo"), ("whatsapp_cloud", "100000000000001")])
async def test_a_gateway_that_is_away_is_a_problem(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection, channel: str, address: str
) -> None:
    desk(connection)
    connection.execute("update platform.bots set channel = %s, address = %s where name = 'echo-wa'", (channel, address))
    connection.execute("update platform.webhook_sources set gateway = %s", (channel,))
    assert wrong(await findings(carillon, sandbox)) == []

    nowhere = dict.fromkeys(("EVOLUTION_API_URL", "WHATSAPP_CLOUD_API_URL"), "http://127.0.0.1:1")
    ((level, finding, step),) = wrong(await findings(carillon, sandbox, **nowhere))

    assert (level, step) == ("problem", f"check {channel.upper()}_API_URL")
    assert finding.startswith("echo: bot echo-wa: its gateway cannot be reached")


@pytest.mark.parametrize(
    ("events", "missing"),
    [
        (["MESSAGES_UPSERT", "CALL"], "MESSAGES_UPDATE, MESSAGES_EDITED, MESSAGES_DELETE"),
        (["MESSAGES_UPSERT", "MESSAGES_UPDATE", "MESSAGES_EDITED", "MESSAGES_DELETE", "CALL", "QRCODE_UPDATED"], None),
        ([], None),  # it does not say
    ],
)
async def test_a_webhook_of_evolution_that_lacks_events_is_named(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection, events: list[str], missing: str | None
) -> None:
    desk(connection)
    connection.execute("update platform.bots set channel = 'evolution', address = 'echo' where name = 'echo-wa'")
    connection.execute("update platform.webhook_sources set gateway = 'evolution'")
    sandbox.whatsapp.register(Webhook(gateway="evolution", account="echo", url="http://127.0.0.1:1", events=events))

    found = wrong(await findings(carillon, sandbox))

    finding = f"echo: the webhook of instance echo does not bring {missing}"
    step = "switch them on in the Evolution API's manager: Events → Webhook"
    assert found == ([("warning", finding, step)] if missing else [])


async def test_a_client_that_hears_and_answers_through_two_gateways_is_warned(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    desk(connection)
    connection.execute("update platform.webhook_sources set gateway = 'evolution'")

    ((level, finding, _),) = wrong(await findings(carillon, sandbox))

    assert (level, finding) == ("warning", "echo hears through evolution and answers through chatflow")


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


async def test_a_model_wants_prompts(carillon: Carillon, sandbox: SandboxServer, connection: Connection) -> None:
    desk(connection)
    model = {"LLM_API_URL": f"{sandbox.url}/model/v1", "LLM_API_KEY": "any", "LLM_MODEL": "sandbox"}
    assert [finding for _, finding, _ in wrong(await findings(carillon, sandbox, **model))] == [
        "echo: there is a model, but no active system_prompt",
        "echo: there is a model, but no active classifier",
    ]
    carillon("support", "prompt", "classifier", "--example")
    carillon("support", "prompt", "system_prompt", "--client", "echo", "--stdin", stdin="Отвечай коротко.")

    lines = await findings(carillon, sandbox, **model)
    assert wrong(lines) == []
    assert [message for _, message, _ in lines[-2:]] == [
        "there is a model, and every client has its prompts",
        "there is a model, and it answers",
    ]

    carillon("support", "prompt", "system_prompt", "--client", "echo", "--deactivate")
    assert len(wrong(await findings(carillon, sandbox, **model))) == 1


async def test_a_token_that_does_not_open_is_reported_and_the_rest_goes_on(
    carillon: Carillon, sandbox: SandboxServer, connection: Connection
) -> None:
    desk(connection)
    connection.execute(
        "update platform.bots set token_sealed = (select token_sealed from platform.bots where name = 'echo-wa')"
        " where name = 'echo-tg'"
    )

    lines = await findings(carillon, sandbox)

    ((level, finding, _),) = wrong(lines)
    assert (level, finding.startswith("echo: bot echo-tg: SECRETS_KEY")) == ("problem", True)
    assert any("writes as echo-wa" in what for _, what, _ in lines)


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
