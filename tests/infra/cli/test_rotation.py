"""Every secret of an installation is replaced while it is at work, and nothing that arrives meanwhile is lost."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import re
import shlex
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from infra.admin import sources
from infra.sandbox.server import running
from infra.sandbox.telegram.models import Webhook
from shared.credentials import secrets
from shared.credentials.cache import MIN_REFRESH_SECONDS
from tests.conftest import rows
from tests.functions.ingest_webhook.whatsapp.world import add_desk, cloud, cloud_text, new_jid, signature
from tests.helpers import arrange, canaries
from tests.helpers.serving import ROOT
from tests.helpers.threads import serve_in_thread
from tests.infra.cli.conftest import Carillon

BOT, DESK = "meta-tg", "meta"
NEW_CRON_SECRET = "the-next-secret-of-the-scheduler"
NEW_SOURCE_SECRET = "a-new-secret-of-the-source"
FUNCTIONS = ("telegram_webhook", "ingest_webhook", "remind_deadlines")
NUMBER = int(canaries.BOT_TOKEN.partition(":")[0])
FILES = {"app_secret.txt": "a-new-secret-of-the-app", "school-token.txt": canaries.BOT_TOKEN}
TRIED_ELSEWHERE = "carillon db roles "  # tests/infra/cli/test_db_roles.py: logins belong to the whole cluster
ANSWERS_OF_A_STEP = 3  # of each kind of call, before the next step of the rotation

Sender = Callable[[int], Awaitable[httpx.Response]]


@dataclass
class Installation:
    """The functions as they are deployed now, and what their callers prove themselves with now."""

    stack: ExitStack
    printed: Path
    database_url: str
    http: httpx.AsyncClient
    hook: Webhook
    source_secret: str = canaries.SOURCE_SECRET
    cron_secret: str = canaries.CRON_SECRET
    urls: dict[str, str] = field(default_factory=dict)

    def deploy(self, secrets_key: str, cron_secret: str) -> None:
        """Replace all functions: what comes from now on goes to the new ones."""
        settings = {"DATABASE_URL": self.database_url, "SECRETS_KEY": secrets_key, "CRON_SECRET": cron_secret}
        for name in FUNCTIONS:
            self.urls[name] = self.stack.enter_context(serve_in_thread(name, self.printed, **settings)).url

    async def press_start(self, number: int) -> httpx.Response:
        """Telegram brings an update of somebody who presses Start."""
        chat = {"id": 700_100_000 + number, "type": "private"}
        update = {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "text": "/start"}}
        headers = {"x-telegram-bot-api-secret-token": self.hook.secret_token}
        return await self.http.post(f"{self.urls['telegram_webhook']}/{BOT}", json=update, headers=headers)

    async def answer_lesson(self, number: int) -> httpx.Response:
        """GetCourse brings an answer of a student."""
        answer = {"user_id": "512000001", "answer_id": str(number), "answer_training_id": "1", "answer_text": "Да"}
        url = f"{self.urls['ingest_webhook']}/getcourse/school"
        return await self.http.post(url, json=answer, headers={"x-webhook-secret": self.source_secret})

    async def write(self, number: int) -> httpx.Response:
        """Meta brings a customer's message, signed with the secret that is stored sealed."""
        body = json.dumps(cloud(cloud_text(new_jid(), f"wamid.{number}"))).encode()
        headers = {"content-type": "application/json", **signature(body)}
        return await self.http.post(f"{self.urls['ingest_webhook']}/whatsapp/{DESK}", content=body, headers=headers)

    async def tick(self, _: int) -> httpx.Response:
        """The scheduler calls."""
        return await self.http.post(self.urls["remind_deadlines"], headers={"x-cron-secret": self.cron_secret})


