"""What is besieged: seven functions as they are deployed, on one Postgres, with the rows that honest traffic needs."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import psycopg
from psycopg.rows import dict_row

from shared import config
from shared.channels import media_links
from shared.channels.media_links import Reference
from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from tests.benchmarks import press, servers
from tests.benchmarks.measuring import Plan
from tests.benchmarks.press import Card
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries, learning
from tests.helpers.learning import Learner, Plain
from tests.helpers.worlds import support

LEARNERS = 20
DAILY_TOKENS = 5_000_000  # as the README gives them to a public app
MODEL_SECONDS = 0.3  # how long the model thinks
HONEST_FILE, HOSTILE_FILE = 100_000, 4_000_000  # bytes
TRAINING = "911254806"
PROMPTS = {
    "classifier": "Ты классификатор обращений.",
    "system_prompt": "Ты отвечаешь клиентам салона.\nЦены: стрижка стоит 6000 тенге",
}
RIVAL_TOKEN = "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
RIVAL_CHAT = -1001900000888


@dataclass(frozen=True)
class World:
    """The functions by name, and what honest callers have."""

    url: str  # of the database
    functions: Mapping[str, Running]
    cards: Sequence[Card]  # one for each press
    learners: Sequence[Learner]
    press_secret: str
    link: str  # the path of a file
    attackers: Mapping[
        str, Any
    ]  # what those who attack know: addresses, a public token, a link and a desk of their own


@contextmanager
def served(plan: Plan, presses: int) -> Iterator[World]:
    """All of it, until the context ends; there are cards for so many `presses`."""
    with servers.database() as url, ExitStack() as stack:
        asyncio.run(press.arrange_cards(url, presses))
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            learners, bots = _arrange(connection)
        functions = _start(stack, url, plan)
        dispatch = HTTPConnection("127.0.0.1", functions["dispatch_notifications"].port, timeout=60)
        cards = press.hang(url, dispatch, presses)
        dispatch.close()
        attackers = {
            "urls": {name: running.url for name, running in functions.items()},
            "secret": canaries.SOURCE_SECRET,
            "token": learners[0].token,
            "track": _slug(url, learners[0]),
            "link": _link(bots["rival-tg"], HOSTILE_FILE),
        }
        press_secret = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, "echo-tg", 1, None)[0]
        link = _link(bots["echo-tg"], HONEST_FILE)
        yield World(url, functions, cards, learners, press_secret, link, attackers)


def _arrange(connection: Plain) -> tuple[list[Learner], dict[str, int]]:
    """A school, a second desk, a source that Meta signs for, and learners of a public app who came before today."""
    student = arrange.student(connection, getcourse_id="512478330", first_name="Вера", last_name="Звонкая")
    mentor = arrange.mentor(connection, getcourse_id="498000001", telegram_id=700_000_001)
    arrange.mapping(connection, student, mentor, TRAINING)
    support.desk(connection, "rival", RIVAL_CHAT, RIVAL_TOKEN)
    sealed = secrets.seal(arrange.SECRETS_KEY, canaries.SIGNING_SECRET, signing_secret_associated_data("meta"))
    arrange.source(connection, "meta", provider="whatsapp", gateway="whatsapp_cloud", signing_secret_sealed=sealed)
    for name, text in PROMPTS.items():
        support.insert(connection, "support.prompts", name=name, text=text, client_id=None, is_active=True)
    client = learning.client(connection, is_public=True, daily_tokens=DAILY_TOKENS)
    learners = [learning.learner(connection, client) for _ in range(LEARNERS)]
    connection.execute("update learning.users set created_at = now() - interval '2 days'")
    learning.template(connection, "Ты наставник курса «{{track_title}}». Цель курса: {{track_goal}}.")
    rows = connection.execute("select name, id from platform.bots").fetchall()
    connection.execute("vacuum analyze")
    return learners, {row["name"]: row["id"] for row in rows}


def _start(stack: ExitStack, url: str, plan: Plan) -> dict[str, Running]:
    """Stand-ins, and the functions beside them."""
    sandbox = stack.enter_context(
        servers.serving(servers.start_module(["infra.sandbox"], plan.printed / "sandbox.log"))
    )
    module = servers.start_module(["tests.benchmarks.file_owner"], plan.printed / "file_owner.log")
    owner = stack.enter_context(servers.serving(module))
    _think(sandbox)
    common = {
        "DATABASE_URL": url, "CRON_SECRET": canaries.CRON_SECRET, "SECRETS_KEY": arrange.SECRETS_KEY,
        "TELEGRAM_API_URL": sandbox.url, "CHATFLOW_API_URL": f"{sandbox.url}/chatflow",
        "LLM_API_URL": f"{sandbox.url}/model/v1", "LLM_API_KEY": "sandbox", "LLM_MODEL": "sandbox", **servers.ASGI,
    }  # fmt: skip
    functions: dict[str, Running] = {}

    def start(name: str, **settings: str) -> str:
        running = servers.start(servers.function(name), name, plan.printed, **{**common, **settings})
        functions[name] = stack.enter_context(servers.serving(running))
        return f"http:{running.url}"

    poke = start("dispatch_notifications")
    answers = start("answer_conversations", POKE=poke)
    start("ingest_webhook", POKE=poke, POKE_ANSWERS=answers)
    start("telegram_webhook", POKE=poke)
    start("learning_api")
    start("agent_reply")
    start("serve_media", TELEGRAM_API_URL=owner.url)
    return functions


def _think(sandbox: Running) -> None:
    connection = HTTPConnection("127.0.0.1", sandbox.port, timeout=30)
    connection.request("POST", "/_sandbox/model/latency", json.dumps({"seconds": MODEL_SECONDS}))
    connection.getresponse().read()
    connection.close()


def _slug(url: str, learner: Learner) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select slug from learning.tracks where id = %s", (learner.track,)).fetchone()
        assert row
        return str(row[0])


def _link(bot: int, size: int) -> str:
    environ = {"DATABASE_URL": "postgresql://nobody@127.0.0.1/none", "MEDIA_URL": "http://127.0.0.1"}
    settings = config.load({**environ, "SECRETS_KEY": arrange.SECRETS_KEY})
    made = media_links.link(settings, Reference(bot, "telegram", str(size)), "a.pdf", datetime.now(UTC))
    return (made or "").removeprefix(environ["MEDIA_URL"])
