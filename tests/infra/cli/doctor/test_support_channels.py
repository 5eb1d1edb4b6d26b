"""carillon doctor's lines about the groups, gateways and model of the support desk's clients, against the stand-ins."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from infra.sandbox.server import SandboxServer
from infra.sandbox.whatsapp.models import Webhook
from tests.helpers import arrange
from tests.helpers.worlds.support import CHAT, desk
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.doctor.desks import findings, sandbox, wrong

Connection = psycopg.Connection[DictRow]

__all__ = ["sandbox"]


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

    assert level == "problem"
    assert step.startswith(f"check the network and {channel.upper()}_API_URL")
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