@dataclass
class Load:
    """What was answered, by the kind of call."""

    statuses: dict[str, list[int]] = field(default_factory=dict)
    answered: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def note(self, kind: str, status: int) -> None:
        """A call was answered."""
        async with self.answered:
            self.statuses[kind].append(status)
            self.answered.notify_all()

    async def goes_on(self) -> None:
        """Return when each kind of call was answered some more times."""
        wanted = {kind: len(answered) + ANSWERS_OF_A_STEP for kind, answered in self.statuses.items()}
        async with self.answered:
            await self.answered.wait_for(lambda: all(len(self.statuses[kind]) >= n for kind, n in wanted.items()))


@asynccontextmanager
async def under_load(senders: Sequence[Sender]) -> AsyncIterator[Load]:
    """Calls of all kinds, two of each at a time, until the context ends; what is under way then is answered."""
    load, is_over = Load({sender.__name__: [] for sender in senders}), asyncio.Event()

    async def call(sender: Sender, numbers: "itertools.count[int]") -> None:
        while not is_over.is_set():
            number = next(numbers)
            while (answer := await sender(number)).status_code == 503:  # too late, on a busy machine: it comes again
                pass
            await load.note(sender.__name__, answer.status_code)

    async with asyncio.TaskGroup() as calls:
        for sender in senders:
            numbers = itertools.count(1)
            for _ in range(2):
                calls.create_task(call(sender, numbers))
        await load.goes_on()
        yield load
        await load.goes_on()
        is_over.set()


def by_an_earlier_release(key: str) -> str:
    """The secret of the bot's webhook as it was derived from the key itself."""
    return hmac.new(base64.urlsafe_b64decode(key), f"telegram-webhook|{BOT}|1".encode(), hashlib.sha256).hexdigest()


def key_lines(carillon: Carillon, secrets_key: str) -> list[tuple[str, str]]:
    """What doctor says of the keys."""
    report = carillon("doctor", "--offline", "--json", SECRETS_KEY=secrets_key, CRON_SECRET=canaries.CRON_SECRET)
    return [(line["status"], line["message"]) for line in report.json["findings"] if line["area"] == "keys"]


@pytest.mark.slow
async def test_all_secrets_are_replaced_under_load_and_no_call_is_refused_or_lost(
    carillon: Carillon, connection: psycopg.Connection[DictRow], database_url: str, printed: Path
) -> None:
    old, new = arrange.SECRETS_KEY, secrets.new_key()
    both = f"{new},{old}"
    old_id, new_id = (secrets.key_ids(key)[0].hex() for key in (old, new))
    desk = add_desk(connection, DESK, "whatsapp_cloud")
    arrange.source(connection)
    [bot] = rows(connection, "select telegram_id from platform.bots where id = %s", desk.telegram_bot)

    async with running() as sandbox, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        telegram = sandbox.telegram.bot_of(bot["telegram_id"])

        async def run(secrets_key: str, *arguments: str) -> None:
            command = partial(carillon, *arguments, SECRETS_KEY=secrets_key, TELEGRAM_API_URL=sandbox.url)
            done = await asyncio.to_thread(command)
            assert done.code == 0, done.err
            assert telegram.webhook is not None
            installation.hook = telegram.webhook

        telegram.webhook = Webhook(f"https://f.example.com/telegram_webhook/{BOT}", by_an_earlier_release(old))
        with ExitStack() as stack:
            installation = Installation(stack, printed, database_url, http, telegram.webhook)
            installation.deploy(old, canaries.CRON_SECRET)
            senders = (installation.press_start, installation.answer_lesson, installation.write, installation.tick)
            async with under_load(senders) as load:
                await run(old, "bots", "set-webhook", BOT)
                await load.goes_on()

                installation.deploy(both, f"{NEW_CRON_SECRET},{canaries.CRON_SECRET}")
                await load.goes_on()
                installation.cron_secret = NEW_CRON_SECRET
                sources.rotate(connection, "getcourse", "school", NEW_SOURCE_SECRET, timedelta(days=1))
                await asyncio.sleep(MIN_REFRESH_SECONDS)  # nobody pastes it sooner than it is looked up
                installation.source_secret = NEW_SOURCE_SECRET
                await load.goes_on()
                before = key_lines(carillon, both)
                await run(both, "bots", "reseal")
                await load.goes_on()
                await run(both, "bots", "set-webhook", BOT, "--rotate")
                await load.goes_on()
                between = key_lines(carillon, both)

                installation.deploy(new, NEW_CRON_SECRET)
                await load.goes_on()
                after = key_lines(carillon, new)

    assert before == [
        ("warning", f"key {old_id}, which is not the newest, sealed 3 stored values"),
        ("warning", f"the webhooks of {BOT} hang on key {old_id}, which is not the newest"),
    ]
    assert between == [("warning", f"nothing that is stored hangs on key {old_id} any more")]
    assert after == [("ok", f"{new_id} is the one key; it sealed 3 stored values")]
    assert {kind: set(statuses) for kind, statuses in load.statuses.items()} == {kind: {200} for kind in load.statuses}
    [stored] = rows(
        connection,
        """select (select count(*) from platform.starts) as press_start,
                  (select count(*) from getcourse.webhook_events) as answer_lesson,
                  (select count(*) from support.messages where role = 'user') as write,
                  (select count(*) from platform.outbox where dedup_key like 'platform/welcome-back/%%') as welcomes""",
    )
    assert stored == {
        **{kind: len(statuses) for kind, statuses in load.statuses.items() if kind != "tick"},
        "welcomes": len(load.statuses["press_start"]),
    }


