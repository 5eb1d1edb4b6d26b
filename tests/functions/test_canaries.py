"""No function prints or answers what people wrote, also where the database refuses a row and quotes it whole."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow
from starlette.applications import Starlette
from starlette.routing import Route

from shared import config, logs
from shared.credentials import secrets
from shared.http.function import Function
from tests.conventions import tree
from tests.functions.ingest_webhook.whatsapp.world import chatflow
from tests.helpers import arrange, canaries, learning
from tests.helpers.worlds import support

Plain = psycopg.Connection[DictRow]

# As a unique violation does, but for every row: Postgres' text, DETAIL and all, has everything that was to be written.
REFUSE = """
create function platform.refuse() returns trigger language plpgsql as $$
begin
    raise unique_violation using message = 'duplicate ' || new::text, detail = format('Key (row)=(%s) exists.', new);
end $$;
do $$
declare
    found regclass;
begin
    for found in
        select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname in ('platform', 'courses', 'getcourse', 'support', 'learning', 'dashboard')
    loop
        execute format('create trigger zz_refuse before insert or update on %s for each row '
                       'execute function platform.refuse()', found);
    end loop;
end $$
"""
SOURCE_SECRET = {"x-webhook-secret": canaries.SOURCE_SECRET}
PHONE = f"{canaries.CLIENT_PHONES}0001"
ANSWER = {
    "user_id": "512000001", "answer_id": "1", "answer_training_id": "911000001", "user_email": canaries.EMAIL,
    "user_last_name": canaries.STUDENT, "answer_text": canaries.ANSWER,
}  # fmt: skip
PERSON = {"id": 7, "first_name": canaries.CLIENT, "last_name": canaries.STUDENT, "username": "canary_of_a_person"}
HIDDEN = (*canaries.ALL, arrange.SECRETS_KEY, "canary_of_a_person")


def telegram_secret(bot: str) -> dict[str, str]:
    """What Telegram proves itself with."""
    [secret, *_] = secrets.telegram_webhook_secrets(arrange.SECRETS_KEY, bot, 1, None)
    return {"x-telegram-bot-api-secret-token": secret}


@pytest.fixture
async def clients(database_url: str) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """All functions as they are made for a deployment, before a database that refuses every row."""
    settings = config.load(
        {
            "DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET,
            "MEDIA_URL": "https://functions.example.com/serve_media",
        }
    )  # fmt: skip
    on_sigterm = signal.getsignal(signal.SIGTERM)
    async with AsyncExitStack() as stack:
        made = {}
        for name in tree.FUNCTIONS:
            function: Function = import_module(f"functions.{name}.main").create(settings)
            stack.push_async_callback(function.close)
            app = Starlette(routes=[Route("/{path:path}", function.handler, methods=["GET", "POST"])])
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://functions.test", timeout=120
            )
            made[name] = await stack.enter_async_context(client)
        yield made
    signal.signal(signal.SIGTERM, on_sigterm)  # the dispatcher listens to it


def world(connection: Plain) -> learning.Learner:
    """A school with an answer that waits, a desk with a customer, a learner."""
    arrange.bot(connection)
    source = arrange.source(connection)
    arrange.event(connection, source_id=source, **ANSWER)
    desk = support.desk(connection, token="7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr")
    talk = support.conversation(connection, desk, f"{PHONE}@s.whatsapp.net", canaries.CLIENT, answer_due_at="now")
    support.insert(connection, "support.messages", conversation_id=talk, client_id=desk.id, role="user",
                   content=canaries.CLIENT_WORDS)  # fmt: skip
    arrange.source(connection, "salon", provider="yclients")
    return learning.learner(connection)


def calls(learner: learning.Learner) -> list[tuple[str, str, dict[str, Any]]]:
    """A function, a path and what is sent there."""
    thread = f"/sessions/{learner.session}"
    update = {"update_id": 1, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "from": PERSON,
                                          "date": 1, "text": f"/start {canaries.CLIENT_WORDS}"}}  # fmt: skip
    device = {**learner.headers, "x-device-id": learner.device}
    return [
        ("ingest_webhook", "/getcourse/school", {"json": {**ANSWER, "answer_id": "2"}, "headers": SOURCE_SECRET}),
        ("ingest_webhook", "/getcourse/school", {"json": {"text": canaries.ANSWER}, "headers": SOURCE_SECRET}),
        ("ingest_webhook", "/whatsapp/echo", {"json": chatflow(f"{PHONE}@s.whatsapp.net"), "headers": SOURCE_SECRET}),
        ("ingest_webhook", "/whatsapp/echo", {"json": {"apikey": canaries.SIGNING_SECRET, "x": PHONE},
                                              "headers": SOURCE_SECRET}),
        ("ingest_webhook", "/yclients/salon", {"json": {"client": {"phone": PHONE}}, "headers": SOURCE_SECRET}),
        ("ingest_webhook", f"/getcourse/{canaries.SOURCE_SECRET}?secret={canaries.SOURCE_SECRET}", {"json": ANSWER}),
        ("telegram_webhook", "/school", {"json": update, "headers": telegram_secret("school")}),
        ("telegram_webhook", "/echo-tg", {"json": update, "headers": telegram_secret("echo-tg")}),
        ("telegram_webhook", "/school", {"json": update, "headers": {"x-telegram-bot-api-secret-token": "no"}}),
        ("learning_api", f"{thread}/messages/chat", {"json": {"content": canaries.LEARNER_WORDS}, "headers": device}),
        ("learning_api", f"{thread}/synopsis", {"json": {"items": [canaries.LEARNER_WORDS]}, "headers": device}),
        ("learning_api", "/sessions", {"json": {"trackSlug": canaries.LEARNER_WORDS, "deviceId": canaries.CLIENT},
                                       "headers": device}),
        ("agent_reply", "/agents/mentor_chat/v1/reply", {
            "json": {"user_message": canaries.LEARNER_WORDS, "reply": canaries.REPLY_WORDS,
                     "session_id": str(learner.session), "apply_side_effects": True},
            "headers": {**device, "idempotency-key": canaries.CLIENT_TOKEN}}),
        ("serve_media", f"/{canaries.BOT_TOKEN}", {}),
        *((name, "/?seconds=2", {"headers": {"x-cron-secret": canaries.CRON_SECRET}}) for name in tree.FUNCTIONS),
    ]  # fmt: skip


async def test_nothing_of_a_person_is_printed_or_answered(
    clients: dict[str, httpx.AsyncClient],
    connection: Plain,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    learner = world(connection)
    connection.execute(REFUSE.encode())
    statuses: dict[str, set[int]] = {name: set() for name in tree.FUNCTIONS}

    with caplog.at_level(logging.WARNING):
        for name, path, content in calls(learner):
            answer = await clients[name].post(path, **content)
            statuses[name].add(answer.status_code)
            assert [canary for canary in HIDDEN if canary in answer.text + str(answer.headers)] == [], (name, path)
        await asyncio.sleep(0)
        gc.collect()  # what nobody retrieved is logged now

    formatter = logs.JsonFormatter()
    printed = "".join([*capsys.readouterr(), *(formatter.format(record) for record in caplog.records)])
    assert [canary for canary in HIDDEN if canary in printed] == []
    assert "crashed" in printed
    for name in ("ingest_webhook", "telegram_webhook", "learning_api", "agent_reply", "housekeeping"):
        assert 500 in statuses[name] or 503 in statuses[name], name