def chapter() -> list[list[str]]:
    """The commands of the manual's chapter, each in words."""
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [text] = re.findall(r"^## Changing keys and secrets\n(.*?)^## ", manual, re.DOTALL | re.MULTILINE)
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if not line.startswith(TRIED_ELSEWHERE)]


async def test_each_command_of_the_manual_does_what_it_says(
    carillon: Carillon, connection: psycopg.Connection[DictRow]
) -> None:
    arrange.bot(connection)
    arrange.source(connection)
    add_desk(connection, "romashka", "whatsapp_cloud")
    carillon("learning", "add-client", "app")
    settings = {"SECRETS_KEY": f"{secrets.new_key()},{arrange.SECRETS_KEY}", "CRON_SECRET": canaries.CRON_SECRET}
    before = rows(connection, "select token_sealed, signing_secret_sealed from platform.bots, platform.webhook_sources")

    async with running() as sandbox:
        sandbox.telegram.bot_of(NUMBER).webhook = Webhook("https://f.example.com/telegram_webhook/school", "former")
        settings["TELEGRAM_API_URL"] = sandbox.url
        for _, *words in chapter():
            arguments = words[: words.index("<")] if "<" in words else words
            stdin = FILES[words[-1]] if "<" in words else None
            done = await asyncio.to_thread(partial(carillon, *arguments, stdin=stdin, **settings))
            assert done.code == 0 or arguments == ["doctor"], f"{arguments} {done.err}"
            assert done.out.strip()
        hook = sandbox.telegram.bot_of(NUMBER).webhook

    [bot] = rows(connection, "select webhook_version, webhook_key_id from platform.bots where name = 'school'")
    assert bot == {"webhook_version": 3, "webhook_key_id": secrets.key_ids(settings["SECRETS_KEY"])[0]}
    expected = secrets.telegram_webhook_secrets(settings["SECRETS_KEY"], "school", 3, timedelta(0))[0]
    assert hook is not None
    assert (hook.url, hook.secret_token) == ("https://f.example.com/telegram_webhook/school", expected)
    after = rows(connection, "select token_sealed, signing_secret_sealed from platform.bots, platform.webhook_sources")
    assert [row for row in after if row in before] == []
    slots = "select count(*) as n from platform.source_secrets k join platform.webhook_sources s on s.id = k.source_id"
    assert rows(connection, f"{slots} where s.name = 'school'") == [{"n": 2}]
    assert rows(connection, "select count(*) as n from learning.client_tokens") == [{"n": 2}]
